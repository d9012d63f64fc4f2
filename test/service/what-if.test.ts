import { beforeAll, describe, expect, it } from 'vitest';
import type { Branch } from '../../src/contract/branch.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import type { WhatIf } from '../../src/contract/what-if.ts';
import { createWhatIf, pair, type ToldPrompt } from '../../src/service/what-if.ts';
import { busyBranch, busyDay } from '../bench/busy-day.ts';
import { journalOf } from '../quality/journal-of.ts';
import { isRecorded, knownLobbies } from '../quality/run-lobby.ts';

function ask(lines: readonly JournalLine[], today: Branch, draft: Branch): WhatIf {
  const whatIf = createWhatIf(today, draft);
  for (const line of lines) whatIf.take(line);
  return whatIf.result();
}

const withThresholds = (
  branch: Branch,
  change: (thresholds: Branch['thresholds']) => Branch['thresholds'],
): Branch => ({
  ...branch,
  thresholds: change(branch.thresholds),
});

describe('What would have happened', () => {
  const demo = journalOf('demo');

  it('is the same by the same settings: nothing differs, to the last figure', () => {
    const { now, draft, differences, differing } = ask(demo.lines, demo.branch, demo.branch);
    expect(draft).toEqual(now);
    expect(differences).toEqual([]);
    expect(differing).toEqual({ gone: 0, new: 0, moved: 0 });
    expect(now.prompts).toBeGreaterThan(3);
  });

  it('is the same whenever it is asked', () => {
    const draft = withThresholds(demo.branch, (all) => ({ ...all, wandering: { afterSeconds: 60 } }));
    expect(ask(demo.lines, demo.branch, draft)).toEqual(ask(demo.lines, demo.branch, draft));
  });

  it('loses the prompts for who looks around when it is waited for longer, and says what became of the customer', () => {
    const draft = withThresholds(demo.branch, (all) => ({ ...all, wandering: { afterSeconds: 60 } }));
    const asked = ask(demo.lines, demo.branch, draft);
    const gone = asked.differences.filter(({ how }) => how === 'gone');
    expect(gone.map(({ kind, place }) => [kind, place])).toEqual([['approach', 'hall']]);
    expect(gone[0]!.customer?.metAfterSeconds).toBeDefined();
    expect(gone[0]).toMatchObject({
      now: { what: 'prompt' },
      draft: { what: expect.stringMatching(/silence|nothing/) },
    });
    expect(asked.draft.prompts).toBe(asked.now.prompts - 1);
    expect(asked.draft.arrivals).toBe(asked.now.arrivals);
  });

  it('asks a queue sooner when it is to be asked sooner: the same prompt, earlier', () => {
    const draft = withThresholds(demo.branch, (all) => ({
      ...all,
      queue: { ...all.queue, waitSeconds: 12 },
    }));
    const asked = ask(demo.lines, demo.branch, draft);
    const queue = asked.differences.filter(({ kind }) => kind === 'ask-queue');
    expect(queue.length).toBeGreaterThan(0);
    for (const one of queue) {
      if (one.how === 'moved') expect(one.laterSeconds).toBeLessThan(0);
      else expect(['new', 'gone']).toContain(one.how);
    }
  });

  it('buzzes no wrist more than its allowance, however small the draft makes it, and says why it kept quiet', () => {
    const draft = withThresholds(demo.branch, (all) => ({
      ...all,
      prompts: { ...all.prompts, mostInTenMinutes: 2 },
    }));
    const asked = ask(demo.lines, demo.branch, draft);
    expect(asked.draft.buzzesInTen.most).toBeLessThanOrEqual(2);
    expect(asked.now.buzzesInTen.most).toBeGreaterThan(2);
    const kept = (figures: WhatIf['now']) =>
      Object.values(figures.silences).reduce<number>((sum, one) => sum + one, 0);
    expect(kept(asked.draft)).toBeGreaterThan(kept(asked.now));
    expect(asked.differences.some(({ how, draft }) => how === 'gone' && draft.what === 'silence')).toBe(true);
  });

  it('counts a prompt that is passed on where it is felt: whoever had it feels it once, and no wrist is over its limit', () => {
    const lines = busyDay({ day: Date.UTC(2026, 10, 24), seed: 3, hours: 1, arrivals: 90 });
    const isPassedOn = (line: JournalLine) => line.kind === 'prompt' && line.change === 'passed-on';
    expect(lines.filter(isPassedOn).length).toBeGreaterThan(3);
    const { now } = ask(lines, busyBranch, busyBranch);
    const limit = busyBranch.thresholds.prompts.mostInTenMinutes;
    expect(now.buzzesInTen.most).toBe(limit);
  });

  it('counts who was met as it happened, whatever the draft', () => {
    const draft = withThresholds(demo.branch, (all) => ({
      ...all,
      contact: { ...all.contact, forSeconds: 30 },
    }));
    const asked = ask(demo.lines, demo.branch, draft);
    const stays = demo.lines.filter(({ kind }) => kind === 'stay');
    expect(asked.met.arrivals).toBe(stays.length);
    expect(asked.met.within + asked.met.never).toBeLessThanOrEqual(stays.length);
    expect(asked.met).toEqual(ask(demo.lines, demo.branch, demo.branch).met);
  });

  it('is of nothing where nothing was kept', () => {
    expect(ask([], demo.branch, demo.branch)).toMatchObject({
      seenHours: 0,
      differences: [],
      now: { prompts: 0 },
    });
  });

  it('knows nothing of a day whose scenes were not kept but who came in', () => {
    const asked = ask(
      demo.lines.filter(({ kind }) => kind !== 'scene'),
      demo.branch,
      demo.branch,
    );
    expect(asked.now.arrivals).toBeGreaterThan(0);
  });
});

describe('A day that is played back by the settings of then', () => {
  let agreed = { said: 0, same: 0, extra: 0 };

  beforeAll(() => {
    for (const { name } of knownLobbies().filter(isRecorded)) {
      const { branch, lines } = journalOf(name);
      const { agreement } = ask(lines, branch, branch);
      agreed = {
        said: agreed.said + agreement.said,
        same: agreed.same + agreement.same,
        extra: agreed.extra + agreement.extra,
      };
    }
  }, 240_000);

  it('agrees with what was said in all lobbies of the card, from places kept to a quarter of a metre, once a second', () => {
    // Seen: 123 of 127 said again, 3 besides.
    expect(agreed.said).toBeGreaterThan(100);
    expect(agreed.same / agreed.said).toBeGreaterThanOrEqual(0.95);
    expect(agreed.extra / agreed.said).toBeLessThanOrEqual(0.05);
  });
});

describe('Two stories', () => {
  const told = (at: number, kind: ToldPrompt['kind'] = 'greet', place = 'door'): ToldPrompt => ({
    at,
    kind,
    place,
    visits: [],
  });

  it('are paired nearest in time first, each prompt once, of one kind and place', () => {
    const { both, first, second } = pair(
      [told(0), told(10), told(20, 'approach')],
      [told(9), told(11), told(20, 'approach', 'hall')],
      12,
    );
    expect(both.map(([a, b]) => [a.at, b.at])).toEqual([
      [0, 11],
      [10, 9],
    ]);
    expect(first.map(({ kind }) => kind)).toEqual(['approach']);
    expect(second.map(({ place }) => place)).toEqual(['hall']);
  });
});
