import { describe, expect, it } from 'vitest';
import type { JournalLine, LineOf } from '../../src/contract/journal.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { createSettingsAt } from '../../src/service/settings.ts';
import { createWhatIf } from '../../src/service/what-if.ts';
import { journalOf } from '../quality/journal-of.ts';
import { openSmallLobby, smallBranch } from './small-lobby.ts';

/** In Shanghai the day begins at 16:00 of the day before. */
const branch = smallBranch(`hours:
  timezone: Asia/Shanghai
${['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => `  ${day}: ["00:00-24:00"]`).join('\n')}
profiles:
  - { id: pension-day, name: { zh: 养老金日, en: Pension day }, days: { ofMonth: [15] }, thresholds: { queue: { waitSeconds: 30 }, contact: { targetSeconds: 60 } } }
`);
const settingsOf = (lines: readonly JournalLine[]) =>
  lines.filter((line): line is LineOf<'settings'> => line.kind === 'settings');

describe('A profile', () => {
  it('begins at midnight of the branch, with those who wait still waiting, and is journalled with its reason', async () => {
    const { lobby, film, prompts, lines } = openSmallLobby(branch, '2026-11-14T15:59:20.000Z');
    await film(39);
    expect(lobby.inForce().profile).toBeUndefined();
    expect(prompts.map(({ kind }) => kind)).not.toContain('ask-queue');
    await film(2);
    expect(lobby.inForce()).toMatchObject({ day: '2026-11-15', profile: { id: 'pension-day' } });
    // Who has waited for more than half a minute is asked about at once: nobody began anew.
    expect(prompts.filter(({ kind }) => kind === 'ask-queue')).toHaveLength(1);
    expect(prompts.find(({ kind }) => kind === 'ask-queue')?.waitedSeconds).toBeGreaterThan(25);
    expect(settingsOf(lines)).toEqual([
      {
        v: 1,
        at: '2026-11-14T16:00:00.000Z',
        kind: 'settings',
        version: 1,
        why: 'profile pension-day begins',
        profile: 'pension-day',
        from: { 'queue.waitSeconds': 600, 'contact.targetSeconds': 30 },
        to: { 'queue.waitSeconds': 30, 'contact.targetSeconds': 60 },
      },
    ]);
  });

  it('ends at midnight too: the base holds again, and says so', async () => {
    const { lobby, film, lines } = openSmallLobby(branch, '2026-11-15T15:59:59.000Z');
    await film(2);
    expect(lobby.inForce().profile).toBeUndefined();
    expect(settingsOf(lines).map(({ profile, to }) => [profile, to['queue.waitSeconds']])).toEqual([
      ['pension-day', 30],
      ['base', 600],
    ]);
  });

  it('is told by health and plan, which go by its values', () => {
    const { lobby } = openSmallLobby(branch, '2026-11-15T02:00:00.000Z');
    expect(lobby.health().profile).toBe('pension-day');
    expect(toPlanPayload(branch, lobby.inForce())).toMatchObject({
      profile: { id: 'pension-day', name: { zh: '养老金日', en: 'Pension day' } },
      targetSeconds: 60,
    });
    const usual = openSmallLobby(branch, '2026-11-16T02:00:00.000Z').lobby;
    expect(usual.health()).not.toHaveProperty('profile');
    expect(toPlanPayload(branch, usual.inForce())).toMatchObject({ targetSeconds: 30 });
  });

  it('is taken over with the next frame when it is saved on its own day', async () => {
    const { lobby, film } = openSmallLobby(branch, '2026-11-15T02:00:00.000Z');
    const [one] = branch.profiles;
    lobby.use({ ...branch, profiles: [{ ...one!, thresholds: { queue: { waitSeconds: 90 } } }] });
    await film(1);
    expect(lobby.inForce().thresholds).toMatchObject({
      queue: { waitSeconds: 90, length: 50 },
      contact: { targetSeconds: 30 },
    });
  });

  it('is that of each day in a recording that bears the times of a calendar, and no clip has one', () => {
    const at = createSettingsAt(branch);
    expect(at(Date.parse('2026-11-15T02:00:00Z') / 1000).thresholds.queue.waitSeconds).toBe(30);
    expect(at(Date.parse('2026-11-16T02:00:00Z') / 1000).thresholds.queue.waitSeconds).toBe(600);
    expect(at(12).thresholds.queue.waitSeconds).toBe(600);
  });

  it('is that of the day that is played back: what is drafted for another day changes nothing on it', () => {
    const demo = journalOf('demo');
    const [day] = demo.lines[0]!.at.split('T');
    const never = { queue: { waitSeconds: 3600, length: 100 } };
    const on = (dates: readonly string[]) => ({
      ...demo.branch,
      profiles: [{ id: 'calm', days: { dates }, thresholds: never }],
    });
    const ask = (draft: typeof demo.branch) => {
      const whatIf = createWhatIf(demo.branch, draft);
      for (const line of demo.lines) whatIf.take(line);
      return whatIf.result();
    };
    const queues = ({ differences }: ReturnType<typeof ask>) =>
      differences.filter(({ kind, how }) => kind === 'ask-queue' && how === 'gone');
    expect(queues(ask(on([day!]))).length).toBeGreaterThan(0);
    expect(ask(on(['2031-01-01'])).differences).toEqual([]);
  });
});
