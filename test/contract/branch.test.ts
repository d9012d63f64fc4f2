import { describe, expect, it } from 'vitest';
import { type Branch, parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { project } from '../../src/core/geometry/homography.ts';

const file = 'branch.yaml';

/** The example of the file format: fifteen lines, all good. */
const example = `branch: harbour
cameras:
  - id: hall
    source: video.mp4
    floor:
      - { pixel: [469.9, 264.7], metres: [-3.5, -2.5] }
      - { pixel: [674.0, 325.3], metres: [3, -2.5] }
      - { pixel: [502.7, 445.7], metres: [3, 2.5] }
      - { pixel: [315.0, 299.5], metres: [-3.5, 2.5] }
zones:
  - { id: main-door, kind: entrance, line: [[-5.2, 1.0], [-5.2, 3.4]], inside: [-3.2, 2.2] }
  - { id: cash, kind: queue, polygon: [[0.25, -3.2], [1.75, -3.2], [1.75, 1.0], [0.25, 1.0]] }
  - { id: staff-door, kind: staff, polygon: [[4.2, -5], [5.9, -5], [5.9, -3.4], [4.2, -3.4]] }
thresholds:
  queue: { waitSeconds: 240, length: 3 }
`;
const withoutFloor = example.replace(/ {4}floor:\n(?: {6}.*\n)+/, '');
const cash = 'polygon: [[0.25, -3.2], [1.75, -3.2], [1.75, 1.0], [0.25, 1.0]]';

/** The example with one thing changed; a change that changes nothing would prove nothing. */
function changed(from: string | RegExp, to: string, text = example): string {
  const result = text.replace(from, to);
  expect(result).not.toBe(text);
  return result;
}

function refusal(text: string): LobbyError {
  try {
    parseBranch(text, file);
  } catch (error) {
    if (error instanceof LobbyError) return error;
    throw error;
  }
  throw new Error('the branch file was taken');
}

const zoneOf = (branch: Branch, id: string) => branch.zones.find(({ zone }) => zone.id === id)!.zone;

describe('A branch file that is in order', () => {
  it('has heads looked at unless it says otherwise', () => {
    expect(parseBranch(example, file).heads).toBe(true);
    expect(parseBranch(`${example}heads: false\n`, file).heads).toBe(false);
    expect(() => parseBranch(`${example}heads: sometimes\n`, file)).toThrow(/heads/);
  });

  it('is read: cameras with their floor, zones with their places and names, thresholds', () => {
    const branch = parseBranch(example, file);
    expect(branch.id).toBe('harbour');
    expect(branch.cameras.map(({ id, source }) => [id, source])).toEqual([['hall', 'video.mp4']]);
    expect(branch.zones.map(({ zone }) => [zone.id, zone.kind, zone.plane])).toEqual([
      ['main-door', 'entrance', 'floor'],
      ['cash', 'queue', 'floor'],
      ['staff-door', 'staff', 'floor'],
    ]);
    expect(zoneOf(branch, 'main-door')).toMatchObject({
      door: { from: { x: -5.2, y: 1 }, to: { x: -5.2, y: 3.4 }, inside: { x: -3.2, y: 2.2 } },
    });
    expect(branch.thresholds.queue).toEqual({ waitSeconds: 240, length: 3, awaySeconds: 45 });
    const there = project(branch.cameras[0]!.floor!.toFloor, { x: 674, y: 325.3 });
    expect(there.x).toBeCloseTo(3, 6);
    expect(there.y).toBeCloseTo(-2.5, 6);
  });

  it('may say how many can be served in a place, and what for', () => {
    const branch = parseBranch(changed(cash, `${cash}, places: 3, serves: [cash, cards]`), file);
    expect(zoneOf(branch, 'cash')).toMatchObject({ places: 3, serves: ['cash', 'cards'] });
    expect(zoneOf(parseBranch(example, file), 'cash')).not.toHaveProperty('places');
    for (const key of ['places: 3', 'serves: [cash]']) {
      const elsewhere = changed('kind: staff, ', `kind: staff, ${key}, `);
      expect(refusal(elsewhere).message).toContain('nobody is served in a zone of kind staff');
    }
  });

  it('may leave out every threshold, each of which has a default', () => {
    const { thresholds } = parseBranch(changed(/thresholds:[\s\S]*/, ''), file);
    expect(Object.keys(thresholds)).toEqual([
      'wandering',
      'queue',
      'contact',
      'crowded',
      'unattended',
      'divert',
      'patrol',
      'machines',
      'farewell',
      'prompts',
    ]);
    expect(thresholds.queue).toEqual({ waitSeconds: 180, length: 5, awaySeconds: 45 });
    expect(thresholds.contact).toEqual({ withinMetres: 1.6, forSeconds: 2, targetSeconds: 30 });
    expect(thresholds.wandering.afterSeconds).toBeGreaterThan(0);
  });

  it('may leave out one threshold of a group and keep the others', () => {
    const { thresholds } = parseBranch(changed('waitSeconds: 240, ', ''), file);
    expect(thresholds.queue).toEqual({ waitSeconds: 180, length: 3, awaySeconds: 45 });
  });

  it('may be written on another system: CRLF and a byte order mark change nothing', () => {
    const plain = parseBranch(example, file);
    expect(parseBranch(example.replaceAll('\n', '\r\n'), file)).toEqual(plain);
    expect(parseBranch(`\uFEFF${example}`, file)).toEqual(plain);
  });

  it('looks at five frames a second unless it says otherwise', () => {
    const other = changed('source: video.mp4', 'source: video.mp4\n    framesPerSecond: 2');
    expect(parseBranch(example, file).cameras[0]!.framesPerSecond).toBe(5);
    expect(parseBranch(other, file).cameras[0]!.framesPerSecond).toBe(2);
  });

  it('calls a place by its kind unless the branch names it', () => {
    const named = changed('kind: queue,', "kind: queue, name: { zh: '现金', en: Cash },");
    expect(parseBranch(example, file).zones[1]!.name).toEqual({ zh: '排队区', en: 'Queue' });
    expect(parseBranch(named, file).zones[1]!.name).toEqual({ zh: '现金', en: 'Cash' });
  });

  it('is told what works less well than it could', () => {
    const fifth = '      - { pixel: [315.0, 299.5], metres: [-3.5, 2.5] }\n';
    expect(parseBranch(example, file).remarks.join()).toContain('four floor points');
    expect(parseBranch(changed(fifth, `${fifth}${fifth}`), file).remarks).toEqual([]);
    expect(parseBranch(changed(/.*main-door.*\n/, ''), file).remarks.join()).toContain('no entrance');
    expect(parseBranch(changed(/.*staff-door.*\n/, ''), file).remarks.join()).toContain('no staff zone');
  });
});

describe('A camera without floor', () => {
  const bare = changed(/zones:[\s\S]*/, 'zones:\n', withoutFloor);
  const withZone = (zone: string) => `${bare}  - ${zone}\n`;

  it('has its zones in pixels, and the branch is told what stays silent', () => {
    const branch = parseBranch(
      withZone('{ id: cash, kind: queue, pixels: [[100, 400], [300, 400], [300, 200]] }'),
      file,
    );
    expect(branch.zones[0]!.zone).toEqual({
      id: 'cash',
      kind: 'queue',
      plane: 'hall',
      polygon: [
        { x: 100, y: 400 },
        { x: 300, y: 400 },
        { x: 300, y: 200 },
      ],
    });
    expect(branch.remarks[0]).toContain('need metres and stay silent');
  });

  it.each([
    ['a line', 'pixels: [[0, 100], [0, 300]], inside: [50, 200]'],
    ['a line by its name', 'pixels: { line: [[0, 100], [0, 300]], inside: [50, 200] }'],
  ])('may have its entrance as %s', (_, shape) => {
    const branch = parseBranch(withZone(`{ id: door, kind: entrance, ${shape} }`), file);
    expect(branch.zones[0]!.zone).toMatchObject({
      plane: 'hall',
      door: { from: { x: 0, y: 100 }, to: { x: 0, y: 300 }, inside: { x: 50, y: 200 } },
    });
  });

  it('is named where several cameras have none', () => {
    const second = changed('zones:', '  - { id: side, source: side.mp4 }\nzones:', bare);
    const zone = 'id: cash, kind: queue, pixels: [[100, 400], [300, 400], [300, 200]]';
    expect(refusal(`${second}  - { ${zone} }\n`).message).toContain('not clear of which camera');
    const branch = parseBranch(`${second}  - { ${zone}, camera: side }\n`, file);
    expect(branch.zones[0]!.zone.plane).toBe('side');
  });

  it('cannot have zones in metres', () => {
    const error = refusal(withoutFloor);
    expect(error.message).toBe(
      'Cannot use the branch file branch.yaml:6: zone main-door is in metres, but no camera has floor points',
    );
    expect(error.remedy).toContain('pixels:');
  });
});

describe('A branch file that is not in order is refused with the line, the reason and the remedy', () => {
  const refused: readonly [
    what: string,
    text: () => string,
    line: number | undefined,
    reason: string,
    remedy: string,
  ][] = [
    ['an unknown key', () => `${example}colour: red\n`, 16, 'colour is not a known key', 'spelling'],
    [
      'an unknown key of a camera',
      () => changed('source: video.mp4', 'source: video.mp4\n    fps: 5'),
      5,
      'cameras.0.fps is not a known key',
      'spelling',
    ],
    [
      'an unknown key of a zone',
      () => changed('kind: queue,', 'kind: queue, color: red,'),
      12,
      'zones.1.color is not a known key',
      'spelling',
    ],
    [
      'an unknown threshold',
      () => changed('waitSeconds', 'waitsSeconds'),
      15,
      'thresholds.queue.waitsSeconds is not a known key',
      'spelling',
    ],
    [
      'a misspelt key, by the name it has and not by the one it lacks',
      () => changed('pixel: [674.0', 'pixels: [674.0'),
      7,
      'cameras.0.floor.1.pixels is not a known key',
      'spelling',
    ],
    [
      'a crossing polygon',
      () => changed('[1.75, 1.0], [0.25, 1.0]', '[0.25, 1.0], [1.75, 1.0]'),
      12,
      'zone cash: edges 2 and 4 cross',
      'in order around the zone',
    ],
    [
      'a polygon without area',
      () => changed(cash, 'polygon: [[0, 0], [1, 1], [2, 2]]'),
      12,
      'zone cash has no area',
      'not on one line',
    ],
    [
      'a polygon of two corners',
      () => changed(cash, 'polygon: [[0, 0], [1, 1]]'),
      12,
      'zones.1.polygon must have at least 3 entries, current value is [[0,0],[1,1]]',
      'within the range',
    ],
    [
      'a zone off the floor, given in pixels by mistake',
      () => changed('[1.75, 1.0]', '[640, 200]'),
      12,
      'zone cash is off the floor: (640, 200) is 666.9 m from the nearest floor point',
      'within 30 m',
    ],
    [
      'a zone behind the only camera',
      () =>
        changed(/- \{ id: cash.*/, '- { id: cash, kind: queue, polygon: [[14, 22], [16, 22], [16, 24]] }'),
      12,
      'zone cash is off the floor: it lies behind every camera',
      'signs',
    ],
    [
      'an entrance off the floor',
      () => changed('inside: [-3.2, 2.2]', 'inside: [-320, 220]'),
      11,
      'zone main-door is off the floor',
      'centimetres',
    ],
    [
      'three pairs',
      () => changed(/ {6}- \{ pixel: \[315.*\n/, ''),
      5,
      'floor must have 4 pairs or more, current value is 3',
      'spread out',
    ],
    [
      'a pair that does not fit the others',
      () => {
        const { toPixel } = parseBranch(example, file).cameras[0]!.floor!;
        const pairs = [
          [0, 0],
          [2, 1],
          [-2, 1],
          [0, -2],
          [1, 2],
          [-1, -1],
        ].map(([x, y], i) => {
          const pixel = project(toPixel, { x: x!, y: y! });
          // The fourth of these was measured from the wrong wall.
          return `      - { pixel: [${pixel.x.toFixed(1)}, ${pixel.y.toFixed(1)}], metres: [${i === 3 ? 1.5 : x}, ${y}] }\n`;
        });
        return changed('zones:', `${pairs.join('')}zones:`);
      },
      13,
      'the floor pairs do not fit a plane: pair 8 is off by 1.',
      'take it out',
    ],
    [
      'pairs in another order in the picture than on the floor',
      () =>
        changed('[469.9, 264.7], metres: [-3.5, -2.5]', '[469.9, 264.7], metres: [3, -2.5]').replace(
          '[674.0, 325.3], metres: [3, -2.5]',
          '[674.0, 325.3], metres: [-3.5, -2.5]',
        ),
      5,
      'the floor pairs do not fit a plane',
      'the same order in picture and floor',
    ],
    [
      'pairs on one line',
      () => changed(/metres: \[(\S+), \S+\]/g, 'metres: [$1, 0]'),
      5,
      'the floor pairs do not fit a plane',
      'Spread them out',
    ],
    [
      'two cameras of one name',
      () => changed('zones:', '  - { id: hall, source: b.mp4 }\nzones:'),
      10,
      'cameras must have different ids, hall is there twice',
      'Rename',
    ],
    [
      'two zones of one name',
      () => changed('id: cash', 'id: main-door'),
      12,
      'zones must have different ids, main-door is there twice',
      'Rename',
    ],
    [
      'a zone called hall, which is everywhere else',
      () => changed('id: cash', 'id: hall'),
      12,
      'zones.1.id must not be hall, which means outside all zones',
      'example',
    ],
    [
      'an entrance without its inside',
      () => changed(', inside: [-3.2, 2.2]', ''),
      11,
      'entrance main-door must have a line and a point inside',
      '`inside: [x, y]`',
    ],
    [
      'an entrance with its inside on its line',
      () => changed('inside: [-3.2, 2.2]', 'inside: [-5.2, 2.2]'),
      11,
      'entrance main-door has its inside point on its line',
      'a step inside',
    ],
    [
      'a queue drawn as a line',
      () => changed(cash, 'line: [[0, 0], [1, 1]]'),
      12,
      'zone cash must have a polygon',
      '`polygon:',
    ],
    [
      'a zone in metres and in pixels',
      () => changed('polygon: [[0.25', 'pixels: [[1, 1], [2, 2], [3, 1]], polygon: [[0.25'),
      12,
      'zone cash is given in metres and in pixels',
      'Keep one',
    ],
    [
      'a zone in the pixels of a camera that has a floor',
      () => changed(cash, 'pixels: [[1, 1], [2, 2], [3, 1]]'),
      12,
      'zone cash is in pixels, but it is not clear of which camera',
      'in metres',
    ],
    [
      'a zone in metres of one camera',
      () => changed('polygon: [[0.25', 'camera: hall, polygon: [[0.25'),
      12,
      'zone cash names a camera, but is in metres',
      'take `camera:` out',
    ],
    [
      'a slip of YAML',
      () => changed('polygon: [[0.25', 'polygon: [0.25'),
      12,
      'Flow map',
      'indentation and brackets',
    ],
    ['a tab', () => changed('    source', '\tsource'), 4, 'Tabs are not allowed', 'indentation and brackets'],
    ['a key twice', () => `${example}branch: other\n`, 16, 'Map keys must be unique', 'must be YAML'],
    ['two documents', () => `${example}---\nbranch: b\n`, 16, 'several documents', 'must be YAML'],
    [
      'an alias of nothing',
      () => changed('source: video.mp4', 'source: *clip'),
      undefined,
      'Unresolved alias',
      'below its anchor',
    ],
    ['an empty file', () => '', undefined, 'it holds no settings', 'Begin with `branch:`'],
    ['nothing but a comment', () => '# to do\n', undefined, 'it holds no settings', 'Begin with `branch:`'],
    ['a list', () => '- hall\n- door\n', undefined, 'it holds no settings', 'Begin with `branch:`'],
    ['a letter to a friend', () => 'Dear Wei,\n', undefined, 'it holds no settings', 'Begin with `branch:`'],
    [
      'a text where a number belongs',
      () => changed('waitSeconds: 240', 'waitSeconds: three minutes'),
      15,
      'thresholds.queue.waitSeconds must be a number, current value is "three minutes"',
      'Correct it',
    ],
    [
      'a number where a text belongs',
      () => changed('source: video.mp4', 'source: 7'),
      4,
      'cameras.0.source must be a text, current value is 7',
      'Correct it',
    ],
    [
      'a text where a list belongs',
      () => changed(/cameras:[\s\S]*?zones:/, 'cameras: hall\nzones:'),
      2,
      'cameras must be a list, current value is "hall"',
      'Correct it',
    ],
    [
      'part of a person',
      () => changed('length: 3', 'length: 2.5'),
      15,
      'thresholds.queue.length must be a whole number, current value is 2.5',
      'Correct it',
    ],
    [
      'what is no number',
      () => changed('[3, 2.5]', '[.nan, 2.5]'),
      8,
      'cameras.0.floor.2.metres.0 must be a number, current value is NaN',
      'Correct it',
    ],
    [
      'what is no end',
      () => changed('[3, 2.5]', '[.inf, 2.5]'),
      8,
      'cameras.0.floor.2.metres.0 must be a number, current value is Infinity',
      'Correct it',
    ],
    [
      'a value below its range',
      () => changed('waitSeconds: 240', 'waitSeconds: 5'),
      15,
      'thresholds.queue.waitSeconds must be at least 10, current value is 5',
      'within the range',
    ],
    [
      'a value above its range',
      () => changed('length: 3', 'length: 101'),
      15,
      'thresholds.queue.length must be at most 100, current value is 101',
      'within the range',
    ],
    [
      'a zone kind that is not on the list',
      () => changed('kind: queue', 'kind: que'),
      12,
      'zones.1.kind must be one of entrance, queue, service, staff, vip, desk, ignore, current value is "que"',
      'Choose one',
    ],
    [
      'a zone without a kind',
      () => changed('kind: queue, ', ''),
      12,
      'zones.1.kind must be one of entrance, queue, service, staff, vip, desk, ignore, and is missing',
      'Give zones.1.kind a value.',
    ],
    [
      'a branch without a name',
      () => changed('branch: harbour\n', ''),
      undefined,
      'branch must be a text, and is missing',
      'Give branch a value.',
    ],
    [
      'a name no topic can have',
      () => changed('branch: harbour', 'branch: Harbour Street'),
      1,
      'branch must be lower-case letters, digits and hyphens, 40 at most, current value is "Harbour Street"',
      'Correct it',
    ],
    [
      'a place name too long for a wrist',
      () => changed('kind: queue,', "kind: queue, name: { zh: '现金', en: Cash counter },"),
      12,
      'zones.1.name.en must have at most 9 letters, current value is "Cash counter"',
      'within the range',
    ],
    [
      'a branch without cameras',
      () => changed(/cameras:[\s\S]*?zones:/, 'cameras: []\nzones:'),
      2,
      'cameras must have at least 1 entry, current value is []',
      'within the range',
    ],
    [
      'a source left open',
      () => changed('source: video.mp4', 'source:'),
      4,
      'cameras.0.source must be a text, current value is null',
      'Correct it',
    ],
    [
      'pixels in no shape there is',
      () => changed(cash, 'pixels: here'),
      12,
      'zones.1.pixels has none of the shapes it may have, current value is "here"',
      '[[x, y], [x, y], …]',
    ],
  ];

  it.each(refused)('%s', (_, text, line, reason, remedy) => {
    const error = refusal(text());
    expect(error.code).toBe('LOBBY_BRANCH_INVALID');
    const where = line === undefined ? file : `${file}:${line}`;
    expect(error.message).toContain(`Cannot use the branch file ${where}: `);
    expect(error.message).toContain(reason);
    expect(error.remedy).toContain(remedy);
    expect(`${error.message}${error.remedy}`).not.toMatch(/\n|\{\w+\}|undefined|zod/i);
  });

  it('control: the example these were made from is taken', () => {
    expect(() => parseBranch(example, file)).not.toThrow();
    expect(() => refusal(example)).toThrow('was taken');
  });
});

it.each([
  ['a list', 'source: [rtsp://admin:hunter2@h/x]'],
  ['a map', 'source: { "rtsp://admin:hunter2@h/x": 1 }'],
  ['a key', 'rtsp://admin:hunter2@h/x: 1'],
  ['a number', 'source: rtsp://h/x\n    framesPerSecond: rtsp://h/x?pwd=hunter2'],
  ['a list, and it is long', `source: ["rtsp://admin:hunter2${'x'.repeat(80)}@h/x"]`],
  ['no YAML', 'source: rtsp://admin:hunter2@h/x : y'],
])('an address that was put where %s belongs is refused without its login', (_, line) => {
  const text = `branch: harbour\ncameras:\n  - id: hall\n    ${line}\nzones: []\n`;
  expect(() => parseBranch(text, 'branch.yaml')).toThrowError(
    expect.objectContaining({
      code: 'LOBBY_BRANCH_INVALID',
      message: expect.not.stringContaining('hunter2'),
    }),
  );
});
