import type { Seconds } from '../units.ts';

/** One arrival, as far as it matters for whether all are treated alike. */
export interface Visit {
  readonly door: string;
  /** By the branch's clock. */
  readonly day: string;
  readonly hour: number;
  readonly arrivedAt: Seconds;
  /** From arrival to the first contact; absent: never met, or not known. */
  readonly waitedSeconds?: Seconds;
  /** What became of them is known up to here alone, in seconds from arrival. Absent: they left without being met. */
  readonly knownForSeconds?: Seconds;
}

/** One door or hour among those compared. */
export interface Compared {
  readonly group: string;
  /** Visits; who came in together counts once. */
  readonly visits: number;
  /** Half of them had been met by then; `null`: half of them never were. */
  readonly medianSeconds: Seconds | null;
  /** The same of all others that were compared with it. */
  readonly othersMedianSeconds: Seconds | null;
}

export interface Comparison {
  /**
   * `too-few`: fewer than two groups are large enough, or hardly anybody was met. `as-chance`: no more than chance
   * explains. `differs`: more than that.
   */
  readonly outcome: 'too-few' | 'as-chance' | 'differs';
  /** How often chance alone makes at least as large a difference between any of them. */
  readonly p?: number;
  readonly compared: readonly Compared[];
  /** Groups with fewer visits than are needed, which are not compared. */
  readonly tooFew: readonly string[];
  /** Where contact came later, or sooner, than chance explains, the farthest first. */
  readonly later: readonly Compared[];
  readonly sooner: readonly Compared[];
}

export interface EqualTreatment {
  readonly visits: number;
  /** The same with those who came in together counted once. */
  readonly parties: number;
  readonly doors: Comparison;
  readonly hours: Comparison;
}

export interface EqualTreatmentRules {
  /** How often, at most, chance alone makes the check speak, over doors and hours together. */
  readonly falseAlarms: number;
  /** Visits a door or an hour needs to be compared. */
  readonly least: number;
  /** Contacts there must be in all. */
  readonly leastMet: number;
  /** Who comes in by one door within so long after the one before comes in with them. */
  readonly togetherSeconds: Seconds;
  /** How often doors and hours are dealt out anew. */
  readonly deals: number;
}

/**
 * 5 in 100 is what such checks usually allow. 20 visits tell a median of 15 s from one of 45 s. 999 deals and the
 * day itself are 1,000 in all, of which 25 are exactly the level each of the two comparisons has.
 */
export const usualRules: EqualTreatmentRules = {
  falseAlarms: 0.05,
  least: 20,
  leastMet: 10,
  togetherSeconds: 5,
  deals: 999,
};

/** More visits than these: the newest are looked at. A month of a busy branch has fewer. */
export const mostVisits = 20_000;
/** Visits dealt out between two pauses: some milliseconds. */
const stepVisits = 50_000;
/** The same of scores, which sort. */
const stepScores = 2_000;
const seed = 20_260_312;

/**
 * Whether how soon people are met depends on the door they came in by, or on the hour, more than chance explains.
 *
 * Each visit gets its log-rank score: by how much it was met sooner than all others of its stratum let one expect.
 * Whoever left without being met is later than everybody who was, and has not vanished: their time has no end, as in
 * the curve of first contacts. Of whom it is not known how it went on, it counts how far it is known.
 *
 * Doors are compared within the same hour of the same day, hours within the same door and day: a door that is used
 * when everybody is busy is not blamed for the hour. Then doors are dealt out anew among the visits of each stratum,
 * 999 times. What the day itself shows must be among the outermost of all these:
 *
 *     dealt    ▁▂▅██▇▅▃▂▁▁        largest difference of any door from all others, each in its own spread
 *     the day            │        p = share of deals at least as far out, the day itself among them
 *
 * Because the largest of all doors is looked at, many doors or hours raise no more false alarms than two; and each of
 * the two comparisons has half of `falseAlarms`. Who came in together counts once: they are met together.
 *
 * The idea: log-rank scores (Peto and Peto 1972) with endless time for a competing end (Gray 1988), and the largest
 * statistic over deals (Westfall and Young 1993).
 *
 * @param visits in any order; the same ones give the same answer
 * @returns a generator, so that whoever runs it can do other things between: it yields every few milliseconds
 */
export function* compareContacts(
  visits: readonly Visit[],
  rules: EqualTreatmentRules = usualRules,
): Generator<undefined, EqualTreatment> {
  const newest = [...visits]
    .sort((a, b) => a.arrivedAt - b.arrivedAt || (a.door < b.door ? -1 : a.door > b.door ? 1 : 0))
    .slice(-mostVisits);
  yield;
  const parties = partiesOf(newest, rules.togetherSeconds);
  yield;
  const dayHour = ({ day, hour }: Visit) => `${day} ${hour}`;
  const dayDoor = ({ day, door }: Visit) => `${day} ${door}`;
  const doors = yield* compare(parties, ({ door }) => door, dayHour, rules);
  const hours = yield* compare(parties, ({ hour }) => String(hour), dayDoor, rules);
  return { visits: newest.length, parties: parties.length, doors, hours };
}

/** The same at once. */
export function equalTreatment(
  visits: readonly Visit[],
  rules: EqualTreatmentRules = usualRules,
): EqualTreatment {
  const going = compareContacts(visits, rules);
  for (;;) {
    const step = going.next();
    if (step.done === true) return step.value;
  }
}

/** Those who came in together as one, with the first contact any of them had. */
function partiesOf(visits: readonly Visit[], togetherSeconds: Seconds): readonly Visit[] {
  const last = new Map<string, { at: Seconds; members: Visit[] }>();
  const all: Visit[][] = [];
  for (const visit of visits) {
    const before = last.get(visit.door);
    if (before !== undefined && visit.arrivedAt - before.at <= togetherSeconds) {
      before.members.push(visit);
      before.at = visit.arrivedAt;
      continue;
    }
    const members = [visit];
    all.push(members);
    last.set(visit.door, { at: visit.arrivedAt, members });
  }
  return all.map((members) => {
    const first = members[0]!;
    if (members.length === 1) return first;
    const { waitedSeconds: _, knownForSeconds: __, ...one } = first;
    const waits = members.flatMap(({ waitedSeconds }) => waitedSeconds ?? []);
    if (waits.length > 0) return { ...one, waitedSeconds: Math.min(...waits) };
    const known = members.flatMap(({ knownForSeconds }) => knownForSeconds ?? []);
    return known.length > 0 ? { ...one, knownForSeconds: Math.max(...known) } : one;
  });
}

function* compare(
  visits: readonly Visit[],
  groupOf: (visit: Visit) => string,
  stratumOf: (visit: Visit) => string,
  rules: EqualTreatmentRules,
): Generator<undefined, Comparison> {
  const sizes = new Map<string, number>();
  for (const visit of visits) sizes.set(groupOf(visit), (sizes.get(groupOf(visit)) ?? 0) + 1);
  const groups = [...sizes].flatMap(([group, size]) => (size >= rules.least ? [group] : [])).sort();
  const tooFew = [...sizes].flatMap(([group, size]) => (size < rules.least ? [group] : [])).sort();
  const kept = visits.filter((visit) => sizes.get(groupOf(visit))! >= rules.least);
  const numbers = new Map(groups.map((group, index) => [group, index]));
  const byWait = kept
    .map((visit) => ({
      group: numbers.get(groupOf(visit))!,
      waited: visit.waitedSeconds ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.waited - b.waited);
  yield;
  const compared = groups.map((group, index): Compared => {
    const visitsHere = sizes.get(group)!;
    return {
      group,
      visits: visitsHere,
      medianSeconds: medianOf(byWait, (one) => one === index, visitsHere),
      othersMedianSeconds: medianOf(byWait, (one) => one !== index, kept.length - visitsHere),
    };
  });
  yield;
  const met = kept.filter(({ waitedSeconds }) => waitedSeconds !== undefined).length;
  const nothing = { compared, tooFew, later: [], sooner: [] };
  if (groups.length < 2 || met < rules.leastMet) return { outcome: 'too-few', ...nothing };

  const strata: { labels: Int32Array; scores: Float64Array }[] = [];
  const all = strataOf(kept, stratumOf);
  yield;
  let scored = 0;
  for (const members of all) {
    strata.push({
      labels: Int32Array.from(members, (visit) => numbers.get(groupOf(visit))!),
      scores: scoresOf(members),
    });
    scored += members.length;
    if (scored < stepScores) continue;
    scored = 0;
    yield;
  }
  const spread = spreadsOf(strata, groups.length);
  const isComparable = spread.map((one) => one > 1e-9);
  const sums = new Float64Array(groups.length);
  const farOf = (): Float64Array => {
    sums.fill(0);
    for (const { labels, scores } of strata)
      for (let i = 0; i < labels.length; i += 1) sums[labels[i]!]! += scores[i]!;
    return sums.map((sum, group) => (isComparable[group] ? sum / spread[group]! : 0));
  };
  const today = farOf();
  const mostOf = (far: Float64Array) => far.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const atLeast = new Array<number>(groups.length).fill(1);
  let atLeastAny = 1;
  const most = mostOf(today);
  const dice = createDice(seed);
  let dealt = 0;
  for (let deal = 0; deal < rules.deals; deal += 1) {
    for (const { labels } of strata) shuffle(labels, dice);
    const far = mostOf(farOf());
    // Sums of the same numbers in another order may differ in their last digits.
    const reach = far + 1e-9;
    if (reach >= most) atLeastAny += 1;
    for (let group = 0; group < groups.length; group += 1)
      if (reach >= Math.abs(today[group]!)) atLeast[group]! += 1;
    dealt += kept.length;
    if (dealt < stepVisits) continue;
    dealt = 0;
    yield;
  }
  const level = rules.falseAlarms / 2;
  const p = atLeastAny / (rules.deals + 1);
  const beyond = compared
    .map((one, group) => ({ one, far: today[group]!, p: atLeast[group]! / (rules.deals + 1) }))
    .filter((each) => each.p <= level)
    .sort((a, b) => Math.abs(b.far) - Math.abs(a.far));
  // A score is above 0 for who was met sooner than expected.
  const later = beyond.filter(({ far }) => far < 0).map(({ one }) => one);
  const sooner = beyond.filter(({ far }) => far > 0).map(({ one }) => one);
  return { ...nothing, outcome: beyond.length > 0 ? 'differs' : 'as-chance', p, later, sooner };
}

function strataOf(
  visits: readonly Visit[],
  stratumOf: (visit: Visit) => string,
): readonly (readonly Visit[])[] {
  const strata = new Map<string, Visit[]>();
  for (const visit of visits) {
    const members = strata.get(stratumOf(visit)) ?? [];
    members.push(visit);
    strata.set(stratumOf(visit), members);
  }
  return [...strata.values()];
}

const timeOf = ({ waitedSeconds, knownForSeconds }: Visit): Seconds =>
  waitedSeconds ?? knownForSeconds ?? Number.POSITIVE_INFINITY;

/** Log-rank scores, 0 in sum: 1 for who was met, less what could be expected of them by their time. */
function scoresOf(visits: readonly Visit[]): Float64Array {
  const order = visits.map((visit, index) => ({ visit, index, time: timeOf(visit) }));
  order.sort((a, b) => a.time - b.time);
  const scores = new Float64Array(visits.length);
  let expected = 0;
  for (let from = 0; from < order.length; ) {
    const { time } = order[from]!;
    let to = from;
    let met = 0;
    while (to < order.length && order[to]!.time === time) {
      if (order[to]!.visit.waitedSeconds !== undefined) met += 1;
      to += 1;
    }
    expected += met / (order.length - from);
    for (; from < to; from += 1) {
      const { visit, index } = order[from]!;
      scores[index] = (visit.waitedSeconds === undefined ? 0 : 1) - expected;
    }
  }
  return scores;
}

/** How far the sum of a group's scores spreads over all ways of dealing: exact, as the strata are. */
function spreadsOf(
  strata: readonly { readonly labels: Int32Array; readonly scores: Float64Array }[],
  groups: number,
): readonly number[] {
  const variances = new Array<number>(groups).fill(0);
  for (const { labels, scores } of strata) {
    const n = labels.length;
    if (n < 2) continue;
    const squares = scores.reduce((sum, score) => sum + score * score, 0);
    const counts = new Array<number>(groups).fill(0);
    for (const label of labels) counts[label]! += 1;
    counts.forEach((count, group) => {
      variances[group]! += (count * (n - count) * squares) / (n * (n - 1));
    });
  }
  return variances.map(Math.sqrt);
}

/** Of some of them, those never met as endlessly late; they are given with the soonest first. */
function medianOf(
  byWait: readonly { readonly group: number; readonly waited: Seconds }[],
  isMeant: (group: number) => boolean,
  count: number,
): Seconds | null {
  let left = Math.ceil(count / 2);
  for (const { group, waited } of byWait) {
    if (!isMeant(group)) continue;
    left -= 1;
    if (left === 0) return Number.isFinite(waited) ? waited : null;
  }
  return null;
}

function shuffle(labels: Int32Array, dice: () => number): void {
  for (let i = labels.length - 1; i > 0; i -= 1) {
    const j = Math.floor(dice() * (i + 1));
    const one = labels[i]!;
    labels[i] = labels[j]!;
    labels[j] = one;
  }
}

/** From 0 up to 1, alike for one seed: mulberry32, by Tommy Ettinger (public domain). */
function createDice(from: number): () => number {
  let state = from | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
