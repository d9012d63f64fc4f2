import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventSchema, toEvent } from '../../src/contract/events.ts';
import { type Happening, happeningKinds } from '../../src/core/behaviours/behaviour.ts';

const met: Happening = {
  at: 13.20049,
  kind: 'contacted',
  visit: 'v3',
  role: 'customer',
  plane: 'floor',
  where: { x: -1.23449, y: 2.00051 },
  waitedSeconds: 7.7999,
};

describe('An event', () => {
  it('has its keys in one order, whatever order the happening had', () => {
    const turned = Object.fromEntries(Object.entries(met).reverse()) as unknown as Happening;
    const line =
      '{"t":13.2,"kind":"contacted","visit":"v3","role":"customer","zone":null,"at":[-1.234,2.001],"waited":7.8}';
    expect(JSON.stringify(toEvent(met))).toBe(line);
    expect(JSON.stringify(toEvent(turned))).toBe(line);
  });

  it('of a queue says how long and whether served, also that this cannot be told', () => {
    const left: Happening = { ...met, kind: 'left-queue', zone: 'cash', served: null };
    expect(JSON.stringify(toEvent(left))).toBe(
      '{"t":13.2,"kind":"left-queue","visit":"v3","role":"customer","zone":"cash","at":[-1.234,2.001],"waited":7.8,"served":null}',
    );
  });

  it('means no one person where there is none', () => {
    const long: Happening = {
      at: 60,
      kind: 'queue-long',
      role: 'customer',
      zone: 'cash',
      plane: 'floor',
      people: 5,
    };
    expect(toEvent(long)).toEqual({
      t: 60,
      kind: 'queue-long',
      visit: null,
      role: 'customer',
      zone: 'cash',
      at: null,
      people: 5,
    });
  });

  it('of a place says where people are sent, or what is over and why', () => {
    const place = { at: 60, role: 'customer', zone: 'cash', plane: 'floor' } as const;
    expect(toEvent({ ...place, kind: 'divert', people: 5, towards: 'atm' })).toMatchObject({
      towards: 'atm',
    });
    expect(toEvent({ ...place, kind: 'over', of: 'divert', because: 'eased' })).toMatchObject({
      of: 'divert',
      because: 'eased',
    });
  });

  it('of a camera without floor bears the feet in its pixels, and no metres', () => {
    const event = toEvent({ ...met, plane: 'side', where: { x: 320, y: 400 } });
    expect(event).toMatchObject({ at: null, camera: 'side', pixel: [320, 400] });
  });

  it('fits its schema and keeps every figure, whatever happened', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const happening = fc.record(
      {
        at: number,
        kind: fc.constantFrom(...happeningKinds),
        role: fc.constantFrom('customer', 'staff', 'unknown'),
        plane: fc.constantFrom('floor', 'side'),
        visit: fc.constantFrom('v1', 'v2'),
        zone: fc.constantFrom('cash', 'door'),
        where: fc.record({ x: number, y: number }),
        waitedSeconds: number,
        served: fc.constantFrom(true, false, null),
        people: fc.nat(),
      },
      { requiredKeys: ['at', 'kind', 'role', 'plane'] },
    );
    fc.assert(
      fc.property(happening, (one) => {
        const event = toEvent(one as Happening);
        expect(eventSchema.strict().parse(JSON.parse(JSON.stringify(event)))).toEqual(
          JSON.parse(JSON.stringify(event)),
        );
        expect(event.t).toBeCloseTo(one.at, 2);
        if (one.waitedSeconds !== undefined) expect(event.waited).toBeCloseTo(one.waitedSeconds, 1);
      }),
    );
  });
});
