import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { putProfiles } from '../../../edge/settings/put-profiles.ts';
import type { Profile } from '../../../src/contract/calendar.ts';

const written = `branch: harbour # ask Li
profiles: # by Li
  # the fifteenth
  - id: pension-day # note
    days: { ofMonth: [15] }   # each month
    thresholds:
      queue: { waitSeconds:   120 } # agreed
  # Saturdays too
  - id: weekend
    days: {weekdays: [saturday, sunday]}
    # nothing yet
    thresholds: {}
# what follows is the rest
heads: true
`;
const [pension, weekend] = (parse(written) as { profiles: [Profile, Profile] }).profiles;
const eve: Profile = {
  id: 'eve',
  name: { zh: '年末', en: 'Eve' },
  days: { dates: ['2026-12-24'] },
  thresholds: { queue: { length: 3 } },
};

describe('Profiles put into a branch file', () => {
  it('leave it byte for byte when nothing differs', () => {
    expect(putProfiles(written, [pension, weekend])).toBe(written);
  });

  it('keep the comments of one whose value changes, and every byte of the others', () => {
    const next = putProfiles(written, [
      { ...pension, thresholds: { queue: { waitSeconds: 90 }, contact: { withinMetres: 2 } } },
      weekend,
    ]);
    expect(next).toBe(`branch: harbour # ask Li
profiles: # by Li
  # the fifteenth
  - id: pension-day # note
    days: { ofMonth: [ 15 ] } # each month
    thresholds:
      queue: { waitSeconds: 90 } # agreed
      contact: { withinMetres: 2 }
${written.slice(written.indexOf('  # Saturdays'))}`);
  });

  it('go with their comments when their order changes', () => {
    const next = putProfiles(written, [weekend, pension])!;
    expect(next.indexOf('# Saturdays too')).toBeLessThan(next.indexOf('# the fifteenth'));
    expect(putProfiles(next, [pension, weekend])).toBe(written);
  });

  it('are added behind the last, and taken out with their comments', () => {
    const more = putProfiles(written, [pension, weekend, eve])!;
    expect(more).toContain(`    thresholds: {}
  - id: eve
    name: { zh: 年末, en: Eve }
    days: { dates: [2026-12-24] }
    thresholds:
      queue: { length: 3 }
# what follows`);
    expect(putProfiles(more, [pension, weekend])).toBe(written);
    expect(putProfiles(written, [pension])).not.toContain('Saturdays');
    expect(putProfiles(written, [])).toBe(`branch: harbour # ask Li
profiles: [] # by Li
# what follows is the rest
heads: true
`);
  });

  it.each([
    ['has none', 'branch: harbour\nheads: true\n'],
    ['ends without a line break', 'branch: harbour\nheads: true'],
    ['has an empty list', 'branch: harbour\nprofiles: [] # none yet\nheads: true\n'],
    ['has the bare key', 'branch: harbour\nprofiles:\nheads: true\n'],
    ['has them in one line', 'branch: harbour\nprofiles: [{ id: a, days: { ofMonth: [1] } }]\nheads: true\n'],
    [
      'does not indent its lists',
      'branch: harbour\nprofiles:\n- id: a\n  days: { ofMonth: [1] }\nheads: true\n',
    ],
    [
      'ends its lines as Windows does',
      'branch: harbour\r\nprofiles:\r\n  - id: a\r\n    days: { ofMonth: [1] }\r\nheads: true\r\n',
    ],
  ])('are written where the file %s', (_, text) => {
    const next = putProfiles(text, [pension, eve])!;
    expect(parse(next)).toEqual({ branch: 'harbour', profiles: [pension, eve], heads: true });
    expect(/(^|[^\r])\n/.test(next)).toBe(!text.includes('\r'));
    expect(next).toContain(text.includes('none yet') ? '# none yet' : 'harbour');
    expect(parse(putProfiles(next, [])!)).toEqual({ branch: 'harbour', profiles: [], heads: true });
  });

  it.each([
    ['by an alias', 'a: &a { id: a, days: { ofMonth: [1] } }\nprofiles:\n  - *a\n'],
    ['with an anchor', 'profiles:\n  - &a\n    id: a\n    days: { ofMonth: [1] }\n'],
    ['in one line with a comment in it', 'profiles: [\n  { id: a, days: { ofMonth: [1] } } # Li\n]\n'],
  ])('are not put where one is written %s', (_, text) => {
    expect(putProfiles(text, [eve])).toBeUndefined();
  });
});
