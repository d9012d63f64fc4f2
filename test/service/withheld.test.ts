import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allLines, askJournal } from '../../edge/journals/ask-journal.ts';
import { openJournal } from '../../edge/journals/open-journal.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { type JournalLine, journalSettingsSchema } from '../../src/contract/journal.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { visitNames } from '../../src/service/journal-lines.ts';
import { createTellPrompts } from '../../src/service/tell-prompts.ts';
import { branchOfStories } from '../properties/branch-of-stories.ts';
import { daySettings, spendDay } from '../quality/wrist/day.ts';

/** Half an hour in which somebody comes in every half minute, with one wearer: kept by a real journal. */
describe('What is withheld in a rush', () => {
  let folder: string;
  let lines: readonly JournalLine[];
  const happened: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lobby-withheld-'));
    const settings = journalSettingsSchema.parse({ days: 366 });
    const journal = openJournal({ folder, settings, clock: systemClock });
    const quiet = new Proxy({} as Publisher, { get: () => () => undefined });
    const teller = createTellPrompts({ branch: () => branchOfStories, publisher: quiet, journal });
    teller.beginRun(visitNames(11));
    spendDay(
      { seed: 11, hours: 0.5, arrivalsAnHour: 120, windows: 3, staffing: 'manager' },
      ({ output, state }) => {
        teller.tell(output.verdicts, output.changes, state.prompts, state.at, output.laters);
        for (const { happening } of output.verdicts) happened.push(happening.kind);
      },
      // A wrist that bears little, so that much is withheld.
      { ...daySettings, prompts: { ...daySettings.prompts, budget: 4 } },
    );
    await journal.close();
    const asked = await askJournal(folder);
    lines = await allLines(asked).finally(asked.close);
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const of = <Kind extends JournalLine['kind']>(kind: Kind) =>
    lines.filter((line): line is Extract<JournalLine, { kind: Kind }> => line.kind === kind);

  it('has a verdict in the journal for everything that was noticed, and a reason for every silence', () => {
    const verdicts = of('verdict');
    expect(verdicts.map(({ happening }) => happening)).toEqual(happened);
    const silent = verdicts.filter(({ decision }) => decision === 'silence');
    expect(silent.filter(({ reason }) => reason === undefined)).toEqual([]);
    // Control: there is enough that was withheld.
    expect(silent.filter(({ reason }) => reason === 'budget').length).toBeGreaterThan(5);
  });

  it('ends for everybody who was owed a prompt: told with others, or why not any more', () => {
    const owed = of('verdict').filter(
      ({ happening, reason, prompt }) =>
        happening === 'arrived' && (reason === 'budget' || (reason === 'merged' && isSilent(prompt))),
    );
    const ends = new Map(of('later').flatMap((line) => (line.was === 'owed' ? [[line.visit, line]] : [])));
    const last = Date.parse(lines.at(-1)!.at);
    const untraced = owed.filter(({ visit, at }) => !ends.has(visit!) && last - Date.parse(at) > 95_000);
    expect(untraced).toEqual([]);
    expect(owed.length).toBeGreaterThan(5);
    for (const { became, id } of ends.values()) if (became === 'told') expect(id).toBeDefined();
  });

  it('is about prompts whose own story is whole: each that was said or shown has its line before its end', () => {
    const begun = new Set<string>();
    for (const line of lines) {
      if (line.kind === 'prompt') begun.add(line.id);
      if (line.kind === 'state') expect(begun).toContain(line.id);
    }
    expect(begun.size).toBeGreaterThan(5);
  });

  /** Shown in the lobby's list alone: its first line is no `raised`. */
  function isSilent(prompt: string | undefined): boolean {
    const first = of('prompt').find(({ id }) => id === prompt);
    return first?.change === 'listed';
  }
});
