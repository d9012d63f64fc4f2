import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seals } from '../../edge/fleet/settings-of-bank.ts';
import { publicKeyOf } from '../../edge/fleet/signed.ts';
import { describeSettings } from '../../src/contract/describe-settings.ts';
import type { SettingsOrder } from '../../src/contract/fleet-settings.ts';
import {
  bundleInForce,
  type Judgement,
  joinStanding,
  judgeOrder,
  type OrderedBox,
  readOrder,
  type Standing,
} from '../../src/service/judge-order.ts';
import { madeUpBank, newKey } from '../fleet/bank-orders.ts';

const bank = madeUpBank();
const box: OrderedBox = { branch: 'harbour', group: 'all', keys: [publicKeyOf(bank.installer)], seals };
const noon = Date.UTC(2025, 2, 12, 12) / 1000;

/** What becomes of each of some orders, in words, and how it stands in the end. */
function judge(orders: readonly SettingsOrder[], at = noon, one: OrderedBox = box, from: Standing = {}) {
  let standing = from;
  const told = orders.map((order) => {
    const judged: Judgement = judgeOrder(standing, order, one, at);
    if (judged.kind === 'taken') standing = judged.standing;
    return judged.kind === 'refused' ? judged.why : judged.kind;
  });
  return { told, standing, holds: bundleInForce(standing)?.bundle.bundle };
}
const step = (serial: number, n: number, state: 'shadow' | 'live' | 'undone') =>
  bank.order({ serial }, { n, state });

/** What another box goes by after some orders, with its signatures looked at. */
const standingOf = (...orders: readonly SettingsOrder[]) => judge(orders).standing as Required<Standing>;

describe('what the box that decides goes by', () => {
  const join = (mine: Standing, theirs: Standing, isNew = false) => {
    const judged = joinStanding(mine, theirs as Required<Standing>, isNew);
    if (judged.kind !== 'taken') return judged.kind === 'refused' ? judged.why : judged.kind;
    expect(judged.standing.last).toEqual(theirs.last);
    return { holds: bundleInForce(judged.standing)?.bundle.bundle };
  };
  const live1 = step(1, 1, 'live');

  it('is gone by where it is further, whatever was missed: an order, a bundle, or all of it', () => {
    const tried2 = standingOf(live1, step(2, 1, 'shadow'));
    const live2 = standingOf(live1, step(2, 1, 'live'));
    expect(join({}, tried2)).toEqual({ holds: 'bundle-1' });
    expect(join(standingOf(live1), tried2)).toEqual({ holds: 'bundle-1' });
    expect(join(tried2, standingOf(live1, step(2, 1, 'shadow'), step(2, 2, 'live')))).toEqual({
      holds: 'bundle-2',
    });
    const undone2 = standingOf(live1, step(2, 1, 'live'), step(2, 2, 'undone'));
    expect(join(live2, undone2)).toEqual({ holds: 'bundle-1' });
    const tried3 = standingOf(live1, step(2, 1, 'live'), step(2, 2, 'undone'), step(3, 1, 'shadow'));
    expect(join(live2, tried3)).toEqual({ holds: 'bundle-1' });
    expect(join(standingOf(live1), standingOf(live1, step(1, 2, 'undone')))).toEqual({ holds: undefined });
    // What was missed altogether was live in between.
    expect(join(standingOf(live1), standingOf(step(2, 1, 'live'), step(3, 1, 'shadow')))).toEqual({
      holds: 'bundle-2',
    });
  });

  it('is nothing new where it is the same, or behind', () => {
    const live2 = standingOf(live1, step(2, 1, 'live'));
    expect(join(live2, live2)).toBe('known');
    expect(join(live2, standingOf(live1))).toBe('known');
    expect(join(standingOf(step(2, 2, 'undone')), standingOf(step(2, 1, 'live')))).toBe('known');
  });

  it('gives a box that is new what was live before, and none that knows it to be over', () => {
    const theirs = standingOf(live1, step(2, 1, 'shadow'));
    expect(join(standingOf(step(2, 1, 'shadow')), theirs, true)).toEqual({ holds: 'bundle-1' });
    const over = standingOf(live1, step(1, 2, 'undone'), step(2, 1, 'shadow'));
    expect(join(over, theirs)).toBe('known');
    expect(join(standingOf(live1, step(1, 2, 'undone')), theirs)).toBe('older-step');
    expect(join(standingOf(step(3, 1, 'undone')), standingOf(live1, step(4, 1, 'shadow')))).toBe(
      'older-bundle',
    );
  });
});

describe('an order of the bank', () => {
  it('is taken step by step: tried, live, and undone', () => {
    const steps = [step(1, 1, 'shadow'), step(1, 2, 'live'), step(1, 3, 'undone')];
    expect(steps.map((_, index) => judge(steps.slice(0, index + 1)).holds)).toEqual([
      undefined,
      'bundle-1',
      undefined,
    ]);
    expect(judge(steps).told).toEqual(['taken', 'taken', 'taken']);
  });

  it('may be live at once, and undone it gives way to what was live before it, signed as that was', () => {
    const first = step(1, 1, 'live');
    const found = judge([first, step(2, 1, 'live')]);
    expect(found.holds).toBe('bundle-2');
    const undone = judge([step(2, 2, 'undone')], noon, box, found.standing);
    expect(undone.holds).toBe('bundle-1');
    expect(bundleInForce(undone.standing)?.order).toEqual(first);
    // While the next is tried it stays so.
    expect(judge([step(3, 1, 'shadow')], noon, box, undone.standing).holds).toBe('bundle-1');
  });

  it('is known when it comes again, as a broker has it ready at each return', () => {
    const order = step(1, 1, 'live');
    const { told, standing } = judge([order, order, order]);
    expect(told).toEqual(['taken', 'known', 'known']);
    expect(judge([order]).standing).toEqual(standing);
  });

  it('is refused when it is older than what was taken', () => {
    const { told, holds } = judge([
      step(2, 3, 'live'),
      step(2, 2, 'undone'),
      step(2, 3, 'undone'),
      step(1, 9, 'live'),
      bank.order({ serial: 2, set: { 'queue.waitSeconds': 60 } }, { n: 9, state: 'live' }),
    ]);
    expect(told).toEqual(['taken', 'older-step', 'older-step', 'older-bundle', 'other-bundle']);
    expect(holds).toBe('bundle-2');
  });

  it('is refused when somebody else signed it, or it is about something else', () => {
    const order = step(1, 1, 'live');
    const { told, standing } = judge([
      bank.order({}, { state: 'live' }, { installer: newKey() }),
      bank.order({}, { state: 'live' }, { steps: newKey() }),
      // Whoever says how far bundles have come makes none.
      bank.order({}, { state: 'live' }, { installer: bank.steps }),
      { ...order, bundle: { ...order.bundle, payload: step(2, 1, 'live').bundle.payload } },
      { ...order, step: { ...order.step, payload: step(1, 2, 'live').step.payload } },
      bank.order({}, { branch: 'river' }),
      bank.order({ groups: ['pilot', 'north'] }),
      // The step of one bundle with another that was signed as well.
      { ...order, bundle: step(2, 1, 'live').bundle },
      bank.order({}, { digest: '0'.repeat(64) }),
      bank.order({}, { serial: 7 }),
      bank.order({}, { bundle: 'summer' }),
    ]);
    expect(told).toEqual([
      'unknown-key',
      'unknown-key',
      'unknown-key',
      'wrong-signature',
      'wrong-signature',
      'other-branch',
      'other-group',
      'other-bundle',
      'other-bundle',
      'other-bundle',
      'other-bundle',
    ]);
    expect(standing).toEqual({});
  });

  it('is refused when what was signed is not of the contract, or sets what there is not', () => {
    const set = (values: Record<string, number>) => bank.order({ set: values });
    const { told } = judge([
      bank.order({ v: 2 as never }),
      bank.order({ set: { 'queue.waitSeconds': 'long' as never } }),
      bank.order({}, { state: 'paused' as never }),
      set({ 'queue.patience': 3 }),
      set({ 'constructor.name': 3 }),
      set({ 'queue.waitSeconds': 9 }),
      set({ 'queue.length': 4.5 }),
      set({ 'queue.waitSeconds': 3600, 'queue.length': 101 }),
    ]);
    expect(told).toEqual([
      ...['unfit', 'unfit', 'unfit'],
      ...['unknown-setting', 'unknown-setting'],
      ...['out-of-range', 'out-of-range', 'out-of-range'],
    ]);
    expect(judge([set({})]).told).toEqual(['taken']);
  });

  it('does not begin when the bundle has expired, and goes on when it has begun', () => {
    const expiresAt = '2025-03-12T12:00:00.000Z';
    const [shadow, live, undone] = (['shadow', 'live', 'undone'] as const).map((state, index) =>
      bank.order({ expiresAt }, { n: index + 1, state }),
    ) as [SettingsOrder, SettingsOrder, SettingsOrder];
    expect(judge([shadow, live], noon).told).toEqual(['expired', 'expired']);
    const { standing } = judge([shadow], noon - 1);
    const later = judge(
      [live, undone, bank.order({ expiresAt }, { n: 4, state: 'live' })],
      noon,
      box,
      standing,
    );
    // Undone, it would have to begin anew.
    expect(later.told).toEqual(['taken', 'taken', 'expired']);
  });

  it('is for a box by its group, and by any of the keys it was given', () => {
    const other = madeUpBank();
    const both = { ...box, group: 'pilot', keys: [publicKeyOf(other.installer), ...box.keys] };
    const told = [bank, other].map(
      (one) => judge([one.order({ groups: ['north', 'pilot'] })], noon, both).told,
    );
    expect(told).toEqual([['taken'], ['taken']]);
    expect(judge([bank.order()], noon, { ...box, keys: [] }).told).toEqual(['unknown-key']);
  });
});

describe('whatever is sent', () => {
  const paths = describeSettings().map(({ path }) => path);
  const other = madeUpBank();
  /** By everybody but the installer: also by whoever has the key of the steps. */
  const anyOrder = (installers: fc.Arbitrary<ReturnType<typeof newKey>>) =>
    fc
      .record({
        serial: fc.integer({ min: 1, max: 4 }),
        n: fc.integer({ min: 1, max: 4 }),
        state: fc.constantFrom('shadow' as const, 'live' as const, 'undone' as const),
        path: fc.constantFrom(...paths),
        value: fc.integer({ min: 1, max: 60 }),
        installer: installers,
      })
      .map(({ serial, n, state, path, value, installer }) =>
        bank.order({ serial, set: { [path]: value } }, { n, state }, { installer }),
      );
  const holdsNothing = (orders: readonly SettingsOrder[]) => {
    const { standing, told } = judge(orders);
    return bundleInForce(standing) === undefined && told.every((one) => one === 'unknown-key');
  };

  it('no value ever holds without the key of the installer', () => {
    const forged = anyOrder(fc.constantFrom(bank.steps, other.installer, other.steps));
    fc.assert(
      fc.property(fc.array(forged, { maxLength: 12 }), (orders) => holdsNothing(orders)),
      { numRuns: 60 },
    );
    // The control: with the installer's among them the same is soon seen to fail.
    const signed = anyOrder(fc.constantFrom(bank.steps, bank.installer));
    expect(
      fc.check(
        fc.property(fc.array(signed, { maxLength: 12 }), (orders) => holdsNothing(orders)),
        { numRuns: 60 },
      ).failed,
    ).toBe(true);
  });

  it('serials and steps never go back, two orders at most are kept, and each is read again as it was', () => {
    const signed = anyOrder(fc.constant(bank.installer));
    fc.assert(
      fc.property(fc.array(signed, { maxLength: 16 }), (orders) => {
        let standing: Standing = {};
        for (const order of orders) {
          const judged = judgeOrder(standing, order, box, noon);
          if (judged.kind !== 'taken') continue;
          const [was, is] = [standing.last, judged.standing.last!];
          if (was !== undefined) {
            expect(is.bundle.serial).toBeGreaterThanOrEqual(was.bundle.serial);
            if (is.digest === was.digest) expect(is.step.n).toBeGreaterThan(was.step.n);
          }
          // What is undone leaves exactly what held before it came.
          if (is.step.state !== 'live') {
            const held = is.digest === was?.digest ? standing.before : bundleInForce(standing);
            expect(bundleInForce(judged.standing)).toBe(held);
          }
          standing = judged.standing;
        }
        for (const kept of [standing.last, standing.before]) {
          if (kept === undefined) continue;
          const { order, since: _, ...read } = kept;
          expect(readOrder(order, box)).toEqual(read);
        }
        expect(standing.before?.step.state ?? 'live').toBe('live');
      }),
      { numRuns: 60 },
    );
  });
});
