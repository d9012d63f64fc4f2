import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { putSetup, type WrittenSetup } from '../../../edge/setup/put-setup.ts';

const written = `# Ask Li before changing it.
branch: harbour
cameras:
  - id: hall # above the door
    source: rtsp://user:pass@10.0.0.7/hall
    framesPerSecond: 5
    floor: # measured on Sunday
      - { pixel: [469.9, 264.7], metres: [-3.5, -2.5] } # by the door
      - { pixel: [674, 325.3], metres: [3, -2.5] }
      - pixel: [502.7, 445.7]
        metres: [3, 2.5] # by the plant
      - { pixel: [315, 299.5], metres: [-3.5, 2.5] }

  # the second one came in May
  - { id: side, source: "rtsp://10.0.0.8/side" }

zones:
  # where one comes in
  - { id: main-door, kind: entrance, line: [[-5.2, 1.0], [-5.2, 3.4]], inside: [-3.2, 2.2] }
  - id: cash # two windows
    kind: queue
    polygon:
      - [0.25, -3.2]
      - [2.75, -3.2] # the pillar
      - [2.75, 1.0]
      - [0.25, 1.0]
    places: 2
  - { id: vip, kind: vip, name: { zh: 贵宾, en: VIP }, polygon: [[0, 5], [1, 5], [1, 6]] } # quiet
thresholds:
  queue: { length: 5 } # agreed in March
`;

type Entry = Record<string, unknown>;
type File = { cameras: Entry[]; zones: Entry[] };
const meant = (text: string) => parse(text) as File;
const put = (text: string, change: (file: File) => void): string => {
  const wanted = meant(text);
  change(wanted);
  const next = putSetup(text, wanted as unknown as WrittenSetup);
  expect(next, 'cannot be put').toBeDefined();
  expect(parse(next!)).toEqual(wanted);
  return next!;
};
/** Lines that are in one and not in the other: `-` gone, `+` come. */
function diff(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const lacking = (lines: string[], from: string[]) => {
    const rest = [...from];
    return lines.filter((line) => {
      const at = rest.indexOf(line);
      if (at >= 0) rest.splice(at, 1);
      return at < 0;
    });
  };
  return [...lacking(old, now).map((line) => `-${line}`), ...lacking(now, old).map((line) => `+${line}`)];
}

describe('A set-up that is put into the branch file', () => {
  test('leaves every byte as it is where nothing differs', () => {
    expect(put(written, () => undefined)).toBe(written);
  });

  test('changes the number that moved, in lines or within brackets, and nothing beside it', () => {
    const next = put(written, ({ zones, cameras }) => {
      (zones[1]!.polygon as number[][])[1] = [2.5, -3.2];
      (zones[2]!.polygon as number[][])[2] = [1, 6.5];
      (cameras[0]!.floor as { metres: number[] }[])[2]!.metres[0] = 3.1;
    });
    expect(diff(written, next)).toEqual([
      '-        metres: [3, 2.5] # by the plant',
      '-      - [2.75, -3.2] # the pillar',
      '-  - { id: vip, kind: vip, name: { zh: 贵宾, en: VIP }, polygon: [[0, 5], [1, 5], [1, 6]] } # quiet',
      '+        metres: [3.1, 2.5] # by the plant',
      '+      - [2.5, -3.2] # the pillar',
      '+  - { id: vip, kind: vip, name: { zh: 贵宾, en: VIP }, polygon: [[0, 5], [1, 5], [1, 6.5]] } # quiet',
    ]);
  });

  test('adds a corner and a floor point where it belongs, and takes them out', () => {
    const next = put(written, ({ zones, cameras }) => {
      (zones[1]!.polygon as number[][]).splice(2, 0, [3, -1]);
      (cameras[0]!.floor as Entry[]).push({ pixel: [480.4, 322.2], metres: [0, 0] });
    });
    expect(diff(written, next)).toEqual([
      '+      - { pixel: [480.4, 322.2], metres: [0, 0] }',
      '+      - [3, -1]',
    ]);
    const back = put(next, ({ zones, cameras }) => {
      (zones[1]!.polygon as number[][]).splice(2, 1);
      (cameras[0]!.floor as Entry[]).pop();
    });
    expect(back).toBe(written);
  });

  test('adds a zone behind the last and a camera in lines of its own', () => {
    const next = put(written, ({ zones, cameras }) => {
      zones.push({
        id: 'desk',
        kind: 'desk',
        name: { zh: '柜台', en: 'Desk 1' },
        polygon: [
          [3, 0],
          [4, 0],
          [4, 1],
        ],
      });
      cameras.push({
        id: 'door',
        source: 'rtsp://u:p@10.0.0.9/a?b=1',
        floor: [{ pixel: [1, 2], metres: [3, 4] }],
      });
    });
    expect(diff(written, next)).toEqual([
      '+  - id: door',
      '+    source: "rtsp://u:p@10.0.0.9/a?b=1"',
      '+    floor:',
      '+      - { pixel: [1, 2], metres: [3, 4] }',
      '+  - { id: desk, kind: desk, name: { zh: 柜台, en: Desk 1 }, polygon: [[3, 0], [4, 0], [4, 1]] }',
    ]);
    const back = put(next, ({ zones, cameras }) => {
      zones.pop();
      cameras.pop();
    });
    expect(back).toBe(written);
  });

  test('takes a zone out with its lines, and keeps what others say of themselves', () => {
    const next = put(written, ({ zones }) => void zones.splice(1, 1));
    expect(diff(written, next).every((line) => line.startsWith('-'))).toBe(true);
    expect(next).toContain('# where one comes in');
    expect(next).not.toContain('# two windows');
    expect(next).toContain('# quiet');
    const none = put(written, ({ zones }) => void zones.splice(0));
    expect(none).toContain('zones:\n  # where one comes in\n  []\nthresholds:');
    expect(
      put(
        none,
        (file) =>
          void file.zones.push({
            id: 'a',
            kind: 'desk',
            polygon: [
              [0, 0],
              [1, 0],
              [1, 1],
            ],
          }),
      ),
    ).toContain('[{ id: a, kind: desk');
  });

  test('gives and takes names, places and floor', () => {
    const next = put(written, ({ zones, cameras }) => {
      zones[1]!.name = { zh: '现金区', en: 'Cash' };
      delete zones[1]!.places;
      delete zones[2]!.name;
      cameras[1]!.floor = [{ pixel: [1, 2], metres: [3, 4] }];
      delete cameras[0]!.floor;
    });
    expect(next).toContain('    name: { zh: 现金区, en: Cash }\n');
    expect(next).toContain('- { id: vip, kind: vip, polygon:');
    expect(next).toContain('# above the door');
  });

  test('begins a list that is not there, or is empty', () => {
    const zone = {
      id: 'a',
      kind: 'desk',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    };
    for (const text of [
      'branch: b\ncameras: [{ id: hall, source: a.mp4 }]\n',
      'branch: b\ncameras: [{ id: hall, source: a.mp4 }]',
      'branch: b\ncameras: [{ id: hall, source: a.mp4 }]\nzones:\n',
      'branch: b\nzones: # none yet\ncameras: [{ id: hall, source: a.mp4 }]\n',
      'branch: b\nzones: []\ncameras: [{ id: hall, source: a.mp4 }]\n',
      'branch: b\r\ncameras:\r\n  - { id: hall, source: a.mp4 }\r\n',
    ]) {
      const wanted = { ...meant(text), zones: [zone] };
      expect(parse(putSetup(text, wanted as never) ?? 'nothing')).toEqual(wanted);
    }
  });

  test('is refused where an alias stands for what was changed, and only there', () => {
    const text = `branch: b
cameras: [{ id: hall, source: a.mp4 }]
zones:
  - { id: one, kind: desk, polygon: &shape [[0, 0], [1, 0], [1, 1]] }
  - { id: two, kind: vip, polygon: *shape }
  - { id: three, kind: vip, polygon: [[5, 0], [6, 0], [6, 1]] }
`;
    const wanted = meant(text);
    const other = structuredClone(wanted);
    (other.zones[2]!.polygon as number[][])[0] = [4.5, 0];
    expect(parse(putSetup(text, other as never)!)).toEqual(other);
    const shared = JSON.parse(JSON.stringify(wanted)) as File;
    (shared.zones[0]!.polygon as number[][])[0] = [0.5, 0];
    expect(putSetup(text, shared as never)).toBeUndefined();
  });

  test('means what was drawn, whatever was drawn, and keeps every comment of what stays', () => {
    const demo = readFileSync(new URL('../../../edge/demo/branch.yaml', import.meta.url), 'utf8');
    const number = fc.integer({ min: -500, max: 500 }).map((n) => n / 100);
    const point = fc.tuple(number, number).map((pair) => [...pair]);
    const ring = fc.array(point, { minLength: 3, maxLength: 6 });
    const zone = (id: string) =>
      fc.record(
        {
          id: fc.constant(id),
          kind: fc.constantFrom('desk', 'vip', 'queue'),
          polygon: ring,
          places: fc.integer({ min: 1, max: 9 }),
        },
        { requiredKeys: ['id', 'kind', 'polygon'], noNullPrototype: true },
      );
    const drawn = fc
      .subarray(['main-door', 'cash', 'vip', 'desk', 'staff-door', 'new-1', 'true', 'self-service'])
      .chain((ids) => fc.tuple(...ids.map(zone)));
    const floor = fc.array(fc.record({ pixel: point, metres: point }, { noNullPrototype: true }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.constantFrom(written, demo), drawn, drawn, floor, (text, one, other, points) => {
        let now = text;
        for (const zones of [one, other]) {
          const wanted = meant(now);
          wanted.zones = zones.map((each) => ({ ...each }));
          if (points.length > 0) wanted.cameras[0]!.floor = points;
          const next = putSetup(now, wanted as never);
          expect(next).toBeDefined();
          const got = meant(next!);
          // In the order of the file, with what is new behind.
          const sorted = (file: File) => ({
            ...file,
            zones: file.zones.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1)),
          });
          expect(sorted(got)).toEqual(sorted(wanted));
          for (const comment of [
            '# Ask Li before changing it.',
            '# where one comes in',
            '# agreed in March',
            '# the second one came in May',
          ]) {
            if (text.includes(comment)) expect(next).toContain(comment);
          }
          now = next!;
        }
      }),
      // Each reads and writes the whole file some times.
      { numRuns: 15 },
    );
  });
});
