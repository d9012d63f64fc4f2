import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { thresholdsSchema } from '../../src/contract/thresholds.ts';

interface JsonSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Each threshold by its full name, as an editor is told about it. */
function settings(): readonly (readonly [string, JsonSchema])[] {
  const schema = z.toJSONSchema(thresholdsSchema, { io: 'input' }) as JsonSchema;
  return Object.entries(schema.properties!).flatMap(([group, { properties }]) =>
    Object.entries(properties!).map(([name, one]) => [`${group}.${name}`, one] as const),
  );
}
const put = (name: string, value: number) => {
  const [group, key] = name.split('.') as [string, string];
  return thresholdsSchema.safeParse({ [group]: { [key]: value } });
};

describe('Thresholds', () => {
  it('are all there without a word', () => {
    const all = thresholdsSchema.parse(undefined);
    expect(all).toEqual(thresholdsSchema.parse({}));
    expect(settings()).toHaveLength(Object.values(all).flatMap((group) => Object.keys(group)).length);
  });

  it.each(settings())('%s has a title, a range, a default within it, and says both ways', (name, one) => {
    expect(one.title).toBeTruthy();
    expect(one.minimum).toBeLessThan(one.default!);
    expect(one.maximum).toBeGreaterThan(one.default!);
    expect(one.description).toContain(`${one.minimum} to ${one.maximum}`);
    expect(one.description).toMatch(/(Shorter|Fewer|Nearer): .+ (Longer|More|Farther): .+/);
    expect(one.description).toMatch(/Takes effect (at once|at restart)\.$/);
    expect(name).toMatch(/(Seconds|Metres|Minutes|Percent|Stays|PerStaff|length|people)$/);
  });

  it.each(settings())('%s takes its limits and nothing beyond them', (name, { minimum, maximum }) => {
    expect(put(name, minimum!).success).toBe(true);
    expect(put(name, maximum!).success).toBe(true);
    expect(put(name, minimum! - 0.01).success).toBe(false);
    expect(put(name, maximum! + 1).success).toBe(false);
    expect(put(name, Number.NaN).success).toBe(false);
  });

  it('are refused under a name nobody knows', () => {
    expect(thresholdsSchema.safeParse({ loitering: {} }).success).toBe(false);
    expect(thresholdsSchema.safeParse({ queue: { waitMinutes: 3 } }).success).toBe(false);
  });
});
