import { z } from 'zod';
import { LobbyError } from './errors.ts';

const place = z.number().min(-1e6).max(1e6);
const side = z.number().min(0).max(1e6);

/** Who truly is in some frames of a clip, as boxes: `boxes.json` beside it. */
export const boxesSchema = z.object({
  width: z.int().min(1).max(100_000).describe('Of the clip’s own picture, in pixels.'),
  height: z.int().min(1).max(100_000),
  frames: z
    .array(
      z.object({
        t: z.number().min(0).max(1e6).describe('Seconds from the first frame.'),
        people: z
          .array(
            z.object({
              box: z
                .tuple([place, place, side, side])
                .describe('Left, top, width, height: tight around what shows.'),
              visible: z
                .number()
                .min(0)
                .max(1)
                .default(1)
                .describe('How much of them shows. Below 0.3 nobody is asked to find them.'),
            }),
          )
          .max(500),
      }),
    )
    .min(1)
    .max(100_000)
    .describe('In order of time. Frames that are not named are not judged.'),
});

export type BoxesTruth = z.infer<typeof boxesSchema>;

/** @throws {LobbyError} `LOBBY_FILE_INVALID` naming the field */
export function parseBoxes(text: string, file: string): BoxesTruth {
  const hint = 'docs/models.md shows what such a file has in it.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new LobbyError('LOBBY_FILE_INVALID', { file, problem: 'it is not JSON', hint }, { cause });
  }
  const parsed = boxesSchema.safeParse(json);
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new LobbyError('LOBBY_FILE_INVALID', { file, problem: `${path.join('.')}: ${message}`, hint });
  }
  const late = parsed.data.frames.findIndex(({ t }, index, all) => index > 0 && t <= all[index - 1]!.t);
  if (late < 0) return parsed.data;
  throw new LobbyError('LOBBY_FILE_INVALID', {
    file,
    problem: `frames.${late}.t: it must be later than the one before`,
    hint,
  });
}
