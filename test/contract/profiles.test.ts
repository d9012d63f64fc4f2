import { describe, expect, it } from 'vitest';
import { parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';

const head = `branch: harbour
cameras: [{ id: hall, source: video.mp4 }]
hours: { timezone: Asia/Shanghai, monday: ["09:00-17:00"] }
profiles:
`;
const good = `${head}  - id: pension-day
    name: { zh: 养老金日, en: Pension day }
    days: { ofMonth: [15], dates: [2026-12-24] }
    thresholds:
      queue: { waitSeconds: 300 }
  - id: weekend
    days: { weekdays: [saturday, sunday] }
`;

function changed(from: string, to: string): string {
  const text = good.replace(from, to);
  expect(text).not.toBe(good);
  return text;
}

function refusal(text: string): string {
  try {
    parseBranch(text, 'branch.yaml');
  } catch (error) {
    if (error instanceof LobbyError)
      return error.message.replace('Cannot use the branch file branch.yaml', '');
    throw error;
  }
  return expect.fail('was not refused');
}

describe('Profiles in a branch file', () => {
  it('are read in order, and need name no value', () => {
    const { profiles, remarks } = parseBranch(good, 'branch.yaml');
    expect(profiles.map(({ id, thresholds }) => [id, thresholds])).toEqual([
      ['pension-day', { queue: { waitSeconds: 300 } }],
      ['weekend', {}],
    ]);
    expect(remarks.join()).not.toMatch(/profile/i);
  });

  it('are none unless there are some', () => {
    expect(parseBranch(head.replace('profiles:\n', ''), 'branch.yaml').profiles).toEqual([]);
  });

  it.each([
    [
      'an id that is there twice',
      ['id: weekend', 'id: pension-day'],
      ':10: profiles must have different ids, pension-day is there twice',
    ],
    [
      'a name that is there twice',
      ['id: weekend', 'id: weekend\n    name: { zh: 周末, en: Pension day }'],
      ':11: profiles must have different names, Pension day is there twice',
    ],
    [
      'the name of the base',
      ['id: weekend', 'id: base'],
      ':10: profiles.1.id must not be base, which is what holds without a profile, current value is "base"',
    ],
    [
      'a threshold there is none of',
      ['waitSeconds: 300', 'waitSecond: 300'],
      ':9: profiles.0.thresholds.queue.waitSecond is not a known key',
    ],
    [
      'a value out of range',
      ['waitSeconds: 300', 'waitSeconds: 5'],
      ':9: profiles.0.thresholds.queue.waitSeconds must be at least 10, current value is 5',
    ],
    [
      'half a person',
      ['waitSeconds: 300', 'length: 2.5'],
      ':9: profiles.0.thresholds.queue.length must be a whole number, current value is 2.5',
    ],
    [
      'the 31st of February',
      ['2026-12-24', '2026-02-31'],
      ':7: profiles.0.days.dates.0 must be a day there is, such as 2026-12-24, current value is "2026-02-31"',
    ],
    [
      'the 29th of February of a year without',
      ['2026-12-24', '2027-02-29'],
      ':7: profiles.0.days.dates.0 must be a day there is, such as 2026-12-24, current value is "2027-02-29"',
    ],
    [
      'a 32nd of the month',
      ['[15]', '[32]'],
      ':7: profiles.0.days.ofMonth.0 must be at most 31, current value is 32',
    ],
    [
      'a day of the week there is not',
      ['saturday', 'caturday'],
      ':11: profiles.1.days.weekdays.0 must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday, current value is "caturday"',
    ],
    [
      'no days',
      ['{ weekdays: [saturday, sunday] }', '{}'],
      ':11: profiles.1.days must name some days: weekdays, ofMonth or dates, current value is {}',
    ],
    [
      'days of another calendar',
      ['ofMonth: [15]', 'lunar: [15]'],
      ':7: profiles.0.days.lunar is not a known key',
    ],
    [
      'a name too long to be shown',
      ['en: Pension day', 'en: The day on which pensions are paid'],
      ':6: profiles.0.name.en must have at most 24 letters, current value is "The day on which pensions are paid"',
    ],
  ] as const)('are refused with line and reason for %s', (_, [from, to], message) => {
    expect(refusal(changed(from, to))).toBe(message);
  });

  it('are refused beyond eight', () => {
    const nine = Array.from({ length: 9 }, (__, n) => `  - { id: p${n}, days: { ofMonth: [${n + 1}] } }\n`);
    expect(refusal(head + nine.join(''))).toBe(
      ':4: profiles must have at most 8 entries, current value is '.concat(
        JSON.stringify(nine.map((__, n) => ({ id: `p${n}`, days: { ofMonth: [n + 1] } }))).slice(0, 59),
        '…',
      ),
    );
  });

  it('are told of when no day is left for one, and when nobody says whose clock is meant', () => {
    const late = `${head}  - { id: weekend, days: { weekdays: [saturday, sunday] } }
  - { id: sunday, days: { weekdays: [sunday], dates: [2026-11-28] } }
`;
    expect(parseBranch(late, 'branch.yaml').remarks).toContain(
      'Profile sunday never holds: profiles before it have all of its days. Put it first.',
    );
    const without = good.replace(/hours: .*\n/, '');
    expect(parseBranch(without, 'branch.yaml').remarks).toContain(
      "Profiles go by the machine's own time zone, since there are no hours: give hours.timezone.",
    );
  });
});
