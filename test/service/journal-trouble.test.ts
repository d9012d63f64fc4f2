import { describe, expect, it } from 'vitest';
import type { JournalState } from '../../src/ports/journal.ts';
import { createJournalTrouble } from '../../src/service/journal-trouble.ts';

function open() {
  const clock = { at: 1_800_000_000, now: () => clock.at };
  const journal: { state: JournalState } = { state: { written: 0, lost: 0 } };
  const trouble = createJournalTrouble(journal, clock);
  return { clock, journal, code: () => trouble()?.code, trouble };
}

describe('What health says of the journal', () => {
  it('is nothing while it is written and can be asked', () => {
    expect(open().trouble()).toBeUndefined();
  });

  it('is that it cannot be asked, without the words of the database, for as long as that is so', () => {
    const { journal, trouble } = open();
    journal.state = {
      written: 1,
      lost: 0,
      unsearchable: 'IO Error: Cannot open /var/lib/lobby/journal.duckdb',
    };
    expect(trouble()).toMatchObject({ code: 'LOBBY_JOURNAL_UNSEARCHABLE' });
    expect(JSON.stringify(trouble())).not.toContain('/var');
    journal.state = { written: 1, lost: 0 };
    expect(trouble()).toBeUndefined();
  });

  it('is that lines are being lost until a minute after the last one, so that it does not change with every line', () => {
    const { clock, journal, code, trouble } = open();
    journal.state = { written: 1, lost: 1, trouble: 'the disk is full' };
    expect(trouble()).toMatchObject({ message: 'Lines of the journal are being lost: the disk is full' });
    journal.state = { written: 2, lost: 1 };
    expect(code()).toBe('LOBBY_JOURNAL_UNWRITTEN');
    clock.at += 59;
    journal.state = { written: 2, lost: 2, trouble: 'the disk is full' };
    code();
    clock.at += 59;
    expect(code()).toBe('LOBBY_JOURNAL_UNWRITTEN');
    clock.at += 1;
    expect(code()).toBeUndefined();
  });

  it('is over also when the clock was set back meanwhile', () => {
    const { journal, trouble, clock } = open();
    journal.state = { written: 1, lost: 1, trouble: 'the disk fails' };
    trouble();
    clock.at -= 3_600;
    journal.state = { written: 2, lost: 1 };
    expect(trouble()).toBeUndefined();
  });
});
