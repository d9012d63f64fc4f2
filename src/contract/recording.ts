import { z } from 'zod';
import { blindReasons } from '../core/sight/watch.ts';
import type { Observation } from '../core/step.ts';
import type { Person, PixelBox } from '../core/units.ts';
import { LobbyError } from './errors.ts';

/**
 * What the detector saw, as boxes and times and nothing else: JSON lines, a header first. A recording
 * replays in a moment, and holds nothing a picture could be made from.
 */
export const recordingHeaderSchema = z.strictObject({
  recording: z.literal(1),
  branch: z.string().max(200),
  detector: z.string().max(500),
});

/** No picture is so large, and no recording of so far away: squares of what is larger are no numbers any more. */
const farthest = 1e6;
/** In seconds, from the start of a clip or since 1970. */
const latest = 1e10;

const share = z.number().min(0).max(1);
/** Where a head was turned, in radians, and how sure that is. */
const head = z.tuple([z.number().min(-Math.PI).max(Math.PI), share]);
/** How far off the left, upper, right and lower edge may be, in pixels. */
const off = z.number().min(0).max(farthest);
const spread = z.tuple([off, off, off, off]);
const edge = z.number().min(-farthest).max(farthest);
const seen = [edge, edge, edge, edge, share] as const;
/** `[left, top, right, bottom, score]`, then four numbers of how far off those edges may be, and `[yaw, score]` of the head. */
export const personTuple = z.union([
  z.tuple([...seen, head.optional()]),
  z.tuple([...seen, spread, head.optional()]),
]);
export type PersonTuple = z.infer<typeof personTuple>;
/** A part of a picture: `[left, top, right, bottom]`, in its pixels. */
export const partTuple = z.tuple([edge, edge, edge, edge]);
export type PartTuple = z.infer<typeof partTuple>;
/** Parts a look may be of: as many doors as one camera shows, and no more numbers than somebody's box and head take. */
export const mostParts = 4;

/**
 * One moment of one camera; absent `people` are that there was no look. Each is `[left, top, right, bottom, score]`,
 * then what else is known of them: four numbers are how far off those edges may be, two are `[yaw, score]` of their
 * head.
 */
export const recordingLineSchema = z.strictObject({
  camera: z.string().max(200),
  at: z.number().min(-latest).max(latest),
  people: z.array(personTuple).max(500).optional(),
  /** The parts of the picture that were looked at; absent: all of it. */
  within: z.array(partTuple).min(1).max(mostParts).optional(),
  /** There was a frame, and it could not be trusted. */
  blind: z.enum(blindReasons).optional(),
  /** Width and height of the camera's own picture. */
  frame: z.tuple([z.int().min(1), z.int().min(1)]).optional(),
});

type Known = z.infer<typeof spread> | z.infer<typeof head> | undefined;

function knownOf(known: Known): Pick<Person, 'spread' | 'head'> {
  if (known === undefined) return {};
  if (known.length === 2) return { head: { yaw: known[0], score: known[1] } };
  const [left, top, right, bottom] = known;
  return { spread: { left, top, right, bottom } };
}

const tenths = ({ left, top, right, bottom }: PixelBox) =>
  [left, top, right, bottom].map((value) => Number(value.toFixed(1)));

/** Pixels to a tenth. */
export const toEdges = (part: PixelBox): PartTuple => tenths(part) as PartTuple;

export const ofEdges = ([left, top, right, bottom]: PartTuple): PixelBox => ({ left, top, right, bottom });

/** Pixels to a tenth, scores to a thousandth, heads to a hundredth: finer than any of them is meant. */
export function toTuple({ box, score, spread, head }: Person): PersonTuple {
  return [
    ...tenths(box),
    Number(score.toFixed(3)),
    ...(spread === undefined ? [] : [tenths(spread)]),
    ...(head === undefined ? [] : [[Number(head.yaw.toFixed(2)), Number(head.score.toFixed(2))]]),
  ] as unknown as PersonTuple;
}

export function ofTuple([left, top, right, bottom, score, ...more]: PersonTuple): Person {
  return { box: { left, top, right, bottom }, score, ...Object.assign({}, ...more.map(knownOf)) };
}

export function toRecordingLine(observation: Observation): string {
  const at = Number(observation.at.toFixed(3));
  if (observation.kind === 'quiet') return JSON.stringify({ camera: observation.camera, at });
  if (observation.kind === 'blind') {
    return JSON.stringify({ camera: observation.camera, at, blind: observation.why });
  }
  const people = observation.people.map(toTuple);
  const { frame, within } = observation;
  const size = frame === undefined ? {} : { frame: [frame.width, frame.height] };
  const parts = within === undefined ? {} : { within: within.map(toEdges) };
  return JSON.stringify({ camera: observation.camera, at, people, ...parts, ...size });
}

/**
 * Reads a recording.
 *
 * @throws {LobbyError} `LOBBY_FILE_INVALID` naming the line that does not fit
 */
export function parseRecording(text: string, file: string): Observation[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index): Observation[] => {
    // The header must be there, in an empty file too; further empty lines say nothing.
    if (index > 0 && line.trim() === '') return [];
    try {
      const raw: unknown = JSON.parse(line);
      if (index === 0) {
        recordingHeaderSchema.parse(raw);
        return [];
      }
      const { camera, at, people, within, blind, frame } = recordingLineSchema.parse(raw);
      if (blind !== undefined) return [{ kind: 'blind' as const, camera, at, why: blind }];
      if (people === undefined) return [{ kind: 'quiet' as const, camera, at }];
      return [
        {
          kind: 'people' as const,
          camera,
          at,
          people: people.map(ofTuple),
          ...(within === undefined ? {} : { within: within.map(ofEdges) }),
          ...(frame === undefined ? {} : { frame: { width: frame[0], height: frame[1] } }),
        },
      ];
    } catch (cause) {
      throw new LobbyError(
        'LOBBY_FILE_INVALID',
        {
          file: `${file}:${index + 1}`,
          problem: 'the line is not part of a recording',
          hint: 'A recording is made with `lobby replay --record FILE`.',
        },
        { cause },
      );
    }
  });
}
