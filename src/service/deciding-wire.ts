import type { DecidingPayload } from '../contract/deciding.ts';
import type { HandedOver } from '../core/hand-over.ts';
import type { Seconds } from '../core/units.ts';

/**
 * What a box that decides knows of those who are there, as it goes over the wire and back.
 *
 * Moments are told from the moment of the whole: they are short so, and whoever goes on has them by their own clock
 * once they know how far the two are apart. Places are told to a millimetre.
 */

/** What holds a moment by its name, wherever it stands: `at`, `since`, `until`, and what ends so. */
const isMoment = (key: string): boolean => /^(?:at|since|until)$|(?:At|Since|Until)$/.test(key);

/** Every moment in it, told otherwise; everything else as it is, but for what is absent. */
function withMoments(value: unknown, change: (moment: number) => number, key = ''): unknown {
  if (typeof value === 'number') return isMoment(key) ? change(value) : value;
  if (Array.isArray(value)) return value.map((one) => withMoments(one, change, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [name, withMoments(one, change, name)]),
  );
}

const milli = (value: number): number => Math.round(value * 1000) / 1000;

/** Numbers to a thousandth: more is noise, and costs half of the message. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return milli(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rounded(one)]));
}

export interface Saying {
  readonly term: number;
  readonly n: number;
  /** By the clock of this box. */
  readonly saidAt: Seconds;
}

/** What brokers of this project are set up to take, with room for what stands around it. */
const mostBytes = 120_000;

/**
 * @returns the message, and how it is written. Of a lobby that is fuller than a message may be, ways are left out
 *          first, and then who is there: what was said to wrists is always in it
 */
export function toDeciding(handed: HandedOver, saying: Saying): { payload: DecidingPayload; text: string } {
  const whole = written(handed, saying);
  if (whole.text.length <= mostBytes) return whole;
  const withoutWays = { ...handed, visits: handed.visits.map((visit) => ({ ...visit, path: [] })) };
  const shorter = written(withoutWays, saying, true);
  return shorter.text.length <= mostBytes ? shorter : written(promptsAlone(handed), saying, true);
}

function written(handed: HandedOver, saying: Saying, isShortened?: true) {
  const { at, visits, nextId, behaviours, ...rest } = handed;
  const { machineTrouble, queueing } = behaviours;
  const told = withMoments(
    {
      ...rest,
      nextVisit: nextId,
      behaviours: {
        ...behaviours,
        queueing: { ...queueing, learnt: queueing.learnt.map(({ services: _, ...one }) => one) },
        machineTrouble: {
          ...machineTrouble,
          // A count, whatever its name ends in.
          places: machineTrouble.places.map(({ shortSince, ...place }) => ({
            ...place,
            shortStays: shortSince,
          })),
        },
      },
      visits: visits.map(({ path, ...visit }) => ({
        ...visit,
        path: path.map((point) => [point.at - at, point.x, point.y]),
      })),
    },
    (moment) => moment - at,
  );
  const payload = {
    v: 1,
    ...(rounded({ ...saying, at }) as object),
    ...(isShortened ? { isShortened } : {}),
    ...(rounded(told) as object),
  } as DecidingPayload;
  return { payload, text: JSON.stringify(payload) };
}

/** Nobody is known, and what was said stays said. */
function promptsAlone(handed: HandedOver): HandedOver {
  const { prompts, behaviours } = handed;
  const { meetings: _, ...contacted } = behaviours.contacted;
  return {
    ...handed,
    visits: [],
    stays: [],
    prompts: {
      ...prompts,
      open: prompts.open.map((prompt) => ({ ...prompt, visits: [], met: [] })),
      said: [],
      deferred: [],
      owed: [],
    },
    behaviours: {
      ...behaviours,
      contacted: { ...contacted, meetings: [], met: [] },
      queueing: { ...behaviours.queueing, members: [] },
      wandering: { strolls: [] },
      farewell: { stays: [] },
      longQueues: { ...behaviours.longQueues, saidWaited: [] },
      machineTrouble: { ...behaviours.machineTrouble, stays: [] },
    },
  };
}

/**
 * @param ahead how far the clock of the box that said it is ahead of this one
 * @returns it by this box's clock; its schema has made sure of every field
 */
export function ofDeciding(payload: DecidingPayload, ahead: Seconds): HandedOver {
  const { v: _, term: __, n: ___, saidAt: ____, isShortened: _____, at: then, nextVisit, ...rest } = payload;
  const at = then - ahead;
  const { visits, behaviours, ...told } = withMoments(rest, (moment) => moment + at) as typeof rest;
  const { machineTrouble } = behaviours;
  return {
    ...told,
    at,
    nextId: nextVisit,
    visits: visits.map(({ path, ...visit }) => ({
      ...visit,
      path: path.map(([before, x, y]) => ({ at: at + before, x, y })),
    })),
    behaviours: {
      ...behaviours,
      machineTrouble: {
        ...machineTrouble,
        places: machineTrouble.places.map(({ shortStays, ...place }) => ({
          ...place,
          ...(shortStays === undefined ? {} : { shortSince: shortStays }),
        })),
      },
    },
  } as unknown as HandedOver;
}
