import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCamera } from '../../edge/cameras/open-camera.ts';
import { openDetector } from '../../edge/detectors/open-detector.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import type { LobbyEvent } from '../../src/contract/events.ts';
import { type KindScore, scoreEvents } from '../../src/core/score/score-events.ts';
import { observe, replay } from '../../src/service/replay.ts';

/** A clip through the whole of it: decoded, detected, understood, and held against its truth. */
async function replayLobby(
  branchFile: string,
): Promise<{ events: LobbyEvent[]; scores: Map<string, KindScore> }> {
  const branch = parseBranch(readFileSync(branchFile, 'utf8'), branchFile);
  const camera = branch.cameras[0]!;
  const detector = await openDetector({ threads: 2 });
  const source = join(dirname(branchFile), camera.source);
  const stream = await createCamera({ id: camera.id, source, pace: 'every-frame', clock: systemClock }).open(
    { framesPerSecond: 5, input: detector.input, fit: detector.fit },
    new AbortController().signal,
  );
  const events: LobbyEvent[] = [];
  for await (const one of replay(branch, observe(camera.id, stream, detector))) events.push(...one.events);
  await detector.close();
  const truth = JSON.parse(readFileSync(join(dirname(branchFile), 'truth.json'), 'utf8'));
  const scores = scoreEvents(truth, events, branch.thresholds.wandering.afterSeconds);
  return { events, scores: new Map(scores.map((score) => [score.kind, score])) };
}

const sample = join(packageRoot, '..', 'shared', 'data', 'lobby-sample', 'branch.yaml');
/** One is enough, since each takes a minute of two cores: all are replayed from their recordings for the card. */
const lobbies = existsSync(sample)
  ? [{ name: 'the sample lobby', file: sample, customers: 6 }]
  : [{ name: 'the demo lobby', file: join(packageRoot, 'edge', 'demo', 'branch.yaml'), customers: 6 }];

for (const { name, file, customers } of lobbies) {
  describe(name, () => {
    let events: LobbyEvent[];
    let scores: Map<string, KindScore>;
    beforeAll(async () => {
      ({ events, scores } = await replayLobby(file));
    }, 180_000);

    it('every customer is seen to arrive within two seconds, once, and staff are not', () => {
      const arrived = scores.get('arrived')!;
      expect(arrived).toMatchObject({ expected: customers, found: customers, missed: [], false: [] });
      expect(Math.max(...arrived.delays)).toBeLessThanOrEqual(2);
      expect(events.filter(({ role }) => role === 'staff')).toEqual([]);
    });

    it('every customer who leaves is seen to, whoever turns about at the door among them', () => {
      expect(scores.get('departed')).toMatchObject({ missed: [], false: [] });
    });

    it('who queues, who looks around and who is met are found, and nobody else', () => {
      for (const kind of ['queued', 'wandering', 'contacted']) {
        expect(scores.get(kind), kind).toMatchObject({ missed: [], false: [] });
      }
    });

    it('no visit arrives, departs or is met twice', () => {
      for (const kind of ['arrived', 'departed', 'contacted']) {
        const visits = events.filter((event) => event.kind === kind).map(({ visit }) => visit);
        expect(new Set(visits).size, kind).toBe(visits.length);
      }
    });
  });
}
