import { type Document, isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { type AreaZone, floorPlane, type Zone, zoneKinds } from '../core/floor/zones.ts';
import { type FloorView, fitFloorView, isBefore } from '../core/geometry/homography.ts';
import { crossingEdges, type PlanePoint, signedArea } from '../core/geometry/polygon.ts';
import { browserSource } from './browser-camera-limits.ts';
import { neverHolds, type Profile } from './calendar.ts';
import { LobbyError } from './errors.ts';
import { type Hours, hoursSchema } from './hours.ts';
import { type JournalSettings, journalSettingsSchema } from './journal.ts';
import { type PrivacyLevel, privacySchema } from './privacy.ts';
import { profilesSchema, toProfiles } from './profiles.ts';
import { thresholdsSchema } from './thresholds.ts';
import { type WebhookSettings, webhookSchema } from './webhooks.ts';

const slug = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and hyphens, 40 at most');
const point = z.tuple([z.number(), z.number()]);
const polygon = z.array(point).min(3).max(64);
const line = z.tuple([point, point]);
const bilingual = z.strictObject({ zh: z.string().min(1).max(5), en: z.string().min(1).max(9) });

/** Addresses are shorter; a path may be this long on some systems. */
export const mostSourceLetters = 2_000;

const cameraSchema = z.strictObject({
  id: slug,
  source: z
    .string()
    .min(1)
    .max(mostSourceLetters)
    .refine(
      (source) => !source.startsWith('browser:') || source === browserSource,
      `must be ${browserSource} where it is a page in a browser`,
    )
    .describe('A path relative to this file, rtsp(s)://, http(s)://, a device, or browser:page'),
  tls: z
    .union([
      z.strictObject({ ca: z.string().min(1).max(mostSourceLetters) }),
      z.strictObject({ certificateIsNotChecked: z.literal(true) }),
    ])
    .optional()
    .describe(
      'By rtsps:// or https://: a PEM file, relative to this one, of whoever signed its certificate, or that certificate itself; or that it is not checked',
    ),
  framesPerSecond: z.number().min(0.2).max(30).default(5).describe('How many frames a second are looked at'),
  floor: z
    .array(z.strictObject({ pixel: point, metres: point }))
    .max(64)
    .optional()
    .describe('Spots on the floor and where the picture shows them; without it nothing in metres is known'),
});

const zoneSchema = z.strictObject({
  id: slug.refine((id) => id !== 'hall', 'must not be hall, which means outside all zones'),
  kind: z.enum(zoneKinds),
  name: bilingual.optional().describe('On the wrist: at most 5 Chinese or 9 Latin letters'),
  line: line.optional(),
  inside: point.optional(),
  polygon: polygon.optional(),
  places: z
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe('How many can be served there at once: machines, or open windows; 1 unless told'),
  serves: z
    .array(slug)
    .min(1)
    .max(16)
    .optional()
    .describe('Needs that are served there; places that share one can stand in for each other'),
  camera: slug.optional().describe('Whose pixels are meant; needed when several cameras have no floor'),
  pixels: z
    .union([
      z.array(point).min(2).max(64),
      z.strictObject({ polygon: polygon.optional(), line: line.optional(), inside: point.optional() }),
    ])
    .optional()
    .describe('Instead of metres, for a camera without floor'),
});

/** The branch file: one a branch. Unknown keys are errors. */
export const branchSchema = z.strictObject({
  branch: slug,
  cameras: z.array(cameraSchema).min(1).max(16),
  zones: z.array(zoneSchema).max(64).default([]),
  thresholds: thresholdsSchema,
  /** Sets of thresholds over these, switched by the calendar. */
  profiles: profilesSchema.default([]),
  /** Whether it is looked at where those turn their heads who may be lost. */
  heads: z.boolean().default(true),
  /** When the branch is open; absent: always. */
  hours: hoursSchema.optional(),
  /** Where prompts are posted to besides. */
  webhooks: z.array(webhookSchema).max(8).default([]),
  /** Whether Home Assistant is told of the branch. */
  homeAssistant: z.boolean().default(false),
  /** How much of the journal is kept. */
  journal: journalSettingsSchema,
  /** What is told and kept of where people are. */
  privacy: privacySchema,
});

type BranchFile = z.infer<typeof branchSchema>;

export interface BranchCamera {
  readonly id: string;
  readonly source: string;
  /** How its certificate is known; absent: by a public authority. */
  readonly tls?: { readonly ca: string } | { readonly certificateIsNotChecked: true };
  readonly framesPerSecond: number;
  readonly floor?: FloorView;
}

export interface BranchZone {
  readonly zone: Zone;
  readonly name: { readonly zh: string; readonly en: string };
}

/** A branch file that has been read, checked, and turned into what the service works with. */
export interface Branch {
  readonly id: string;
  readonly cameras: readonly BranchCamera[];
  readonly zones: readonly BranchZone[];
  readonly thresholds: BranchFile['thresholds'];
  /** Sets of thresholds over these, switched by the calendar: the first that names a day holds on it. */
  readonly profiles: readonly Profile[];
  /** Whether it is looked at where those turn their heads who may be lost. */
  readonly heads: boolean;
  /** When the branch is open; absent: always. */
  readonly hours?: Hours;
  /** Where prompts are posted to besides. */
  readonly webhooks: readonly WebhookSettings[];
  /** Whether Home Assistant is told of the branch. */
  readonly homeAssistant: boolean;
  readonly journal: JournalSettings;
  /** What is told and kept of where people are. */
  readonly privacy: { readonly level: PrivacyLevel };
  /** What works less well than it could, each a sentence: no floor, no entrance, four points only. */
  readonly remarks: readonly string[];
}

/** What a place is called on the wrist unless the branch names it. */
export const defaultNames: Record<Zone['kind'], { zh: string; en: string }> = {
  entrance: { zh: '门口', en: 'Door' },
  queue: { zh: '排队区', en: 'Queue' },
  service: { zh: '自助区', en: 'Machines' },
  staff: { zh: '员工区', en: 'Staff' },
  vip: { zh: '贵宾区', en: 'VIP' },
  desk: { zh: '柜台', en: 'Desk' },
  ignore: { zh: '不计', en: 'Ignored' },
};

export const hallName = { zh: '大厅', en: 'Hall' } as const;

/** Pairs that miss the fitted plane by more than this are misplaced, not shaky. */
const mostErrorMetres = 0.5;
/** What is wrong is a sentence, and stands in a log. */
const mostProblemLetters = 600;
/** A zone farther than this from every floor point is a slip of the pen. */
const mostReachMetres = 30;

/** Values of thresholds by path: `queue.waitSeconds`. */
export type ThresholdValues = Readonly<Record<string, number>>;

/**
 * Reads a branch file.
 *
 * @param text the YAML
 * @param file its name, for messages
 * @param beneath thresholds that hold where the file sets none, in place of the defaults: what the bank sends
 * @throws {LobbyError} `LOBBY_BRANCH_INVALID`, naming the line, the reason and the remedy: an unknown
 *         key, a crossing polygon, a zone off the floor, fewer than four pairs, pairs that fit no plane
 */
export function parseBranch(text: string, file: string, beneath: ThresholdValues = {}): Branch {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const refuse = (path: readonly PropertyKey[], problem: string, hint: string): never => {
    const at = lineOf(document.contents, path, lines);
    // A key may be as long as the file.
    const told = problem.length > mostProblemLetters ? `${problem.slice(0, mostProblemLetters)}…` : problem;
    throw new LobbyError('LOBBY_BRANCH_INVALID', {
      file: at === undefined ? file : `${file}:${at}`,
      problem: told,
      hint,
    });
  };
  const trouble = document.errors[0];
  if (trouble !== undefined) {
    throw new LobbyError('LOBBY_BRANCH_INVALID', {
      file: `${file}:${lines.linePos(trouble.pos[0]).line}`,
      problem:
        trouble.code === 'MULTIPLE_DOCS'
          ? 'it holds several documents, one after `---`'
          : trouble.message.replace(/\s+/g, ' '),
      hint: 'The file must be YAML; check indentation and brackets on that line.',
    });
  }
  if (!isMap(document.contents)) {
    refuse(
      [],
      'it holds no settings',
      'Begin with `branch:`, `cameras:` and `zones:`; edge/demo/branch.yaml is an example.',
    );
  }
  const parsed = branchSchema.safeParse(over(beneath, valuesOf(document, file)), { reportInput: true });
  if (!parsed.success) {
    // A misspelt key is also a missing one: its own name helps more than what it left out.
    const { issues } = parsed.error;
    const issue = issues.find((one) => one.code === 'unrecognized_keys') ?? issues[0]!;
    const [problem, hint] = inWords(issue);
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
    // An address may hold a login, and a secret may stand where its name belongs.
    const told = path[0] === 'webhooks' ? problem.replace(/, current value is .*$/s, '') : problem;
    refuse(path, hideAddresses(told), hint);
  }
  return understand(parsed.data!, refuse);
}

function understand(
  raw: BranchFile,
  refuse: (path: readonly PropertyKey[], problem: string, hint: string) => never,
): Branch {
  const remarks: string[] = [];
  unique(raw.cameras, 'cameras', refuse);
  unique(raw.zones, 'zones', refuse);

  const cameras = raw.cameras.map((camera, index): BranchCamera => {
    const { id, source, framesPerSecond } = camera;
    const known = camera.tls === undefined ? {} : { tls: camera.tls };
    if (camera.tls !== undefined && 'certificateIsNotChecked' in camera.tls) {
      remarks.push(
        `Camera ${id}: its certificate is not checked, as its tls says: whoever is between it and the box can take its place.`,
      );
    }
    if (camera.floor === undefined) {
      remarks.push(
        `Camera ${id} has no floor points: arrivals, departures and queues work in pixels; contact and wandering need metres and stay silent.`,
      );
      return { id, source, framesPerSecond, ...known };
    }
    const path = ['cameras', index, 'floor'];
    if (camera.floor.length < 4) {
      refuse(
        path,
        `floor must have 4 pairs or more, current value is ${camera.floor.length}`,
        'Add pairs of a spot in the picture and its place on the floor, spread out, not on one line.',
      );
    }
    const view = fitFloorView(
      camera.floor.map((pair) => ({
        pixel: { x: pair.pixel[0], y: pair.pixel[1] },
        floor: { x: pair.metres[0], y: pair.metres[1] },
      })),
    );
    if (view === undefined) {
      return refuse(
        path,
        'the floor pairs do not fit a plane',
        'Spread them out: no three of four on one line, and the same order in picture and floor.',
      );
    }
    if (view.worst.errorMetres > mostErrorMetres) {
      refuse(
        [...path, view.worst.index],
        `the floor pairs do not fit a plane: pair ${view.worst.index + 1} is off by ${view.worst.errorMetres.toFixed(2)} m, at most ${mostErrorMetres} m is allowed`,
        'Check its pixel and its metres, or take it out.',
      );
    }
    if (camera.floor.length === 4) {
      remarks.push(`Camera ${id} has four floor points, which always fit: add one to check them.`);
    }
    return { id, source, framesPerSecond, floor: view, ...known };
  });

  const reach = raw.cameras.flatMap((camera) => (camera.floor ?? []).map((pair) => pair.metres));
  const zones = raw.zones.map((zone, index) => understandZone(zone, index, raw, reach, cameras, refuse));
  if (!zones.some(({ zone }) => zone.kind === 'entrance')) {
    remarks.push('There is no entrance: nobody can be seen to arrive or depart.');
  }
  if (!zones.some(({ zone }) => zone.kind === 'staff')) {
    remarks.push(
      'There is no staff zone: staff cannot be told from customers, and nobody is seen to be met; that the hall is unattended, and which area to go round to, is not told.',
    );
  }
  return {
    id: raw.branch,
    cameras,
    zones,
    thresholds: raw.thresholds,
    profiles: understandProfiles(raw, remarks, refuse),
    heads: raw.heads,
    ...(raw.hours === undefined ? {} : { hours: raw.hours }),
    webhooks: raw.webhooks,
    homeAssistant: raw.homeAssistant,
    journal: raw.journal,
    privacy: raw.privacy,
    remarks,
  };
}

function understandProfiles(
  raw: BranchFile,
  remarks: string[],
  refuse: (path: readonly PropertyKey[], problem: string, hint: string) => never,
): readonly Profile[] {
  unique(raw.profiles, 'profiles', refuse);
  const profiles = toProfiles(raw.profiles);
  for (const [index, { id, name }] of profiles.entries()) {
    for (const language of ['zh', 'en'] as const) {
      const isTaken = profiles.slice(0, index).some((one) => one.name?.[language] === name?.[language]);
      if (name !== undefined && isTaken) {
        refuse(
          ['profiles', index, 'name', language],
          `profiles must have different names, ${name[language]} is there twice`,
          'Rename one of them.',
        );
      }
    }
    if (neverHolds(profiles, index)) {
      remarks.push(`Profile ${id} never holds: profiles before it have all of its days. Put it first.`);
    }
  }
  if (profiles.length > 0 && raw.hours === undefined) {
    remarks.push(
      "Profiles go by the machine's own time zone, since there are no hours: give hours.timezone.",
    );
  }
  return profiles;
}

/** @throws {LobbyError} where an alias names no anchor, or aliases multiply without end */
function valuesOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new LobbyError(
      'LOBBY_BRANCH_INVALID',
      {
        file,
        problem: cause instanceof Error ? cause.message : String(cause),
        hint: 'An alias (*name) must stand below its anchor (&name); write the value out instead.',
      },
      { cause },
    );
  }
}

/** The file's own values over others; what is wrong with them stays, so that it is told. */
function over(beneath: ThresholdValues, file: unknown): unknown {
  const { thresholds: own = {} } = file as { thresholds?: unknown };
  if (Object.keys(beneath).length === 0 || !isGroup(own)) return file;
  const thresholds: Record<string, unknown> = { ...own };
  for (const [path, value] of Object.entries(beneath)) {
    const [group, key] = path.split('.') as [string, string];
    const values = thresholds[group] ?? (Object.hasOwn(thresholds, group) ? null : {});
    if (isGroup(values) && !Object.hasOwn(values, key)) thresholds[group] = { ...values, [key]: value };
  }
  return { ...(file as object), thresholds };
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type RawZone = BranchFile['zones'][number];

function understandZone(
  raw: RawZone,
  index: number,
  branch: BranchFile,
  reach: readonly (readonly [number, number])[],
  cameras: readonly BranchCamera[],
  refuse: (path: readonly PropertyKey[], problem: string, hint: string) => never,
): BranchZone {
  const path = ['zones', index];
  const name = raw.name ?? defaultNames[raw.kind];
  const inPixels = raw.pixels !== undefined;
  if (inPixels && (raw.polygon !== undefined || raw.line !== undefined)) {
    refuse(path, `zone ${raw.id} is given in metres and in pixels`, 'Keep one of the two.');
  }
  const shape = shapeOf(raw);
  let plane = floorPlane;
  if (inPixels) {
    const bare = branch.cameras.filter((camera) => camera.floor === undefined);
    const camera = raw.camera ?? (bare.length === 1 ? bare[0]!.id : undefined);
    if (camera === undefined || !bare.some((one) => one.id === camera)) {
      refuse(
        path,
        `zone ${raw.id} is in pixels, but it is not clear of which camera`,
        'Name a camera without floor in `camera:`, or give the zone in metres.',
      );
    }
    plane = camera!;
  } else if (raw.camera !== undefined) {
    refuse(
      [...path, 'camera'],
      `zone ${raw.id} names a camera, but is in metres`,
      'Metres belong to the floor, not to a camera: take `camera:` out, or use `pixels:`.',
    );
  } else if (!cameras.some((camera) => camera.floor !== undefined)) {
    refuse(
      path,
      `zone ${raw.id} is in metres, but no camera has floor points`,
      'Add `floor:` pairs to a camera, or give the zone in `pixels:`.',
    );
  }

  for (const key of ['places', 'serves'] as const) {
    if (raw[key] !== undefined && raw.kind !== 'queue' && raw.kind !== 'service') {
      refuse(
        [...path, key],
        `zone ${raw.id} has ${key}, but nobody is served in a zone of kind ${raw.kind}`,
        'Only queue and service zones have it: take it out.',
      );
    }
  }

  if (raw.kind === 'entrance') {
    if (shape.line === undefined || shape.inside === undefined || shape.line.length !== 2) {
      return refuse(
        path,
        `entrance ${raw.id} must have a line and a point inside`,
        'Give `line: [[x, y], [x, y]]` and `inside: [x, y]`.',
      );
    }
    const [from, to] = shape.line.map(toPoint) as [PlanePoint, PlanePoint];
    const inside = toPoint(shape.inside);
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const off = Math.abs((to.x - from.x) * (inside.y - from.y) - (to.y - from.y) * (inside.x - from.x));
    if (length < 1e-6 || off / length < 0.01) {
      refuse(
        [...path, inPixels ? 'pixels' : 'inside'],
        `entrance ${raw.id} has its inside point on its line`,
        'Put the point a step inside the lobby.',
      );
    }
    if (!inPixels) onFloor(raw.id, [from, to, inside], reach, [...path, 'line'], cameras, refuse);
    return { zone: { id: raw.id, kind: 'entrance', plane, door: { from, to, inside } }, name };
  }
  if (shape.polygon === undefined) {
    return refuse(
      path,
      `zone ${raw.id} must have a polygon`,
      'Give `polygon: [[x, y], [x, y], [x, y], …]`, or `pixels:` for a camera without floor.',
    );
  }
  const corners = shape.polygon.map(toPoint);
  const at = [...path, inPixels ? 'pixels' : 'polygon'];
  if (corners.length < 3)
    refuse(
      at,
      `zone ${raw.id} must have 3 corners or more, current value is ${corners.length}`,
      'Add corners.',
    );
  const crossing = crossingEdges(corners);
  if (crossing !== undefined) {
    refuse(
      at,
      `zone ${raw.id}: edges ${crossing[0]} and ${crossing[1]} cross`,
      'List the corners in order around the zone.',
    );
  }
  if (Math.abs(signedArea(corners)) < 1e-6)
    refuse(at, `zone ${raw.id} has no area`, 'List three corners that are not on one line.');
  if (!inPixels) onFloor(raw.id, corners, reach, at, cameras, refuse);
  const zone: AreaZone = {
    id: raw.id,
    kind: raw.kind,
    plane,
    polygon: corners,
    ...(raw.places === undefined ? {} : { places: raw.places }),
    ...(raw.serves === undefined ? {} : { serves: raw.serves }),
  };
  return { zone, name };
}

interface Shape {
  readonly line?: readonly Point[] | undefined;
  readonly inside?: Point | undefined;
  readonly polygon?: readonly Point[] | undefined;
}

/** A zone's outline, in whichever of the allowed ways it was written. */
function shapeOf(raw: RawZone): Shape {
  if (raw.pixels === undefined) return raw;
  if (!Array.isArray(raw.pixels)) return raw.pixels;
  return raw.kind === 'entrance' ? { line: raw.pixels, inside: raw.inside } : { polygon: raw.pixels };
}

type Point = readonly [number, number];
const toPoint = (pair: Point): PlanePoint => ({ x: pair[0], y: pair[1] });

function onFloor(
  id: string,
  points: readonly PlanePoint[],
  reach: readonly Point[],
  path: readonly PropertyKey[],
  cameras: readonly BranchCamera[],
  refuse: (path: readonly PropertyKey[], problem: string, hint: string) => never,
): void {
  for (const one of points) {
    const nearest = Math.min(...reach.map(([x, y]) => Math.hypot(x - one.x, y - one.y)));
    if (nearest > mostReachMetres) {
      refuse(
        path,
        `zone ${id} is off the floor: (${one.x}, ${one.y}) is ${nearest.toFixed(1)} m from the nearest floor point`,
        `Zones are in metres, within ${mostReachMetres} m of a floor point; check for pixels or centimetres.`,
      );
    }
  }
  // A corner may lie behind the camera, under which it hangs; not all of them.
  const floors = cameras.flatMap(({ floor }) => (floor === undefined ? [] : [floor]));
  if (!floors.some(({ toPixel }) => points.some((one) => isBefore(toPixel, one)))) {
    refuse(
      path,
      `zone ${id} is off the floor: it lies behind every camera`,
      'Check the signs of its coordinates; x and y are the same as in the floor points.',
    );
  }
}

function unique(
  list: readonly { readonly id: string }[],
  key: string,
  refuse: (path: readonly PropertyKey[], problem: string, hint: string) => never,
): void {
  for (const [index, one] of list.entries()) {
    if (list.findIndex((other) => other.id === one.id) !== index) {
      refuse(
        [key, index, 'id'],
        `${key} must have different ids, ${one.id} is there twice`,
        'Rename one of them.',
      );
    }
  }
}

/** What a value may be, in words; zod's own names are for programmers. */
const kindsInWords: Readonly<Record<string, string>> = {
  array: 'a list',
  tuple: 'a list',
  object: 'a group of settings',
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
};

/** Wherever an address was put by mistake, all up to its last `@` goes, and all behind a `?`. */
function hideAddresses(problem: string): string {
  return problem.replace(/:\/\/.*@/gs, '://***@').replace(/(:\/\/[^\s?]*)\?.*$/gs, '$1?***');
}

function inWords(issue: z.core.$ZodIssue): [problem: string, hint: string] {
  const where = issue.path.length === 0 ? 'the file' : issue.path.map(String).join('.');
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    const wanted =
      issue.code === 'invalid_type'
        ? (kindsInWords[issue.expected] ?? issue.expected)
        : `one of ${issue.values.map(String).join(', ')}`;
    return [`${where} must be ${wanted}, and is missing`, `Give ${where} a value.`];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return [
        `${[...issue.path, issue.keys[0]].map(String).join('.')} is not a known key`,
        'Take it out, or correct its spelling; unknown keys are refused so that a slip is not taken for a setting.',
      ];
    case 'invalid_type':
      return [
        `${where} must be ${kindsInWords[issue.expected] ?? issue.expected}, current value is ${shown(issue.input)}`,
        'Correct it; edge/demo/branch.yaml has an example of each key.',
      ];
    case 'too_small':
      return [
        `${where} must ${limit(issue.origin, 'at least', issue.minimum)}, current value is ${shown(issue.input)}`,
        'Choose a value within the range.',
      ];
    case 'too_big':
      return [
        `${where} must ${limit(issue.origin, 'at most', issue.maximum)}, current value is ${shown(issue.input)}`,
        'Choose a value within the range.',
      ];
    case 'invalid_value':
      return [
        `${where} must be one of ${issue.values.map(String).join(', ')}, current value is ${shown(issue.input)}`,
        'Choose one of these.',
      ];
    case 'invalid_union':
      return [
        `${where} has none of the shapes it may have, current value is ${shown(issue.input)}`,
        'Give a list of points, [[x, y], [x, y], …], or the same under `polygon:`, or `line:` and `inside:`.',
      ];
    default:
      return [
        `${where} ${issue.message}, current value is ${shown(issue.input)}`,
        'Correct it; edge/demo/branch.yaml has an example of each key.',
      ];
  }
}

function limit(origin: string, bound: string, value: number | bigint): string {
  if (origin === 'array') return `have ${bound} ${value} ${value === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') return `have ${bound} ${value} ${value === 1 ? 'letter' : 'letters'}`;
  return `be ${bound} ${value}`;
}

/** A value as it can stand in a sentence: short, on one line. */
function shown(value: unknown): string {
  // Hidden before it is cut short: of a long password the @ that ends it would be cut off.
  const text = hideAddresses(typeof value === 'number' ? String(value) : JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function lineOf(root: Node | null, path: readonly PropertyKey[], lines: LineCounter): number | undefined {
  let at: number | undefined;
  let node: unknown = root;
  for (const key of path) {
    if (node === null || typeof node !== 'object') break;
    if (isMap(node)) {
      const pair = node.items.find((item) => (item.key as { value?: unknown }).value === key);
      if (pair === undefined) break;
      at = (pair.key as Node).range?.[0] ?? at;
      node = pair.value;
    } else if ('items' in node && Array.isArray(node.items)) {
      node = node.items[Number(key)];
      at = (node as Node | undefined)?.range?.[0] ?? at;
    } else break;
  }
  return at === undefined ? undefined : lines.linePos(at).line;
}
