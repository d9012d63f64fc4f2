import { describe, expect, it } from 'vitest';
import { parseBranch } from '../../../src/contract/branch.ts';
import type { JournalLine, LineOf } from '../../../src/contract/journal.ts';
import { setupLine } from '../../../src/contract/journal.ts';
import { walkSchema } from '../../../src/contract/setup.ts';
import { createWalk, type Walked } from '../../../src/service/setup/walk.ts';
import { toMoment } from '../../../src/service/wire.ts';
import { ManualClock } from '../../manual-clock.ts';

const text = `branch: harbour
cameras:
  - id: hall
    source: rtsp://127.0.0.1/hall
    floor:
      - { pixel: [457.8, 184.5], metres: [-4, -3] }
      - { pixel: [76.3, 270], metres: [-4, 3] }
      - { pixel: [782.6, 302], metres: [2, -3] }
      - { pixel: [464.2, 502.2], metres: [2, 1.5] }
zones:
  - { id: main-door, kind: entrance, line: [[-4.1, 0.1], [-4.1, 2.3]], inside: [-2.8, 1.2] }
  - { id: cash, kind: queue, polygon: [[0.3, -2.9], [1.7, -2.9], [1.7, 1], [0.3, 1]] }
`;
const branch = parseBranch(text, 'branch.yaml');
const by = { kind: 'token', role: 'installer', token: 'k3f9aa' } as const;

function open(walked?: Walked) {
  const clock = new ManualClock(1_700_000_000);
  const lines: LineOf<'setup'>[] = [];
  const state = { branch, version: 7, kept: undefined as Walked | undefined };
  const walk = createWalk({
    clock,
    branch: () => state.branch,
    version: () => state.version,
    note: (line) => lines.push(setupLine.parse(line)),
    walked,
    keep: (accepted) => {
      state.kept = accepted;
    },
  });
  const cross = (happening: 'arrived' | 'departed') =>
    walk.hear({
      v: 1,
      at: toMoment(clock.now()),
      kind: 'verdict',
      happening,
      role: 'customer',
      zone: 'main-door',
      decision: 'prompt',
    } as JournalLine);
  const stand = (x: number, y: number, ago = 0.4) =>
    walk.look(
      { v: 1, at: toMoment(clock.now() - ago), people: [{ visit: 'abcd-1', x, y, standing: 'to-greet' }] },
      [],
    );
  return { walk, clock, lines, state, cross, stand };
}

describe('A walk test', () => {
  it('counts crossings each way, and says in which zones somebody was seen, how soon and for how long', async () => {
    const { walk, clock, cross, stand } = open();
    cross('arrived');
    walk.start(by);
    for (let i = 0; i < 3; i++) cross('arrived');
    cross('departed');
    walk.miss({ door: 'main-door', direction: 'out' });
    stand(-2, 0);
    for (let i = 0; i < 10; i++) {
      stand(1, 0);
      await clock.advance(0.2);
    }
    const view = walkSchema.parse(walk.view());
    expect(view).toMatchObject({
      phase: 'walking',
      version: 7,
      doors: [{ id: 'main-door', in: 3, out: 1, missedIn: 0, missedOut: 1 }],
      zones: [{ id: 'cash', seen: true, afterSeconds: 0.4, forSeconds: 1.8 }],
    });
    expect(view.crossings.filter(({ counted }) => !counted)).toHaveLength(1);
  });

  it('is accepted with a name, which the journal has, and holds until cameras or zones are others', () => {
    const { walk, lines, state, cross } = open();
    walk.start(by);
    cross('arrived');
    walk.miss({ door: 'main-door', direction: 'in' });
    walk.judge({ verdict: 'accepted', name: 'Li Wei' }, by);
    expect(lines.map(({ what }) => what)).toEqual(['walk-begun', 'walk-accepted']);
    expect(lines[1]).toMatchObject({
      signed: 'Li Wei',
      version: 7,
      crossings: 1,
      missed: 1,
      by: 'installer',
    });
    expect(walk.walked()).toMatchObject({ version: 7, crossings: 1 });
    expect(JSON.stringify(state.kept)).not.toContain('Li Wei');
    // Thresholds may change, and a restart may come.
    const after = open(state.kept);
    expect(after.walk.walked()).toMatchObject({ crossings: 1 });
    after.state.branch = parseBranch(text.replace('[1.7, 1]', '[1.7, 1.5]'), 'branch.yaml');
    expect(after.walk.walked()).toBeUndefined();
  });

  it('ends by itself after half an hour, with another version, and where it is stopped', async () => {
    const { walk, clock, lines, state } = open();
    walk.start(by);
    await clock.advance(1_801);
    expect(walk.view().phase).toBe('ended');
    walk.start(by);
    state.version = 8;
    expect(walk.view().phase).toBe('ended');
    walk.start(by);
    walk.stop();
    expect(lines.filter(({ what }) => what === 'walk-ended')).toHaveLength(3);
    expect(() => walk.judge({ verdict: 'problem', note: 'late' }, by)).toThrow(/no walk test/);
  });

  it('has problems noted without a name, and knows no other doors than there are', () => {
    const { walk, lines } = open();
    walk.start(by);
    walk.judge({ verdict: 'problem', note: 'the mirror counts twice' }, by);
    expect(lines.at(-1)).toMatchObject({ what: 'walk-problem', note: 'the mirror counts twice' });
    expect(walk.view().phase).toBe('walking');
    expect(() => walk.miss({ door: 'attic', direction: 'in' })).toThrow(/no entrance attic/);
  });
});
