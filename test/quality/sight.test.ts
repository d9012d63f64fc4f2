import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDetector } from '../../edge/detectors/open-detector.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import type { LobbyEvent } from '../../src/contract/events.ts';
import type { Truth } from '../../src/core/score/score-events.ts';
import { scoreEvents } from '../../src/core/score/score-events.ts';
import { healAfterSeconds, tellAfterSeconds } from '../../src/core/sight/judge-sight.ts';
import type { BlindReason } from '../../src/core/sight/watch.ts';
import type { Observation } from '../../src/core/step.ts';
import type { Detector } from '../../src/ports/detector.ts';
import { observe, replay } from '../../src/service/replay.ts';
import { absent, ffmpeg, titled } from '../peers/tools.ts';
import { clips, isTriedAlways, judgeClip, openClip, seesInEach } from './judge-clip.ts';
import { knownLobbies, recordingOf, scenesFolder } from './run-lobby.ts';

const demo = join(packageRoot, 'edge', 'demo');
const glare = join(scenesFolder, 'evening-glare', 'clip.mp4');
const from = 14;
const until = 24;

/** What is done to a clip from second 14 to 24, as FFmpeg says it. */
const during = `enable='between(t,${from},${until})'`;
const laidOver = (filter: string) => `[0]split[a][b];[b]${filter}[c];[a][c]overlay=0:0:${during}`;
const faults: readonly (readonly [string, BlindReason, string])[] = [
  ['goes black', 'dark', `drawbox=w=iw:h=ih:color=black:t=fill:${during}`],
  ['is lit by next to nothing', 'dark', `colorlevels=romax=0.03:gomax=0.03:bomax=0.03:${during}`],
  [
    'has a bag hung before it',
    'covered',
    `drawbox=w=iw*0.85:h=ih:color=0x604838:t=fill:${during},boxblur=20:2:${during}`,
  ],
  ['is out of focus', 'defocused', `boxblur=8:2:${during}`],
  ['is pushed aside', 'moved', laidOver('crop=iw-24:ih-12:24:12,pad=iw+24:ih+12')],
  ['is turned', 'moved', `rotate=4*PI/180:${during}`],
  ['looks the other way', 'moved', laidOver('hflip')],
];
const frozen = `[0]split[a][b];[a]trim=0:30,tpad=stop_mode=clone:stop_duration=10[c];[b]trim=30:50,setpts=PTS-STARTPTS[d];[c][d]concat`;
const slowed = `select='if(between(t,${from},44),not(mod(n,9)),1)'`;

const folder = mkdtempSync(join(tmpdir(), 'lobby-sight-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Made once: some are looked at twice. */
function change(clip: string, name: string, filter: string, seconds = 40): string {
  const file = join(folder, `${name.replaceAll(' ', '-')}.mp4`);
  if (existsSync(file)) return file;
  const encoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '22', '-pix_fmt', 'yuv420p'];
  execFileSync(ffmpeg.command, [
    ...['-v', 'error', '-y', '-t', String(seconds), '-i', clip, '-filter_complex', filter],
    ...['-fps_mode', 'vfr', ...encoding, file],
  ]);
  return file;
}

const noFfmpeg = absent(ffmpeg);

describe.skipIf(noFfmpeg)(titled('A camera that', noFfmpeg), () => {
  it.each(faults)(
    '%s is told within its seconds, and healed within its',
    async (name, why, filter) => {
      const { told } = await judgeClip(change(join(demo, 'clip.mp4'), name, filter));
      expect(told).toMatchObject([{ why }]);
      expect(told[0]!.from - from).toBeLessThan(tellAfterSeconds[why] + 0.5);
      expect(told[0]!.until! - until).toBeLessThan(healAfterSeconds + 0.5);
    },
    60_000,
  );

  it('sends one picture again and again is told, if its pictures always differed before', async () => {
    const { told } = await judgeClip(change(glare, 'frozen', frozen, 50));
    expect(told).toMatchObject([{ why: 'frozen' }]);
    expect(told[0]!.from - 30).toBeLessThan(tellAfterSeconds.frozen + 2);
    expect(told[0]!.until! - 40).toBeLessThan(healAfterSeconds + 1);
  }, 60_000);

  it('gives half a frame a second is told, and healed when it gives enough', async () => {
    const { told } = await judgeClip(change(glare, 'slowed', slowed, 58));
    expect(told).toMatchObject([{ why: 'too-slow' }]);
    // Ten seconds until the rate of the last ten shows it, and ten more that are no stall.
    expect(told[0]!.from - from).toBeLessThan(22);
    expect(told[0]!.until! - 44).toBeLessThan(10);
  }, 60_000);
});

seesInEach(clips.filter(isTriedAlways));

/** The demo as it was recorded is what the detector finds before and after; what was done to it is looked at anew. */
function beside(detector: Detector, seen: readonly Observation[]): Detector {
  return {
    ...detector,
    async detect(frame) {
      if (frame.at >= from - 1 && frame.at < until + 1) return detector.detect(frame);
      const known = seen.find(({ at }) => Math.abs(at - frame.at) < 0.02);
      if (known?.kind !== 'people') throw new Error(`The demo was not recorded at ${frame.at} s`);
      return [...known.people];
    },
  };
}

describe.skipIf(noFfmpeg)(titled('A lobby whose camera sees nothing for ten seconds', noFfmpeg), () => {
  const recorded = recordingOf(knownLobbies().find(({ name }) => name === 'demo')!);
  let detector: Detector;
  beforeAll(async () => {
    detector = await openDetector({ threads: 2 });
  });
  afterAll(() => detector.close());

  it.each([faults[0]!, faults[2]!, faults[4]!])(
    'because it %s tells nothing that was not',
    async (name, _, filter) => {
      const branchFile = join(demo, 'branch.yaml');
      const branch = parseBranch(readFileSync(branchFile, 'utf8'), branchFile);
      const truth = JSON.parse(readFileSync(join(demo, 'truth.json'), 'utf8')) as Truth;
      const stream = await openClip(change(join(demo, 'clip.mp4'), name, filter));
      const events: LobbyEvent[] = [];
      for await (const one of replay(branch, observe('hall', stream, beside(detector, recorded))))
        events.push(...one.events);
      const early = events.filter(({ t }) => t < from).length;
      expect(early).toBeGreaterThan(2);
      expect(events.filter(({ t }) => t >= from && t < until)).toEqual([]);
      for (const score of scoreEvents(truth, events, branch.thresholds.wandering.afterSeconds)) {
        if (['arrived', 'departed', 'left-queue'].includes(score.kind))
          expect([score.kind, score.false]).toEqual([score.kind, []]);
      }
      // Whoever was there before and is found again is one visit, and nobody arrived meanwhile.
      const arrivals = events.filter(({ kind, t }) => kind === 'arrived' && t < from + 13);
      expect(new Set(arrivals.map(({ visit }) => visit)).size).toBe(arrivals.length);
    },
    180_000,
  );
});
