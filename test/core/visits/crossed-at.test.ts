import { describe, expect, it } from 'vitest';
import { film, hidden, settings, stay, tell, to, walk } from '../story.ts';

const arrivals = (...people: Parameters<typeof film>[0]) =>
  tell(film(people, { until: 8 })).happenings.filter(({ kind }) => kind === 'arrived');

describe('An arrival', () => {
  it('says when the door line was crossed, which is before it was believed', () => {
    const [one] = arrivals(walk(0, [-7, 0], to(-1, 0), stay(5)));
    const door = settings.zones.find((zone) => zone.kind === 'entrance')!;
    const line = door.kind === 'entrance' ? door.door.from.x : 0;
    const walking = 1.2;
    expect(one!.since).toBeCloseTo((line + 7) / walking, 1);
    expect(one!.since).toBeLessThan(one!.at);
  });

  it('of somebody first seen inside the line counts from when they were first seen', () => {
    const [one] = arrivals(walk(0, [-4.6, 0], to(-1, 0), stay(3)));
    expect(one!.since).toBeLessThan(0.5);
  });

  it('of somebody lost from sight on the doorstep counts from when they came to light inside', () => {
    const lingers = walk(0, [-7, 0], to(-5.4, 0), stay(2), to(-2, 0), stay(3));
    const [one] = arrivals(hidden(lingers, 1.4, 4.2));
    expect(one!.since).toBeGreaterThanOrEqual(4.2);
    expect(one!.since).toBeLessThanOrEqual(one!.at);
  });

  it('of somebody hidden until they stood in the doorway counts from when they came to light', () => {
    const [one] = arrivals(hidden(walk(0, [-7, 0], to(-4, 0), stay(5)), 0, 3));
    expect(one!.since).toBeGreaterThanOrEqual(3);
    expect(one!.since).toBeLessThanOrEqual(one!.at);
  });
});
