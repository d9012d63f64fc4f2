import { z } from 'zod';
import { zoneKinds } from '../core/floor/zones.ts';
import { mostSourceLetters } from './branch.ts';
import { settingsChangeSchema, troubleShape } from './settings.ts';
import { promptStateSchema } from './topics.ts';

/**
 * What the set-up pages ask and are told: cameras, their floor points, zones, the empty-lobby plate, the walk test.
 *
 * All of it is for the role installer. An address is told without its login; no picture travels but the plate, which
 * has nobody in it.
 */

const moment = promptStateSchema.shape.at;
const slug = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and hyphens, 40 at most');
const coordinate = z.number().min(-100_000).max(100_000);
const point = z.tuple([coordinate, coordinate]);
const polygon = z.array(point).max(64);
const line = z.tuple([point, point]);
const seconds = z.number().min(0).max(1e6);
const share = z.number().min(0).max(1);
const version = z.int().min(1);
const size = z.strictObject({ width: z.int().min(1), height: z.int().min(1) });
/** An address without its login, which is longer by three stars at most. */
const shown = z
  .string()
  .max(mostSourceLetters + 10)
  .meta({ description: 'As it is shown, without login.' });
const inBoth = z.strictObject({ zh: z.string().max(300), en: z.string().max(400) });
const trouble = z.strictObject(troubleShape);

/** How long a try may take, from the first packet to the verdict. */
export const tryWithinSeconds = 10;
/** A plate that nobody has asked for so long is let go of. */
export const plateLeaseSeconds = 60;
/** However often it is asked for, after so long it is let go of and must be begun again. */
export const plateMostSeconds = 3_600;
/** A walk test ends by itself after so long. */
export const walkMostSeconds = 1_800;

/** A camera as it is drawn up: the address as it is shown, and what is new about it. */
export const draftCameraSchema = z.strictObject({
  id: slug,
  source: z.string().min(1).max(500).meta({
    description:
      'rtsp(s)://, http(s):// or /dev/video0, without a login. One that is as it was told keeps what the file says, login included.',
  }),
  login: z
    .strictObject({ user: z.string().min(1).max(100), password: z.string().max(200) })
    .optional()
    .meta({ description: 'Of a new address. It is written to the branch file and told to nobody again.' }),
  framesPerSecond: z.number().min(0.2).max(30).default(5),
  floor: z
    .array(z.strictObject({ pixel: point, metres: point }))
    .max(64)
    .default([])
    .meta({ description: 'Spots in the camera’s own picture, in pixels, and where they are on the floor.' }),
});
export type DraftCamera = z.infer<typeof draftCameraSchema>;

/** A zone as it is drawn up. An entrance has `line` and `inside`, any other kind a polygon. */
export const draftZoneSchema = z.strictObject({
  id: slug,
  kind: z.enum(zoneKinds),
  name: z
    .strictObject({ zh: z.string().max(40), en: z.string().max(40) })
    .optional()
    .meta({ description: 'On the wrist: at most 5 Chinese or 9 Latin letters. Absent: the usual one.' }),
  polygon: polygon.optional(),
  line: line.optional(),
  inside: point.optional(),
  places: z.int().min(1).max(50).optional(),
  serves: z.array(slug).min(1).max(16).optional(),
  camera: slug
    .optional()
    .meta({ description: 'Present: all points are pixels of this camera, else metres.' }),
});
export type DraftZone = z.infer<typeof draftZoneSchema>;

/** What is drawn up, on which version. Lists are whole: what is not in them is taken out of the branch file. */
export const setupDraftSchema = z.strictObject({
  version: version.meta({ description: 'The version it was drawn up on.' }),
  cameras: z.array(draftCameraSchema).max(16),
  zones: z.array(draftZoneSchema).max(64),
});
export type SetupDraft = z.infer<typeof setupDraftSchema>;

export const setupSaveSchema = setupDraftSchema.extend({
  why: z.string().max(300).default('').meta({ description: 'A few words, for whoever looks later.' }),
});
export type SetupSave = z.infer<typeof setupSaveSchema>;

/** How it is set up now. */
export const setupSchema = z.strictObject({
  v: z.literal(1),
  version,
  latest: settingsChangeSchema,
  keptIn: z.enum(['file', 'memory']).meta({ description: 'memory: gone with a restart, as in the demo.' }),
  cannotSave: trouble.optional(),
  cameras: z.array(
    draftCameraSchema.omit({ login: true }).extend({
      hasLogin: z.boolean().meta({ description: 'The file has a login for it, which is told to nobody.' }),
      picture: size.optional().meta({ description: 'Size of its picture; absent: not seen yet.' }),
    }),
  ),
  zones: z.array(draftZoneSchema),
  canGoBack: z
    .boolean()
    .meta({ description: 'The version before this one is kept, so that the last save can be undone.' }),
});
export type SetupPayload = z.infer<typeof setupSchema>;

/** What is wrong with a draft, or could be better. Errors stop a save, warnings do not. */
export const setupRemarkSchema = z.strictObject({
  path: z
    .array(z.union([z.string().max(40), z.int()]))
    .max(6)
    .meta({ description: 'Where in the draft: `["zones", 2, "polygon"]`.' }),
  say: inBoth,
});
export type SetupRemark = z.infer<typeof setupRemarkSchema>;

/** What a save would do. */
export const setupPreviewSchema = z.strictObject({
  v: z.literal(1),
  version: version.meta({ description: 'In force now; another than the draft’s: somebody saved meanwhile.' }),
  changes: z.array(inBoth).max(200).meta({ description: 'In words; empty: nothing differs.' }),
  diff: z
    .string()
    .max(200_000)
    .meta({ description: 'Of the branch file, unified, three lines around; logins are hidden.' }),
  errors: z.array(setupRemarkSchema).max(100),
  warnings: z.array(setupRemarkSchema).max(100),
});
export type SetupPreview = z.infer<typeof setupPreviewSchema>;

/** A save on a version that is no more: how it is now, and what was saved since, newest first. */
export const setupConflictSchema = z.strictObject({
  ...troubleShape,
  current: setupSchema,
  since: z.array(settingsChangeSchema),
});
export type SetupConflict = z.infer<typeof setupConflictSchema>;

/** Cameras, floor points and zones as they were in an older version; the thresholds stay as they are. */
export const setupBackSchema = z.strictObject({
  version: version.meta({ description: 'In force, as the asker knows it.' }),
  to: version,
  why: z.string().max(300).default(''),
});
export type SetupBack = z.infer<typeof setupBackSchema>;

/** A try: of an address that is new, or of a camera in the branch file. */
export const cameraTryAskSchema = z.union([
  z.strictObject({
    source: draftCameraSchema.shape.source,
    login: draftCameraSchema.shape.login,
    framesPerSecond: draftCameraSchema.shape.framesPerSecond,
  }),
  z.strictObject({ camera: slug }),
]);
export type CameraTryAsk = z.infer<typeof cameraTryAskSchema>;

/** What came of a try. A camera that does not answer is a result and no error of the request. */
export const cameraTrySchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    v: z.literal(1),
    outcome: z.literal('decodes'),
    source: shown,
    picture: size,
    codec: z.string().max(40),
    framesPerSecond: z
      .number()
      .min(0)
      .meta({ description: 'Measured: of those that were asked for, as many as came.' }),
    asked: z.number(),
    firstFrameAfterSeconds: seconds.meta({ description: 'From asking to the first picture.' }),
    firstFrameAgeSeconds: seconds.optional().meta({
      description: 'How old the first picture was when it was there; absent: the source has no clock.',
    }),
    sight: z
      .enum(['dark', 'covered', 'defocused', 'frozen', 'too-slow'])
      .optional()
      .meta({ description: 'It decodes, but nobody could be seen in it.' }),
  }),
  z.strictObject({
    v: z.literal(1),
    outcome: z.enum(['no-answer', 'wrong-login', 'unsupported', 'missing']),
    source: shown,
    trouble,
  }),
]);
export type CameraTry = z.infer<typeof cameraTrySchema>;

/** What a camera still lacks. */
export const missingParts = ['floor', 'fifth-point', 'zones', 'entrance', 'walk-test'] as const;

/** The cameras of the branch file, as they are now. */
export const setupCamerasSchema = z.strictObject({
  v: z.literal(1),
  at: moment,
  cameras: z.array(
    z.strictObject({
      id: slug,
      source: shown,
      state: z.enum(['starting', 'live', 'blind', 'quiet', 'lost']),
      since: moment,
      picture: size.optional(),
      codec: z.string().max(40).optional(),
      framesPerSecond: z.number().min(0).meta({ description: 'Looked at, over the last ten seconds.' }),
      asked: z.number(),
      trouble: trouble.optional(),
      floorPoints: z.int().min(0),
      zones: z.array(slug).meta({ description: 'Those it sees.' }),
      missing: z.array(z.enum(missingParts)),
      walked: z
        .strictObject({ at: moment, version, crossings: z.int().min(0), missed: z.int().min(0) })
        .optional()
        .meta({ description: 'The last walk test that was accepted with these cameras and zones.' }),
    }),
  ),
});
export type SetupCameras = z.infer<typeof setupCamerasSchema>;

/**
 * How far an empty-lobby plate is. The plate itself is a PNG at `…/plate`, transparent where the spot was never seen
 * empty for long enough.
 */
export const plateProgressSchema = z.strictObject({
  v: z.literal(1),
  phase: z.enum(['off', 'waiting', 'building', 'ready']).meta({
    description: 'off: begin it. waiting: no picture yet. ready: every spot is there.',
  }),
  ready: share.meta({ description: 'Share of the picture that is there.' }),
  picture: size.optional().meta({ description: 'Of the camera; floor points are in its pixels.' }),
  plate: size.optional().meta({ description: 'Of the PNG: the same picture, perhaps smaller.' }),
  revision: z
    .int()
    .min(0)
    .meta({ description: 'Another number: another plate. As `?r=` it makes an image anew.' }),
  cells: z
    .strictObject({
      columns: z.int().min(1),
      rows: z.int().min(1),
      mask: z.string().max(20_000).meta({ description: 'Row by row, `1` there, `0` not yet.' }),
    })
    .optional(),
  endsAt: moment.optional().meta({ description: 'Until when it is built, unless it is asked for again.' }),
  blind: z.boolean().meta({ description: 'The camera sees nothing now: it does not get on.' }),
});
export type PlateProgress = z.infer<typeof plateProgressSchema>;

const directions = ['in', 'out'] as const;

/** A walk test as it is. */
export const walkSchema = z.strictObject({
  v: z.literal(1),
  phase: z.enum(['off', 'walking', 'accepted', 'ended']),
  at: moment,
  startedAt: moment.optional(),
  endsAt: moment.optional(),
  version: version.optional().meta({ description: 'Of the settings it walks; another one ends it.' }),
  goal: z.int().meta({ description: 'Crossings each way that are worth walking.' }),
  doors: z.array(
    z.strictObject({
      id: slug,
      in: z.int().min(0),
      out: z.int().min(0),
      missedIn: z.int().min(0),
      missedOut: z.int().min(0),
    }),
  ),
  crossings: z
    .array(z.strictObject({ at: moment, door: slug, direction: z.enum(directions), counted: z.boolean() }))
    .max(200)
    .meta({ description: 'Newest last; one that was not counted is a miss the walker noted.' }),
  zones: z.array(
    z.strictObject({
      id: slug,
      seen: z.boolean(),
      afterSeconds: seconds
        .optional()
        .meta({ description: 'From the picture in which somebody first stood there until the box knew.' }),
      forSeconds: seconds.meta({ description: 'How long somebody was seen there, in all.' }),
    }),
  ),
});
export type WalkPayload = z.infer<typeof walkSchema>;

export const walkMissSchema = z.strictObject({ door: slug, direction: z.enum(directions) });
export type WalkMiss = z.infer<typeof walkMissSchema>;

export const walkVerdictSchema = z.discriminatedUnion('verdict', [
  z.strictObject({
    verdict: z.literal('accepted'),
    name: z.string().trim().min(1).max(40).meta({ description: 'Who walked; it is written to the journal.' }),
    note: z.string().max(300).optional(),
  }),
  z.strictObject({ verdict: z.literal('problem'), note: z.string().trim().min(1).max(300) }),
]);
export type WalkVerdict = z.infer<typeof walkVerdictSchema>;
