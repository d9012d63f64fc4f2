import { z } from 'zod';
import { happeningKinds } from '../core/behaviours/behaviour.ts';
import { promptKinds } from '../core/prompts/kinds.ts';
import { standingSchema } from './fleet-settings.ts';
import { keptPromptSchema, wearersSchema } from './prompt-snapshot.ts';
import { boxName, termSchema } from './term.ts';

/**
 * What the boxes of one branch that can decide say to each other over its broker: who of them does, and what whoever
 * does knows of those who are there, so that another can go on.
 *
 * Payloads are JSON and closed. They hold places, moments and what was told of whom: nothing that anybody could be
 * known by. See [decision 0036](../../docs/decisions/0036-a-lease-in-the-brokers-order.md).
 */

const branchWord = z.string().regex(/^[a-z0-9-]{1,40}$/);
const most = 300;

/** One run of a box, by a name made anew at each start. */
const run = z
  .string()
  .regex(/^[a-z0-9]{12}$/)
  .describe('A random name of one start of a box.');

/** Who decides. Retained, QoS 1; said again every 0.3 s. */
export const leaseSchema = z.strictObject({
  v: z.literal(1),
  term: termSchema,
  box: boxName.describe('The box, for whoever reads it.'),
  run,
  n: z.int().min(1).max(1e12).describe('One more each time, so that the box knows its own words again.'),
  isClaim: z.exactOptional(z.literal(true)).describe('The first word of a term: it asks for it.'),
  isOver: z.exactOptional(z.literal(true)).describe('The last word of it: another may go on at once.'),
});
export type LeasePayload = z.infer<typeof leaseSchema>;

const visitId = z
  .string()
  .regex(/^v[1-9]\d{0,9}$/)
  .describe('One stay in this lobby by its number since the boxes were started; it ends with the stay.');
const zone = branchWord.describe("A zone's id, or `hall`.");
const camera = branchWord.describe("A camera's id.");
const role = z.enum(['customer', 'staff', 'unknown']).describe('Customer, staff or not known.');
/** A moment, in seconds after the moment of the whole; before it they are negative. */
const when = (purpose: string) =>
  z.number().min(-1e11).max(1e8).describe(`${purpose}, in seconds from \`at\`.`);
const maybe = (purpose: string) =>
  z.exactOptional(when(purpose)).describe(`${purpose}, in seconds from \`at\`.`);
const length = (purpose: string) => z.number().min(-1e9).max(1e9).describe(purpose);
const flag = (purpose: string) => z.exactOptional(z.literal(true)).describe(purpose);
const spot = (whose: string) =>
  z.strictObject({
    x: z.number().min(-1e6).max(1e6).describe(`${whose}, along the floor, in metres.`),
    y: z.number().min(-1e6).max(1e6).describe('The same, across it.'),
  });

const belief = z.strictObject({
  at: when('When it was last looked at'),
  origin: length('How much speaks for staff and against a customer, by where they came from.'),
  lately: length('The same, by what they did lately.'),
  appearedAt: when('When they last came into sight'),
  appearedWhere: spot('Where they last came into sight'),
  cameInAt: maybe('Which arrival has been counted'),
  hasStepped: flag('Their first steps have been judged.'),
  restSince: maybe('Since when they have stood'),
  restedWhere: z.exactOptional(spot('Where they stood before')),
  restedSince: maybe('Since when they stood there'),
  approached: z.exactOptional(z.array(visitId).max(16)).describe('Which stays they walked up to.'),
  tie: z.exactOptional(
    z.strictObject({ visit: visitId, at: when('When the two were too close to be told apart') }),
  ),
  wentBehindAt: maybe('When they went out of sight behind the counter'),
  beaconUntil: maybe('Until when a watch said that its wearer is where they are'),
});

const visit = z.strictObject({
  id: visitId,
  plane: branchWord.describe('The floor, or the camera whose picture it is told in.'),
  role,
  phase: z.enum(['outside', 'at-door', 'inside', 'left']).describe('Whether they have come in or left.'),
  cameras: z.array(camera).max(64).describe('Which cameras show them.'),
  at: spot('Where they stand'),
  velocity: spot('How fast they go'),
  unit: length('Units of the plane in a metre: 1 on the floor.'),
  bornAt: when('When they were first seen'),
  bornWhere: spot('Where they were first seen'),
  seenAt: when('When they were last seen'),
  seenBy: camera,
  unwatchedSeconds: z.exactOptional(length('How long nobody could look at where they are.')),
  foundAt: maybe('When they were found again after that'),
  arrivedAt: maybe('When they came in'),
  leftAt: maybe('When they left'),
  backSince: maybe('Since when they have been back inside'),
  wasLost: flag('They were lost from sight after leaving.'),
  door: z.exactOptional(zone).describe('The door they came in or left by.'),
  hasMoved: flag('They have been seen to move.'),
  isThing: flag('It stands like a thing, and is taken for one.'),
  belief: z.exactOptional(belief),
  path: z
    .array(
      z.tuple([z.number().min(-1e8).max(0), z.number().min(-1e6).max(1e6), z.number().min(-1e6).max(1e6)]),
    )
    .max(64)
    .describe('Where they have been in the last 20 seconds: seconds from `at`, along the floor, across it.'),
});

const hold = z.strictObject({
  is: z.boolean().describe('Whether it is so.'),
  turning: z.exactOptional(
    z.strictObject({
      since: when('Since when it has looked otherwise'),
      at: when('When it was last looked at'),
      backSince: maybe('Since when it has looked as before'),
    }),
  ),
});

const served = z
  .array(z.strictObject({ at: when('When a service ended'), seconds: length('How long it took.') }))
  .max(64);

const behaviours = z.strictObject({
  contacted: z.strictObject({
    meetings: z
      .array(
        z.strictObject({
          visit: visitId,
          staff: visitId,
          togetherSeconds: length('How long the two have been together.'),
          lastAt: when('When they last were'),
          lookedAt: when('When the two were last looked at'),
        }),
      )
      .max(4_096),
    met: z.array(z.strictObject({ visit: visitId, at: when('When they were met') })).max(most),
  }),
  queueing: z.strictObject({
    members: z
      .array(
        z.strictObject({
          visit: visitId,
          zone,
          phase: z
            .enum(['entering', 'waiting', 'away', 'served', 'called', 'done'])
            .describe('How far they are in the queue.'),
          insideSince: when('Since when they have been in the zone'),
          spotSince: when('Since when they have not gone far'),
          spot: spot('From where they have not gone far'),
          stillSince: maybe('Since when they have stood'),
          stoodAt: z.exactOptional(spot('Where they stood last')),
          restedAt: z.exactOptional(spot('Where they stood last for longer')),
          queuedAt: maybe('When they took their place'),
          outsideSince: maybe('Since when they have been out of the zone'),
          servedSince: maybe('Since when they have been served'),
          servedUntil: maybe('Until when they were served'),
          counter: z.exactOptional(z.int().min(0).max(1e9)).describe('At which counter, by its number.'),
          party: z.exactOptional(visitId).describe('Whom they came with.'),
          jumped: z.exactOptional(z.int().min(0).max(1e6)).describe('How many were passed over for them.'),
        }),
      )
      .max(most),
    learnt: z
      .array(
        z.strictObject({
          zone,
          counters: z
            .array(
              z.strictObject({
                id: z.int().min(0).max(1e9).describe('The number of a counter.'),
                x: z.number().describe('Where people are served, along the floor, in metres.'),
                y: z.number().describe('The same, across it.'),
                weight: length('How often somebody was served there.'),
                seenAt: when('When somebody last was'),
                freedAt: maybe('When the last one went'),
                services: served,
              }),
            )
            .max(64),
        }),
      )
      .max(64),
  }),
  longQueues: z.strictObject({
    saidWaited: z.array(visitId).max(most).describe('Of which stays a long wait was told.'),
    saidLong: z.array(zone).max(64).describe('Of which queues it was told that they are long.'),
  }),
  wandering: z.strictObject({
    strolls: z
      .array(
        z.strictObject({
          visit: visitId,
          freeSince: when('Since when they have had no errand'),
          stoppedAt: maybe('When they first stopped'),
          inZoneSince: maybe('Since when they have been where something is done'),
          withStaffSince: maybe('Since when they have been beside staff'),
          beside: z
            .array(z.strictObject({ visit: visitId, seconds: length('How long they were beside them.') }))
            .max(64),
          busy: z.boolean().describe('They queue, are served or are met.'),
          settled: z.boolean().describe('They have stood in one place for long.'),
          lookedAt: when('When they were last looked at'),
          said: flag('They have been told of.'),
        }),
      )
      .max(most),
  }),
  crowded: z.strictObject({ full: hold, saidAt: maybe('When it was told') }),
  unattended: z.strictObject({
    lack: hold,
    staffSeenAt: maybe('When staff were last in the hall'),
    saidAt: maybe('When it was told'),
  }),
  divert: z.strictObject({
    diversions: z
      .array(
        z.strictObject({
          zone,
          long: hold,
          towards: z.exactOptional(zone),
          saidAt: maybe('When it was told'),
          takenSince: maybe('Since when the other place has not been free'),
        }),
      )
      .max(64),
    free: z.array(z.strictObject({ zone, since: when('Since when it has been free') })).max(64),
    used: z.array(z.strictObject({ zone, at: when('When somebody was last there') })).max(64),
  }),
  patrol: z.strictObject({
    areas: z
      .array(
        z.strictObject({
          place: zone,
          since: when('Since when no staff have been there'),
          at: when('When it was last looked at'),
          emptySince: maybe('Since when nobody has been there'),
        }),
      )
      .max(65),
    heavy: hold,
    staffKnown: flag('Staff have been seen.'),
    round: z.exactOptional(
      z.strictObject({
        place: zone,
        at: when('When a round was asked for'),
        isOver: flag('It is over.'),
      }),
    ),
  }),
  machineTrouble: z.strictObject({
    stays: z
      .array(
        z.strictObject({
          visit: visitId,
          zone,
          standingSince: maybe('Since when they have stood there'),
          since: maybe('Since when they have been at the machine'),
          insideAt: when('When they were last seen there'),
          outsideSince: maybe('Since when they have been away from it'),
        }),
      )
      .max(most),
    places: z
      .array(
        z.strictObject({
          zone,
          usual: z.array(z.number()).max(64).describe('How long people usually stay there, in seconds.'),
          recent: z
            .array(
              z.strictObject({
                at: when('When a stay ended'),
                seconds: length('How long it was.'),
                short: z.boolean().describe('It was short.'),
              }),
            )
            .max(64),
          troubleAt: maybe('Since when people have left it fast'),
          shortStays: z.exactOptional(z.int().min(0).max(1e6)).describe('How many did since then.'),
        }),
      )
      .max(64),
  }),
  farewell: z.strictObject({
    stays: z
      .array(
        z.strictObject({
          visit: visitId,
          zone,
          since: when('Since when they have been there'),
          outsideSince: maybe('Since when they have been out of it'),
          farthestMetres: z.exactOptional(length('How far from the door they were at most, since then.')),
          saidAt: maybe('When it was told'),
          stayingSince: maybe('Since when they have stayed elsewhere'),
        }),
      )
      .max(most),
  }),
});

const kind = z.enum(promptKinds).describe('Which kind of prompt.');

const prompts = z.strictObject({
  seed: z.int().describe('A random number that ids of prompts are made from.'),
  open: z
    .array(
      keptPromptSchema(when).extend({
        visits: z.array(visitId).max(most).describe('Which stays it is about.'),
        met: z.array(visitId).max(most).describe('Which of them were met.'),
      }),
    )
    .max(64),
  said: z.array(z.strictObject({ visit: visitId, kind })).max(4_096),
  asked: z
    .array(z.strictObject({ kind, zone, at: when('When it was last asked about that place') }))
    .max(4_096),
  deferred: z
    .array(
      z.strictObject({
        visit: visitId,
        kind,
        place: zone,
        cause: z.enum(happeningKinds).describe('What was noticed, by its kind.'),
        since: when('Since when they have been left to staff'),
        aloneSince: maybe('Since when no staff have been near'),
      }),
    )
    .max(4_096),
  owed: z
    .array(
      z.strictObject({
        visit: visitId,
        kind: z.enum(['greet', 'approach']).describe('Which kind of prompt.'),
        place: zone,
        since: when('Since when nobody could be told of them'),
      }),
    )
    .max(4_096),
  overBudgetAt: maybe('When somebody was last kept quiet of for want of budget'),
  wearers: wearersSchema(when),
  isClosed: flag('The branch is closed.'),
  letGo: z.int().min(0).max(1e12).describe('How many were not raised because of a bound.'),
});

const stay = z.strictObject({
  visit: visitId,
  door: z.exactOptional(zone).describe('The door they came in by.'),
  arrivedAt: when('When they came in'),
  promptedAt: maybe('When the first prompt about them was raised'),
  prompt: z.exactOptional(kind),
  acceptedAt: maybe('When a wearer took it'),
  metAt: maybe('When they were first met'),
  metBy: z
    .exactOptional(z.enum(['seen', 'answered']))
    .describe('Whether a camera saw it or a wearer said so.'),
  blindSeconds: z.exactOptional(length('How long nobody could look at where they were.')),
});

/**
 * What whoever decides knows of those who are there, for whoever goes on. Retained, QoS 0: every second, and before
 * each prompt that rests on it.
 */
export const decidingSchema = z.strictObject({
  v: z.literal(1),
  term: termSchema,
  n: z.int().min(1).max(1e12).describe('One more each time.'),
  at: z.number().min(0).max(1e11).describe('When it was so, in seconds since 1970 by the clock of that box.'),
  saidAt: z
    .number()
    .min(0)
    .max(1e11)
    .describe('When it was sent, by the same clock: the two clocks are compared by it.'),
  isShortened: flag('There were so many that not all that is known of them found room.'),
  sight: z
    .array(
      z.strictObject({
        camera,
        lookedAt: maybe('When it last looked'),
        lookingSince: maybe('Since when it has looked again'),
      }),
    )
    .max(64),
  nextVisit: z.int().min(1).max(1e10).describe('The number of the next stay.'),
  letGo: z.int().min(0).max(1e12).describe('How many stays were not begun because of a bound.'),
  visits: z.array(visit).max(most),
  behaviours,
  prompts,
  stays: z.array(stay).max(most),
});
export type DecidingPayload = z.infer<typeof decidingSchema>;

/** Who sends what, how. */
export const deciderMessages = {
  lease: { schema: leaseSchema, qos: 1, retain: true, from: 'decide' },
  deciding: { schema: decidingSchema, qos: 0, retain: true, from: 'decide' },
  standing: { schema: standingSchema, qos: 1, retain: true, from: 'decide' },
} as const;
