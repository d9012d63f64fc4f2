import { z } from 'zod';
import type { SightVerdict } from '../core/sight/judge-sight.ts';
import { blindReasons } from '../core/sight/watch.ts';
import type { Person, Size } from '../core/units.ts';
import { mostPeopleOfPage, type PageTrouble, pageTroubles } from './browser-camera-limits.ts';

/** Whole pixels: a box needs no finer, and a finer one would have room for more than a box. */
const sidePx = z.int().min(16).max(4_096);
const edgePx = z.int().min(-8_192).max(8_192);
const percent = z.int().min(0).max(100);
/** Seconds since 1970 by the box's clock, to the millisecond. */
const moment = z.number().min(0).max(1e11).multipleOf(0.001);

const personSchema = z
  .strictObject({
    left: edgePx.describe('The left edge of the box around somebody, in pixels.'),
    top: edgePx.describe('Its upper edge.'),
    right: edgePx.describe('Its right edge.'),
    bottom: edgePx.describe('Its lower edge, where the feet are.'),
    score: percent.describe('How sure it is that somebody is there, in percent.'),
    bottomOffPx: z
      .int()
      .min(1)
      .max(4_096)
      .optional()
      .describe('How far off the lower edge may be; absent: the ankles were seen.'),
    headDegrees: z.int().min(-180).max(180).optional().describe('Where the head is turned, in degrees.'),
    headScore: percent.optional().describe('How sure that is, in percent.'),
  })
  .refine(({ left, right, top, bottom }) => left < right && top < bottom, 'must have a width and a height')
  .refine(
    ({ headDegrees, headScore }) => (headDegrees === undefined) === (headScore === undefined),
    'must have both figures of a head, or none',
  );

/**
 * All that a page may tell the box: people as boxes with where their heads are turned, that it cannot see, and what it
 * needs to learn the box's time. Each is closed: a field that is not here ends the connection.
 */
export const pageSaysSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ping'),
    sent: z
      .int()
      .min(0)
      .max(1e12)
      .describe("The page's own count of milliseconds, which comes back with the box's time."),
  }),
  z.strictObject({
    kind: z.literal('begin'),
    width: sidePx,
    height: sidePx,
  }),
  z.strictObject({
    kind: z.literal('people'),
    at: moment,
    people: z.array(personSchema).max(mostPeopleOfPage),
  }),
  z.strictObject({
    kind: z.literal('blind'),
    at: moment,
    why: z.enum(blindReasons),
    told: z.boolean().describe('Whether it has been so for long enough to be told.'),
  }),
  z.strictObject({
    kind: z.literal('trouble'),
    why: z.enum(Object.keys(pageTroubles) as [PageTrouble, ...PageTrouble[]]),
  }),
]);
export type PageSays = z.infer<typeof pageSaysSchema>;
export type PagePerson = z.infer<typeof personSchema>;

/** All that the box tells a page. */
export const boxSaysSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('welcome'),
    camera: z.string(),
    framesPerSecond: z.number(),
  }),
  z.strictObject({ kind: z.literal('pong'), sent: z.number(), at: z.number() }),
]);
export type BoxSays = z.infer<typeof boxSaysSchema>;

/** What a page asks first: which camera it is. */
export const pageCameraSchema = z.strictObject({
  v: z.literal(1),
  camera: z.string().max(40).describe("The camera's name in the branch file."),
  framesPerSecond: z.number().describe('How many frames a second it is to look at.'),
  model: z
    .enum(['present', 'missing', 'changed'])
    .describe('Whether the box has the file of the model that finds people in the page.'),
});
export type PageCamera = z.infer<typeof pageCameraSchema>;

/** What a code is shown for. */
export const pairAskSchema = z.strictObject({
  code: z
    .string()
    .min(1)
    .max(40)
    .describe('As `lobby pair` shows it; spaces, hyphens and small letters do no harm.'),
});

/** What a page tells of somebody as the core knows people. */
export function personOf(told: PagePerson, picture: Size): Person {
  const { left, top, right, bottom, score, bottomOffPx, headDegrees, headScore } = told;
  const width = right - left;
  return {
    box: { left, top, right, bottom },
    score: score / 100,
    // Edges from points of a body: as good as a detector's, the lower one where ankles were seen.
    spread: {
      left: Math.max(1, width * 0.08),
      right: Math.max(1, width * 0.08),
      top: Math.max(1, (bottom - top) * 0.04),
      bottom: Math.min(picture.height, bottomOffPx ?? Math.max(1, (bottom - top) * 0.03)),
    },
    ...(headDegrees === undefined || headScore === undefined
      ? {}
      : { head: { yaw: (headDegrees / 180) * Math.PI, score: headScore / 100 } }),
  };
}

/** A page's verdict on its own picture, as the service's own would be. */
export function sightOf(says: PageSays): SightVerdict {
  if (says.kind !== 'blind') return { trusted: true };
  const { why, told, at } = says;
  return { trusted: false, why, ...(told ? { blind: { why, since: at } } : {}) };
}
