import { describeSettings } from '../contract/describe-settings.ts';
import {
  type SettingsBundle,
  type SettingsOrder,
  type SettingsRefusal,
  type SettingsStep,
  type Signed,
  settingsBundleSchema,
  settingsStepSchema,
} from '../contract/fleet-settings.ts';
import { thresholdsSchema } from '../contract/thresholds.ts';
import type { Seconds } from '../core/units.ts';

/** How signatures and digests are reckoned: all that is asked of cryptography. */
export interface Seals {
  /** What somebody known has signed as something of that type. */
  open(
    signed: Signed,
    payloadType: Signed['payloadType'],
    known: readonly string[],
  ): { readonly bytes: Uint8Array } | { readonly refused: 'unknown-key' | 'wrong-signature' };
  /** SHA-256, in hexadecimal. */
  digestOf(bytes: Uint8Array): string;
}

/** The box an order came to. */
export interface OrderedBox {
  readonly branch: string;
  /** The group its installer put it into. */
  readonly group: string;
  /** Public keys of those who install, as the box was given them. */
  readonly keys: readonly string[];
  readonly seals: Seals;
}

/** What an order says, once it is known who says it. */
export interface ReadOrder {
  readonly bundle: SettingsBundle;
  readonly step: SettingsStep;
  /** Of the bundle's bytes. */
  readonly digest: string;
}

export interface TakenOrder extends ReadOrder {
  /** As it came, so that its signatures can be looked at again. */
  readonly order: SettingsOrder;
  /** Since when it is so. */
  readonly since: Seconds;
}

/** What a box has taken until now: two orders at most, whatever was sent. */
export interface Standing {
  readonly last?: TakenOrder;
  /** What was live before the last order's bundle came: that holds while the bundle is tried, or is undone. */
  readonly before?: TakenOrder;
}

export type Judgement =
  | { readonly kind: 'refused'; readonly why: SettingsRefusal }
  /** The last one once more, as a broker has it ready at each return. */
  | { readonly kind: 'known' }
  | { readonly kind: 'taken'; readonly standing: Standing };

const known: readonly string[] = describeSettings().map(({ path }) => path);

/** Whose values hold; nothing: no bundle's. */
export const bundleInForce = ({ last, before }: Standing): TakenOrder | undefined =>
  last?.step.state === 'live' ? last : before;

/**
 * What is to come of an order: it is taken, known already, or refused for a reason that can be told.
 *
 *     bundle 1 live ── bundle 2 shadow ── 2 live ── 2 undone
 *     1 holds          1 holds            2 holds   1 holds
 *
 * Nothing is taken but what the installer's key signed, for this group, and what the key named in there said of it to
 * this branch. Nothing older is taken than what was taken: neither a bundle nor, of one bundle, a step.
 *
 * @param at now; whether a bundle may still begin goes by it
 */
export function judgeOrder(
  standing: Standing,
  order: SettingsOrder,
  box: OrderedBox,
  at: Seconds,
): Judgement {
  const read = readOrder(order, box);
  if ('refused' in read) return { kind: 'refused', why: read.refused };
  const why = notNow(standing, read, at);
  if (why === 'known') return { kind: 'known' };
  if (why !== undefined) return { kind: 'refused', why };
  const isSameBundle = read.digest === standing.last?.digest;
  const before = isSameBundle ? standing.before : bundleInForce(standing);
  return {
    kind: 'taken',
    standing: { last: { ...read, order, since: at }, ...(before === undefined ? {} : { before }) },
  };
}

/**
 * What comes of what the box that decides goes by, for another box of the branch that can decide: where that is further,
 * this box goes by it too, whatever it has missed. Nothing is signed but the orders; so nothing comes back that this box
 * knows to be over, and a bundle that the branch has begun with may have expired since.
 *
 * @param theirs with its signatures looked at
 * @param isNew whether all that this box has ever taken is about one bundle: then what was live before it is not known here
 */
export function joinStanding(
  mine: Standing,
  theirs: Required<Pick<Standing, 'last'>> & Standing,
  isNew: boolean,
): Judgement {
  const { last, before } = theirs;
  const isSame = last.digest === mine.last?.digest && last.step.n === mine.last.step.n;
  if (isSame) {
    const isMissing = isNew && mine.before === undefined && before !== undefined;
    return isMissing ? { kind: 'taken', standing: { ...mine, before } } : { kind: 'known' };
  }
  if (!isFurther(last, mine.last)) return { kind: 'known' };
  const mayHold = [bundleInForce(mine), mine.before].some((one) => one?.digest === before?.digest);
  if (before !== undefined && !mayHold && !isFurther(before, mine.last))
    return { kind: 'refused', why: before.digest === mine.last?.digest ? 'older-step' : 'older-bundle' };
  return { kind: 'taken', standing: theirs };
}

/** Whether an order comes after another, by what was signed of both. */
export const isFurther = (one: ReadOrder, other: ReadOrder | undefined): boolean =>
  other === undefined ||
  (one.digest === other.digest ? one.step.n > other.step.n : one.bundle.serial > other.bundle.serial);

/**
 * What an order says, if it is signed by who must have signed it, for this box, and of settings there are.
 *
 * Whether it is in its turn is not looked at: what a box has kept is read by it too.
 */
export function readOrder(
  order: SettingsOrder,
  { branch, group, keys, seals }: OrderedBox,
): ReadOrder | { readonly refused: SettingsRefusal } {
  const sealed = seals.open(order.bundle, 'application/vnd.lobby-sense.settings+json', keys);
  if ('refused' in sealed) return sealed;
  const bundle = settingsBundleSchema.safeParse(jsonOf(sealed.bytes));
  if (!bundle.success) return { refused: 'unfit' };
  const { stepKey, groups, set } = bundle.data;
  const said = seals.open(order.step, 'application/vnd.lobby-sense.step+json', [stepKey]);
  if ('refused' in said) return said;
  const step = settingsStepSchema.safeParse(jsonOf(said.bytes));
  if (!step.success) return { refused: 'unfit' };
  if (step.data.branch !== branch) return { refused: 'other-branch' };
  const digest = seals.digestOf(sealed.bytes);
  const isAboutIt =
    step.data.digest === digest &&
    step.data.bundle === bundle.data.bundle &&
    step.data.serial === bundle.data.serial;
  if (!isAboutIt) return { refused: 'other-bundle' };
  if (!groups.includes(group)) return { refused: 'other-group' };
  const wrong = wrongIn(set);
  return wrong === undefined ? { bundle: bundle.data, step: step.data, digest } : { refused: wrong };
}

/** Why an order is not in its turn. */
function notNow(
  { last }: Standing,
  { bundle, step, digest }: ReadOrder,
  at: Seconds,
): SettingsRefusal | 'known' | undefined {
  const isSameBundle = digest === last?.digest;
  if (last !== undefined && isSameBundle && step.n <= last.step.n) {
    return step.n === last.step.n && step.state === last.step.state ? 'known' : 'older-step';
  }
  if (last !== undefined && !isSameBundle && bundle.serial <= last.bundle.serial) {
    // Two bundles under one number: whichever came first is the one that is meant.
    return bundle.serial === last.bundle.serial ? 'other-bundle' : 'older-bundle';
  }
  const goesOn = isSameBundle && last?.step.state !== 'undone';
  const begins = step.state !== 'undone' && !goesOn;
  return begins && Date.parse(bundle.expiresAt) <= at * 1000 ? 'expired' : undefined;
}

function wrongIn(set: SettingsBundle['set']): 'unknown-setting' | 'out-of-range' | undefined {
  const groups: Record<string, Record<string, number>> = {};
  for (const [path, value] of Object.entries(set)) {
    if (!known.includes(path)) return 'unknown-setting';
    const [group, key] = path.split('.') as [string, string];
    groups[group] = { ...groups[group], [key]: value };
  }
  // Range, whole numbers, and whatever is asked of several together: as of the branch file.
  return thresholdsSchema.safeParse(groups).success ? undefined : 'out-of-range';
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
