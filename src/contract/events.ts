import { z } from 'zod';
import { type Happening, happeningKinds } from '../core/behaviours/behaviour.ts';
import { floorPlane } from '../core/floor/zones.ts';

const point = z.tuple([z.number(), z.number()]);

/** One line of an events file: something that was noticed, at the media time at which it was known. */
export const eventSchema = z.object({
  t: z.number().describe('Seconds of media time'),
  kind: z.string().max(40),
  visit: z.string().max(60).nullable().optional(),
  role: z.enum(['customer', 'staff', 'unknown']),
  zone: z.string().max(40).nullable().optional(),
  at: point
    .nullable()
    .describe('Floor position in metres; null where no one person is meant, or without floor'),
  pixel: point.optional().describe('The feet, for a camera without floor'),
  camera: z.string().max(40).optional(),
  waited: z.number().optional().describe('Seconds from arrival to first contact, or of waiting in the queue'),
  served: z.boolean().nullable().optional(),
  people: z.number().optional(),
  figures: z.record(z.string().max(40), z.number()).optional().describe('What a verdict rests on, by name'),
  towards: z.string().max(40).optional().describe('`divert`: the place that is free'),
  of: z.string().max(40).optional().describe('`over`: what is over'),
  because: z.string().max(40).optional().describe('`over`: why'),
});
export type LobbyEvent = z.infer<typeof eventSchema>;

export const eventKinds = happeningKinds;

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

const roundedAll = (figures: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value, 2)]));

/** Writes a happening as an event. Keys come in one order, numbers in one precision: replays compare by bytes. */
export function toEvent(happening: Happening): LobbyEvent {
  const { where } = happening;
  const onFloor = happening.plane === floorPlane;
  const position: [number, number] | null =
    where === undefined ? null : [rounded(where.x, 3), rounded(where.y, 3)];
  return {
    t: rounded(happening.at, 3),
    kind: happening.kind,
    visit: happening.visit ?? null,
    role: happening.role,
    zone: happening.zone ?? null,
    at: onFloor ? position : null,
    ...(onFloor ? {} : { camera: happening.plane, ...(position === null ? {} : { pixel: position }) }),
    ...(happening.waitedSeconds === undefined ? {} : { waited: rounded(happening.waitedSeconds, 2) }),
    ...(happening.served === undefined ? {} : { served: happening.served }),
    ...(happening.people === undefined ? {} : { people: happening.people }),
    ...(happening.figures === undefined ? {} : { figures: roundedAll(happening.figures) }),
    ...(happening.towards === undefined ? {} : { towards: happening.towards }),
    ...(happening.of === undefined ? {} : { of: happening.of }),
    ...(happening.because === undefined ? {} : { because: happening.because }),
  };
}
