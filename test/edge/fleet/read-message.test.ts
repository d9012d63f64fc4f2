import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { natsUsers } from '../../../edge/cli/fleet.ts';
import { readMessage } from '../../../edge/fleet/read-message.ts';
import { storeAddress } from '../../../edge/fleet/store-address.ts';
import { fleetHourSchema, fleetTopic } from '../../../src/contract/fleet.ts';
import { madeUpDayOf, madeUpHour } from '../../fleet/made-up-fleet.ts';

const now = Date.parse('2026-03-12T12:00:00Z') / 1_000;
const hour = madeUpHour('harbour', '2026-03-12T08:00:00.000Z');
const given = (message: unknown, topic = fleetTopic('hour', 'harbour'), more = {}) =>
  readMessage({ topic, payload: Buffer.from(JSON.stringify(message)), ...more }, now, now - 86_400 * 60);
const whyNot = (message: unknown, topic?: string, more = {}) => {
  const heard = given(message, topic, more);
  return heard.kind === 'refused' ? heard.why : heard.kind;
};

describe('What comes for the fleet', () => {
  it('is taken where it is an hour or a day of the branch in its topic', () => {
    expect(whyNot(hour)).toBe('hour');
    expect(whyNot(madeUpDayOf('harbour', '2026-03-11'), fleetTopic('day', 'harbour'))).toBe('day');
  });

  it.each([
    ['another branch in its payload', { ...hour, branch: 'river' }, undefined, 'other-branch'],
    ['a topic of none of ours', hour, 'lobby/v1/harbour/prompt', 'not-ours'],
    ['a topic with more levels', hour, 'lobby/v1/harbour/fleet/hour/x', 'not-ours'],
    [
      'a branch with a dot, which a cluster may take for a level',
      hour,
      'lobby/v1/har.bour/fleet/hour',
      'not-ours',
    ],
    ['a field too many', { ...hour, face: 'seen' }, undefined, 'unfit'],
    ['a count of one to four', { ...hour, came: 3 }, undefined, 'unfit'],
    ['a count that is not in fives', { ...hour, came: 37 }, undefined, 'unfit'],
    ['half an hour', { ...hour, hour: '2026-03-12T08:30:00.000Z' }, undefined, 'unfit'],
    ['a letter that a database does not take', { ...hour, version: '0\u0000' }, undefined, 'unfit'],
    ['an hour that is not over', { ...hour, at: '2026-03-12T08:59:00.000Z' }, undefined, 'ahead'],
    ['a moment that is to come', { ...hour, at: '2026-03-12T12:11:00.000Z' }, undefined, 'ahead'],
    ['an hour long ago', { ...hour, hour: '2025-03-12T08:00:00.000Z' }, undefined, 'too-old'],
  ] as const)('is refused for %s', (_, message, topic, why) => {
    expect(whyNot(message, topic)).toBe(why);
  });

  it('is refused where it was kept by a broker, is too large, or is no JSON', () => {
    expect(whyNot(hour, undefined, { retain: true })).toBe('retained');
    expect(whyNot(hour, undefined, { payload: Buffer.alloc(40_000, ' ') })).toBe('too-large');
    expect(whyNot(hour, undefined, { payload: Buffer.from('{') })).toBe('not-json');
  });
});

describe('Whatever comes for the fleet', () => {
  const topic = fleetTopic('hour', 'harbour');
  const oneMore = (key: string, value: unknown) => Buffer.from(JSON.stringify({ ...hour, [key]: value }));

  it('is taken or refused, and what is taken is as the contract has it', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .tuple(fc.constantFrom(...Object.keys(hour)), fc.jsonValue())
        .map(([key, value]) => oneMore(key, value)),
    );
    const kinds = new Set<string>();
    fc.assert(
      fc.property(bytes, (payload) => {
        const heard = readMessage({ topic, payload }, now);
        kinds.add(heard.kind);
        if (heard.kind !== 'refused') {
          expect(fleetHourSchema.safeParse(heard.message).success).toBe(true);
          expect(heard.message.branch).toBe('harbour');
        }
      }),
      { numRuns: 500 },
    );
    expect(kinds).toContain('refused');
    expect(readMessage({ topic, payload: oneMore('came', 0) }, now).kind).toBe('hour');
  });
});

describe('Users of the cluster', () => {
  it('may each write the topics of their own branch alone', () => {
    const text = natsUsers(['harbour', 'river'], 'lobby-fleet');
    expect(text).toContain(
      '{ user: "CN=river", permissions: { publish: { allow: ["lobby.v1.river.fleet.hour"',
    );
    expect(text.match(/lobby\.v1\.river[^"]*/g)).toEqual([
      'lobby.v1.river.fleet.hour',
      'lobby.v1.river.fleet.day',
      'lobby.v1.river.fleet.state',
      'lobby.v1.river.fleet.settings',
      'lobby.v1.river.settings.order',
    ]);
    // What it reads: the orders for it.
    expect(text).toMatch(/CN=river".*subscribe: \{ allow: \["lobby\.v1\.river\.settings\.order"\] \}/);
    expect(text).toContain(
      'user: "CN=lobby-rollout", permissions: { publish: { allow: ["lobby.v1.*.settings.order"] }, subscribe: { deny: ">" } }',
    );
    expect(text).toContain('user: "CN=lobby-fleet", permissions: { publish: { deny: ">" }');
  });

  it('have no name that means more than it says', () => {
    for (const name of ['*', 'a.b', 'a b', '', 'Ä', '">'])
      expect(() => natsUsers([name], 'store')).toThrow('Cannot use --branches');
  });
});

describe('The address of the store', () => {
  const of = (database: string, more = {}) => storeAddress({ database, ...more }, {});

  it('is reached by TLS beyond this machine, with a certificate that is looked at', () => {
    expect(of('postgres://a:b@db.bank.example/fleet').connection).toMatchObject({
      host: 'db.bank.example',
      user: 'a',
      password: 'b',
      database: 'fleet',
      ssl: { rejectUnauthorized: true },
    });
    expect(of('postgres://a@127.0.0.1:5433/fleet').connection).toMatchObject({ port: 5433, ssl: false });
    expect(of('postgres:///fleet?host=/run/postgresql').connection).toMatchObject({
      host: '/run/postgresql',
      ssl: false,
    });
  });

  it('goes without TLS where somebody has said so, and is known for it', () => {
    const [plain, secured] = [
      of('postgres://a@db.bank.example/fleet', { openWithoutTls: true }),
      of('postgres://a@db.bank.example/fleet'),
    ];
    expect([plain.isReadable, plain.connection.ssl, secured.isReadable]).toEqual([true, false, false]);
  });

  it('cannot ask for less, and is told without its login', () => {
    expect(() => of('postgres://a:b@db.bank.example/fleet?sslmode=no-verify')).toThrow('no other setting');
    expect(of('postgres://a:b@db.bank.example/fleet').shown).toBe('postgres://db.bank.example/fleet');
    expect(() => of('mysql://a:secret@db/fleet')).toThrow(/postgres:\/\//);
    expect(() => of('mysql://a:secret@db/fleet')).not.toThrow(/secret/);
  });
});
