import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterSave,
  beginRules,
  changesOf,
  compared,
  fromSlider,
  heard,
  onTop,
  problemOf,
  putBack,
  type RulesState,
  redo,
  reset,
  type SettingRow,
  settled,
  sliderSteps,
  takeTheirs,
  toSlider,
  typed,
  undo,
} from '../../../../edge/pages/console/rules/state.ts';
import { describeSettings } from '../../../../src/contract/describe-settings.ts';
import type { SettingsPayload } from '../../../../src/contract/settings.ts';

const payload = (version: number, values: Readonly<Record<string, number>> = {}): SettingsPayload => ({
  v: 1,
  version,
  latest: { v: 1, version, at: '2025-03-12T10:42:07.000Z', by: { kind: 'file' }, changes: {} },
  keptIn: 'file',
  historyKept: true,
  awaitsRestart: [],
  today: '2025-03-12',
  profiles: [],
  settings: describeSettings().map((one) => ({ ...one, value: values[one.path] ?? one.default })),
});
const rows = payload(1).settings;
const rowOf = (path: string): SettingRow => rows.find((row) => row.path === path)!;
const wait = 'queue.waitSeconds';
const length = 'queue.length';
const conflict = (version: number, values: Readonly<Record<string, number>>) => {
  const current = payload(version, values);
  return { current, since: [current.latest] };
};

describe('What is typed into the rules', () => {
  test('is a change once it is another value, and none while it is no value', () => {
    const begun = beginRules(payload(1));
    const toldBy = (text: string) => changesOf(typed(begun, wait, text)).map(({ to }) => to);
    expect([toldBy('60'), toldBy('180'), toldBy(''), toldBy('5'), toldBy('soon')]).toEqual([
      [60],
      [],
      [],
      [],
      [],
    ]);
    expect(changesOf(typed(begun, 'contact.withinMetres', '1,5'))).toMatchObject([{ from: 1.6, to: 1.5 }]);
  });

  test.each([
    ['', wait, 'number'],
    ['soon', wait, 'number'],
    ['9', wait, 'range'],
    ['3601', wait, 'range'],
    ['4.5', length, 'whole'],
    ['10', wait, undefined],
    ['3600', wait, undefined],
  ])('%j is told apart from a value', (text, path, problem) => {
    expect(problemOf(text, rowOf(path))).toBe(problem);
  });

  test('is undone by fields, not by letters, and done again', () => {
    let state = beginRules(payload(1));
    for (const text of ['3', '30', '300']) state = typed(state, wait, text);
    state = typed(settled(state), wait, '301');
    state = typed(state, length, '7');
    expect(state.past.map(({ path }) => path)).toEqual([wait, wait, length]);
    const undone = undo(undo(state));
    expect(undone.draft).toEqual({ [wait]: '300' });
    expect(undo(undone).draft).toEqual({});
    expect(undo(undo(undone)).draft).toEqual({});
    expect(redo(redo(undone)).draft).toEqual(state.draft);
  });

  test('comes back by undoing whatever was done, in any order', () => {
    const acts: readonly ((state: RulesState) => RulesState)[] = [
      (state) => typed(state, wait, '60'),
      (state) => typed(state, length, '9'),
      settled,
      (state) => reset(state, wait),
      (state) => reset(state),
      (state) => putBack(state, { ...payload(2).latest, changes: { [wait]: { from: 90, to: 180 } } }),
      (state) => takeTheirs(heard(state, conflict(2, { [length]: 6 }))),
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(acts.length - 1), { maxLength: 20 }), (order) => {
        let state = beginRules(payload(1));
        for (const one of order) state = acts[one]!(state);
        const done = state;
        let steps = 0;
        while (state.past.length > 0) {
          state = undo(state);
          steps += 1;
        }
        expect(state.draft).toEqual({});
        for (let step = 0; step < steps; step += 1) state = redo(state);
        expect(state.draft).toEqual(done.draft);
      }),
    );
  });
});

describe('What was saved', () => {
  test('is not typed any more; what was typed besides, or since, stays with its reason', () => {
    const typing = { ...typed(typed(beginRules(payload(1)), wait, '60'), length, '500'), why: 'The rush' };
    expect(afterSave(typing, payload(2, { [wait]: 60 }))).toMatchObject({
      base: { version: 2 },
      draft: { [length]: '500' },
      why: 'The rush',
    });
    expect(afterSave(typed(beginRules(payload(1)), wait, '60'), payload(2, { [wait]: 60 }))).toMatchObject({
      draft: {},
      why: '',
      past: [],
    });
  });
});

describe('What another saved', () => {
  test('is taken over while nothing is typed, and only told of while something is', () => {
    const theirs = conflict(2, { [wait]: 120 });
    expect(heard(beginRules(payload(1)), theirs)).toMatchObject({ base: { version: 2 } });
    const typing = heard(typed(beginRules(payload(1)), wait, '60'), theirs);
    expect(typing).toMatchObject({ base: { version: 1 }, draft: { [wait]: '60' }, conflict: theirs });
  });

  test('stands beside mine; theirs can be taken and mine comes back by undoing, or mine goes on top', () => {
    const typing = typed(beginRules(payload(1)), length, '8');
    const state = heard(typing, conflict(2, { [wait]: 120, [length]: 6 }));
    expect(compared(state).map(({ row, theirs, mine }) => [row.path, row.value, theirs, mine])).toEqual([
      [wait, 180, 120, undefined],
      [length, 5, 6, '8'],
    ]);
    const taken = takeTheirs(state);
    expect([taken.base.version, taken.draft, taken.conflict]).toEqual([2, {}, undefined]);
    expect(undo(taken).draft).toEqual({ [length]: '8' });
    expect(changesOf(onTop(state))).toMatchObject([{ row: { path: length }, from: 6, to: 8 }]);
  });
});

describe('A slider', () => {
  test.each(rows.map((row) => [row.path, row] as const))(
    'of %s reaches both ends, the default, and grows',
    (_, row) => {
      expect(fromSlider(0, row)).toBe(row.least);
      expect(fromSlider(sliderSteps, row)).toBe(row.most);
      expect(Math.abs(fromSlider(toSlider(row.default, row), row) - row.default)).toBeLessThanOrEqual(
        2 * row.step,
      );
      let before = row.least;
      for (let place = 0; place <= sliderSteps; place += 1) {
        const value = fromSlider(place, row);
        expect(problemOf(String(value), row)).toBeUndefined();
        expect(value).toBeGreaterThanOrEqual(before);
        before = value;
      }
    },
  );
});
