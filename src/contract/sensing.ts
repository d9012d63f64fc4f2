import { z } from 'zod';
import { blindReasons } from '../core/sight/watch.ts';
import { mostParts } from './recording.ts';

/**
 * What crosses from sensing to understanding: all there is of a picture once it has been looked at. The types of the
 * core say the same; this says it for programs and for docs/privacy.md, and test/docs/privacy.test.ts holds them together.
 */

const pixels = z.number();
const score = z.number().min(0).max(1);
const camera = z.string().max(40).describe('Its id in the branch file.');
const at = z.number().describe('When the picture was taken, in seconds.');
const edges = z.strictObject({ left: pixels, top: pixels, right: pixels, bottom: pixels });

/** Somebody in one picture. */
export const personSchema = z.strictObject({
  box: z.strictObject({
    left: pixels.describe('Left edge of the box round them, in pixels: where they are.'),
    top: pixels.describe('Upper edge.'),
    right: pixels.describe('Right edge.'),
    bottom: pixels.describe('Lower edge: where their feet are.'),
  }),
  score: score.describe('How sure the detector is that it is a person.'),
  spread: edges
    .extend({
      left: pixels.describe('How far off the left edge may be, in pixels.'),
      top: pixels.describe('The same of the upper edge.'),
      right: pixels.describe('The same of the right edge.'),
      bottom: pixels.describe('The same of the lower edge.'),
    })

    .optional(),
  head: z
    .strictObject({
      yaw: z.number().describe('Where the head is turned, in radians: of those alone who may be lost.'),
      score: score.describe('How sure that is.'),
    })

    .optional(),
});

/** One moment of one camera. */
export const observationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('people').describe('There was a picture, and it was looked at.'),
    camera,
    at,
    people: z.array(personSchema).max(500),
    within: z
      .array(
        edges.extend({
          left: pixels.describe('Left edge of a part of the picture, in pixels.'),
          top: pixels.describe('Upper edge of the part.'),
          right: pixels.describe('Right edge of the part.'),
          bottom: pixels.describe('Lower edge of the part.'),
        }),
      )
      .min(1)
      .max(mostParts)
      .optional(),
    frame: z
      .strictObject({
        width: pixels.describe('Width of the picture, in pixels.'),
        height: pixels.describe('Height of the picture, in pixels.'),
      })

      .optional(),
  }),
  z.strictObject({ kind: z.literal('quiet').describe('There was no picture.'), camera, at }),
  z.strictObject({
    kind: z.literal('blind').describe('There was a picture, and it could not be trusted.'),
    camera,
    at,
    why: z.enum(blindReasons).describe('Why it could not.'),
  }),
]);
