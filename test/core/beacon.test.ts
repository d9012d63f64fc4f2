import { describe, expect, it } from 'vitest';
import { type CoreState, step } from '../../src/core/step.ts';
import { film, settings, stay, tell, to, type Walk, walk } from './story.ts';

const told = (state: CoreState, at: number, place: string) =>
  step(state, { kind: 'beacon', at, watch: 'w-1', place }, settings);
const lobby = (walks: readonly Walk[], until: number) => tell(film(walks, { until }));

describe('A watch that says where it is', () => {
  // Nobody saw where they came from.
  const patrol = walk(0, [3.4, 2.6], stay(40));

  it('makes staff of the one who is there, of whom nothing was known', () => {
    const { state } = lobby([patrol], 3);
    expect(state.visits.visits).toMatchObject([{ role: 'unknown' }]);
    const [next, output] = told(state, 3.1, 'self-service');
    expect(next.visits.visits).toMatchObject([{ role: 'staff' }]);
    expect(output).toEqual({ verdicts: [], changes: [], stays: [] });
  });

  it('does not outweigh for ever what people do', () => {
    const { state } = lobby([patrol], 3);
    const [next] = told(state, 3.1, 'self-service');
    const rest = film([patrol], { from: 3.2, until: 39 }).concat(
      film([walk(39, [3.4, 2.6], to(3, -2), stay(200))], { from: 39, until: 120 }),
    );
    expect(tell(rest, settings, next).state.visits.visits).toMatchObject([{ role: 'customer' }]);
  });

  it('says nothing of two who are there', () => {
    const { state } = lobby([patrol, walk(0, [4.6, 3.6], stay(40))], 3);
    const roles = (one: CoreState) => one.visits.visits.map(({ role }) => role);
    expect(roles(told(state, 3.1, 'self-service')[0])).toEqual(roles(state));
  });

  it('says nothing where there is no such place, and nothing by an entrance', () => {
    const { state } = lobby([patrol], 3);
    for (const place of ['hall', 'main-door', 'cash']) {
      expect(told(state, 3.1, place)[0].visits).toEqual(state.visits);
    }
  });

  it('is a hint: whoever came by the entrance stays in want of a greeting until more speaks for staff', () => {
    const late = walk(0, [-7, 0], to(3.4, 2.6), stay(60));
    const { state } = lobby([late], 12);
    expect(state.prompts.open).toMatchObject([{ kind: 'greet' }]);
    const [next] = told(state, 12.1, 'self-service');
    const { changes } = tell(film([late], { from: 12.2, until: 13 }), settings, next);
    expect(changes).toEqual([]);
  });
});
