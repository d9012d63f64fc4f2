import { describe, expect, it } from 'vitest';
import { arrived } from '../../../src/core/behaviours/arrived.ts';
import type { Scene } from '../../../src/core/behaviours/behaviour.ts';
import { departed } from '../../../src/core/behaviours/departed.ts';
import { behaviours, noBehaviour, notice } from '../../../src/core/behaviours/index.ts';
import { stay, walk } from '../story.ts';
import { play } from './scenes.ts';

/** A scene in which one visit changes. */
function changing(kind: 'entered' | 'left' | 'forgotten', role: 'customer' | 'staff' | 'unknown'): Scene {
  const [scene] = play([{ id: 'v1', walk: walk(0, [-4.5, 0], stay(1)), role }], { until: 0 });
  const visit = scene!.visits[0]!;
  return { ...scene!, changes: [{ kind, visit, ...(kind === 'forgotten' ? {} : { zone: 'main-door' }) }] };
}
const told = (scene: Scene) => notice(noBehaviour, scene)[1];

describe('Arriving and departing', () => {
  it('is a customer coming in, or going out, by an entrance', () => {
    expect(told(changing('entered', 'customer'))).toMatchObject([
      { kind: 'arrived', visit: 'v1', zone: 'main-door', role: 'customer', where: { x: -4.5, y: 0 } },
    ]);
    expect(told(changing('left', 'customer'))).toMatchObject([
      { kind: 'departed', visit: 'v1', zone: 'main-door' },
    ]);
    expect(told(changing('left', 'unknown'))).toMatchObject([{ kind: 'departed', role: 'unknown' }]);
  });

  it('is nothing staff do: they come to work', () => {
    expect(told(changing('entered', 'staff'))).toEqual([]);
    expect(told(changing('left', 'staff'))).toEqual([]);
  });

  it('is not being lost from sight: nobody saw them go', () => {
    expect(told(changing('forgotten', 'customer'))).toEqual([]);
  });

  it('is remembered by nobody', () => {
    expect(arrived.notice(null, changing('entered', 'customer'))[0]).toBe(null);
    expect(departed.notice(null, changing('left', 'customer'))[0]).toBe(null);
  });
});

describe('All behaviours', () => {
  it('have a state to begin with, each its own', () => {
    expect(Object.keys(noBehaviour)).toEqual(Object.keys(behaviours));
    for (const [name, behaviour] of Object.entries(behaviours)) {
      expect(noBehaviour[name as keyof typeof behaviours]).toBe(behaviour.begin);
    }
  });
});
