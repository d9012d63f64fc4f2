import { describe, expect, it } from 'vitest';
import { film, hidden, inShort, stay, tell, to, walk } from '../story.ts';

const comings = (told: ReturnType<typeof tell>) =>
  inShort(told).filter((one) => /^(arrived|departed)/.test(one));

describe('Somebody who vanishes beside another', () => {
  /** Two who come in together and walk 5 m side by side; the second is hidden by the first on the way. */
  const pair = (until: number, ...on: ReturnType<typeof to>[]) => [
    walk(0, [-7, 0], to(-3.5, 0), ...on),
    hidden(walk(0, [-7, 0.7], to(-3.5, 0.7), ...on.map((leg) => aside(leg))), 4, until),
  ];
  const aside = (leg: ReturnType<typeof to>) => (leg.kind === 'to' ? { ...leg, y: leg.y + 0.7 } : leg);

  it('is expected where the other has walked to, and goes on as one visit there', () => {
    const told = tell(film(pair(9.5, to(3, 0), stay(10)), { until: 16 }));
    expect(comings(told)).toEqual(['arrived v1', 'arrived v2']);
    expect(told.state.visits.visits).toHaveLength(2);
    expect(told.state.visits.visits.every((visit) => visit.beside === undefined)).toBe(true);
  });

  it('leaves when the other leaves, though nobody saw it', () => {
    const told = tell(film(pair(99, to(-2, 0), to(-7, 0)), { until: 16 }));
    expect(comings(told)).toEqual(['arrived v1', 'arrived v2', 'departed v1', 'departed v2']);
  });

  it('stays when the other leaves, if they stood and did not walk', () => {
    const stands = hidden(walk(0, [-7, 0.7], to(-2, 0.7), stay(60)), 6, 99);
    const told = tell(film([walk(0, [-7, 0], to(-2, 0), stay(2), to(-7, 0)), stands], { until: 16 }));
    expect(comings(told)).toEqual(['arrived v1', 'arrived v2', 'departed v1']);
  });
});

describe('Somebody who is lost from sight near a door', () => {
  const leaving = walk(0, [-7, 0], to(-1, 0), stay(3), to(-7, 0));

  it('has left once somebody is first seen outside that door, walking away from it', () => {
    // Lost 2 m inside, seen again a metre outside.
    const told = tell(film([hidden(leaving, 9.9, 12.2)], { until: 15 }));
    expect(comings(told)).toEqual(['arrived v1', 'departed v1']);
  });

  it('has not left when somebody else comes to the door from the street', () => {
    const stays = hidden(walk(0, [-7, 0], to(-3, 0), stay(40)), 6, 99);
    const told = tell(film([stays, walk(8, [-7, 0.3], to(-5.6, 0.3), stay(4))], { until: 14 }));
    expect(comings(told)).toEqual(['arrived v1']);
  });

  it('has not left when somebody walks past the door in the street', () => {
    const stays = hidden(walk(0, [-7, 0], to(-3, 0), stay(40)), 6, 99);
    const told = tell(film([stays, walk(7, [-5.6, -4], to(-5.6, 4))], { until: 16 }));
    expect(comings(told)).toEqual(['arrived v1']);
  });
});
