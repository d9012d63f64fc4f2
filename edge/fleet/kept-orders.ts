import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type SettingsRefusal, takenOrderSchema } from '../../src/contract/fleet-settings.ts';
import type { Seconds } from '../../src/core/units.ts';
import { type OrderedBox, readOrder, type Standing, type TakenOrder } from '../../src/service/judge-order.ts';
import { toMoment } from '../../src/service/wire.ts';
import { refuseWritable } from '../access/file-modes.ts';
import { putAside } from '../data/put-aside.ts';

/** Orders of the bank that were taken: the last, and what was live before it. */
export const keptOrdersSchema = z.strictObject({
  v: z.literal(1),
  last: takenOrderSchema.optional().describe('The last order that was taken.'),
  before: takenOrderSchema.optional().describe('What was live before it, and is again when it is undone.'),
  session: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .describe('By what the broker knows this box again; drawn by lot.'),
  wasTried: z.boolean().describe('Whether the last one was put on trial: once ended here, it is not again.'),
});

export interface Kept {
  readonly standing: Standing;
  /** Whether the last order's bundle was put on trial. */
  readonly wasTried: boolean;
}

/** What a box has taken, over a restart. */
export interface KeptOrders {
  readonly found: Kept;
  /** By what the broker knows this box again: without a file, of this start alone. */
  readonly session: string;
  write(kept: Kept): void;
}

/** Two orders of 64 KB at most, and what stands around them. */
const mostBytes = 160_000;

/**
 * Keeps orders of the bank in a file for the service's own user alone.
 *
 * Signatures are looked at anew when it is read: a file that somebody has changed, or whose keys are no longer those of
 * the box, is put aside and said, and no bundle holds until an order comes.
 *
 * @param file absent: kept as long as the process lives
 * @throws {LobbyError} `LOBBY_FILE_OPEN` where everybody may write to it
 */
export function openKeptOrders(
  file: string | undefined,
  box: OrderedBox,
  onRemark: (sentence: string) => void,
): KeptOrders {
  const { session = newSession(), ...found } = file === undefined ? nothing : read(file, box, onRemark);
  const orders: KeptOrders = {
    found,
    session,
    write({ standing: { last, before }, wasTried }) {
      if (file === undefined) return;
      const kept: z.infer<typeof keptOrdersSchema> = {
        v: 1,
        ...(last === undefined ? {} : { last: asKept(last) }),
        ...(before === undefined ? {} : { before: asKept(before) }),
        session,
        wasTried,
      };
      try {
        writeFileSync(`${file}.new`, `${JSON.stringify(kept)}\n`, { mode: 0o600, flush: true });
        renameSync(`${file}.new`, file);
      } catch (error) {
        rmSync(`${file}.new`, { force: true });
        const { code } = error as NodeJS.ErrnoException;
        onRemark(`a restart would forget what the bank has set: it cannot be written (${code})`);
      }
    },
  };
  // The session is known again from now on.
  orders.write(found);
  return orders;
}

const newSession = () => randomBytes(4).toString('hex');

const nothing: Found = { standing: {}, wasTried: false };
export const asKept = ({ order, since }: TakenOrder) => ({ order, since: toMoment(since) });

type Found = Kept & { readonly session?: string };

function read(file: string, box: OrderedBox, onRemark: (sentence: string) => void): Found {
  let text: string;
  try {
    refuseWritable(file);
    if (statSync(file).size > mostBytes) throw new RangeError('it is too large');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return nothing;
    if (code === 'LOBBY_FILE_OPEN') throw error;
    onRemark(`what the bank has set cannot be read, and does not hold: ${putAside(file)}`);
    return nothing;
  }
  try {
    const kept = keptOrdersSchema.parse(JSON.parse(text));
    const last = kept.last && orThrow(again(kept.last, box));
    const before = kept.before && orThrow(again(kept.before, box));
    if (before !== undefined && before.step.state !== 'live') throw new RangeError('it was never live');
    return {
      standing: { ...(last === undefined ? {} : { last }), ...(before === undefined ? {} : { before }) },
      session: kept.session,
      wasTried: kept.wasTried,
    };
  } catch (error) {
    const why = error instanceof Refused ? error.message : 'it is damaged';
    onRemark(`what the bank has set is refused, and does not hold: ${why}; ${putAside(file)}`);
    return nothing;
  }
}

class Refused extends Error {}

/** An order that was taken, read anew: signatures are looked at once more. */
export function again(
  { order, since }: z.infer<typeof takenOrderSchema>,
  box: OrderedBox,
): TakenOrder | { readonly refused: SettingsRefusal } {
  const found = readOrder(order, box);
  if ('refused' in found) return found;
  return { ...found, order, since: (Date.parse(since) / 1000) satisfies Seconds };
}

function orThrow(found: ReturnType<typeof again>): TakenOrder {
  if ('refused' in found) throw new Refused(found.refused);
  return found;
}
