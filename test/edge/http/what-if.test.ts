import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AccessRole } from '../../../edge/access/tokens.ts';
import { type WhatIfPayload, whatIfSchema } from '../../../src/contract/what-if.ts';
import { createWhatIf, draftOf } from '../../../src/service/what-if.ts';
import { mornings, runAsked } from '../../e2e/what-if-branch.ts';

type Box = Awaited<ReturnType<typeof runAsked>>;
const lines = mornings(3, 2);

async function asker(box: Box, role: AccessRole = 'operations') {
  const token = box.tokens.issue(role).text;
  return async (method: string, path: string, body?: object) => {
    const reply = await fetch(`${box.url}/api/v1/what-if${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
  };
}

/** Until it is worked out, or is no more. */
const ended = (ask: Awaited<ReturnType<typeof asker>>, id: string): Promise<WhatIfPayload> =>
  vi.waitFor(
    async () => {
      const { body } = await ask('GET', `/${id}`);
      expect(['waiting', 'running']).not.toContain(body.state);
      return body as WhatIfPayload;
    },
    { timeout: 50_000, interval: 100 },
  );

describe('A what-if over HTTP', () => {
  let box: Box;
  let ask: Awaited<ReturnType<typeof asker>>;

  beforeAll(async () => {
    box = await runAsked({ lines });
    ask = await asker(box);
  }, 120_000);
  afterAll(() => box.close());

  const draft = { 'wandering.afterSeconds': 60 };
  const period = () => ({ version: box.settings.latest.version, from: box.day(0), to: box.day(2) });

  test('is worked out in a thread of its own, day by day, and is what the same lines give by themselves', async () => {
    const asked = await ask('POST', '', { ...period(), set: draft });
    expect(asked.status).toBe(202);
    const done = await ended(ask, asked.body.id);
    expect(whatIfSchema.parse(done)).toMatchObject({
      state: 'done',
      version: 1,
      set: draft,
      progress: { doneTo: box.day(2), daysDone: 3, daysLeft: 0 },
    });
    const alone = createWhatIf(box.settings.branch, draftOf(box.settings.branch, draft));
    for (const line of lines) alone.take(line);
    expect(done.result).toEqual(alone.result());
    expect(done.result!.differing.gone).toBeGreaterThan(0);
    // What is known is not sent again.
    const again = await ask('GET', `/${done.id}?have=${done.step}`);
    expect(again.body.result).toBeUndefined();
    // The same question has the same answer, and is not worked out again.
    expect((await ask('POST', '', { ...period(), set: draft })).body.id).toBe(done.id);
  });

  test('that is asked as soon as the page is open, while its thread plays to be quick, is answered all the same', async () => {
    const other = await runAsked({ lines });
    try {
      const askOther = await asker(other);
      const { days } = (await askOther('GET', '/days')).body;
      expect(days).toHaveLength(3);
      const asked = await askOther('POST', '', { ...period(), set: draft });
      const alone = createWhatIf(other.settings.branch, draftOf(other.settings.branch, draft));
      for (const line of lines) alone.take(line);
      expect((await ended(askOther, asked.body.id)).result).toEqual(alone.result());
      // Opened again, and left at once.
      await askOther('GET', '/days');
    } finally {
      await other.close();
    }
  });

  test('tries values of one threshold for an aim, chosen on some days and checked on the rest', async () => {
    const asked = await ask('POST', '/suggest', {
      ...period(),
      path: 'prompts.mostInTenMinutes',
      aim: { buzzes: 4, percent: 20, seconds: 5 },
    });
    const { suggestion } = await ended(ask, asked.body.id);
    expect(suggestion).toMatchObject({
      path: 'prompts.mostInTenMinutes',
      today: 60,
      answer: { found: true },
    });
    const chosen = suggestion!.tried.find(({ value }) => value === suggestion!.answer.value)!;
    expect(chosen.isFeasible).toBe(true);
    expect(chosen.chosenOn.buzzes).toBeLessThanOrEqual(4);
    expect(suggestion!.chosenOn.to.slice(0, 10)).toBe(box.day(2));
    const arrivals = chosen.chosenOn.arrivals + chosen.checkedOn.arrivals;
    expect(arrivals).toBe(lines.filter(({ kind }) => kind === 'stay').length);
  });

  test('can be given up, and others wait for their turn', async () => {
    const first = await ask('POST', '', { ...period(), set: { 'queue.waitSeconds': 11 } });
    const second = await ask('POST', '', { ...period(), set: { 'queue.waitSeconds': 12 } });
    expect(second.body.state).toBe('waiting');
    expect((await ask('DELETE', `/${first.body.id}`)).status).toBe(204);
    expect((await ended(ask, first.body.id)).state).toBe('cancelled');
    expect((await ask('DELETE', `/${second.body.id}`)).status).toBe(204);
    expect((await ended(ask, second.body.id)).state).toBe('cancelled');
  });

  test('waits for four at most, and gives up what nobody has asked for in a minute', async () => {
    const running = await ask('POST', '', { ...period(), set: { 'queue.waitSeconds': 21 } });
    // Whoever was given up just now has left its place.
    await vi.waitFor(
      async () => expect((await ask('GET', `/${running.body.id}`)).body.state).toBe('running'),
      10_000,
    );
    const ids: string[] = [running.body.id];
    for (const waitSeconds of [22, 23, 24, 25]) {
      const asked = await ask('POST', '', { ...period(), set: { 'queue.waitSeconds': waitSeconds } });
      expect(asked.status).toBe(202);
      ids.push(asked.body.id);
    }
    const refused = await ask('POST', '', { ...period(), set: { 'queue.waitSeconds': 26 } });
    expect(refused).toMatchObject({ status: 429, body: { code: 'LOBBY_WHAT_IF_BUSY' } });
    await box.clock.advance(61);
    const taken = await ask('POST', '', { ...period(), set: { 'queue.waitSeconds': 26 } });
    expect(taken.status).toBe(202);
    for (const id of [...ids, taken.body.id]) await ask('DELETE', `/${id}`);
    expect((await ended(ask, ids[4]!)).state).toBe('cancelled');
  });

  test('says where everybody stood around a moment', async () => {
    const { at } = lines.find(({ kind }) => kind === 'prompt')!;
    const { status, body } = await ask('GET', `/scenes?at=${at}`);
    expect(status).toBe(200);
    expect(body.scenes.length).toBeGreaterThan(10);
    const apart = body.scenes.map((scene: { at: string }) => Math.abs(Date.parse(scene.at) - Date.parse(at)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(12_000);
  });

  test.each([
    ['out of range', { set: { 'queue.waitSeconds': 1 } }, 422, 'LOBBY_SETTING_REFUSED', '10 to 3600 seconds'],
    ['of no threshold', { set: { 'queue.none': 1 } }, 422, 'LOBBY_SETTING_UNKNOWN', 'queue.none'],
    ['that is no number', { set: { 'queue.length': 'many' } }, 422, 'LOBBY_SETTING_REFUSED', 'many'],
    ['on an old version', { version: 7, set: {} }, 409, 'LOBBY_WHAT_IF_STALE', 'it is 1 now'],
    [
      'about days that end before they begin',
      { from: '2026-11-20', to: '2026-11-19', set: {} },
      422,
      'LOBBY_WHAT_IF_PERIOD',
      '31 days at most',
    ],
    [
      'about a year',
      { from: '2026-01-01', to: '2026-12-31', set: {} },
      422,
      'LOBBY_WHAT_IF_PERIOD',
      '31 days',
    ],
    ['with a key of its own', { set: {}, more: 1 }, 400, 'LOBBY_REQUEST_INVALID', 'does not fit'],
  ])('is refused %s, and says so', async (_, changes, status, code, words) => {
    const refused = await ask('POST', '', { ...period(), ...changes });
    expect(refused).toMatchObject({ status, body: { code } });
    expect(refused.body.message).toContain(words);
  });

  test('of days without a line says that nothing was recorded then', async () => {
    const asked = await ask('POST', '', { ...period(), from: '2026-10-01', to: '2026-10-02', set: draft });
    expect(await ended(ask, asked.body.id)).toMatchObject({
      state: 'failed',
      trouble: { code: 'LOBBY_WHAT_IF_EMPTY' },
    });
  });

  test('that there is none of is not found', async () => {
    expect(await ask('GET', '/none')).toMatchObject({ status: 404, body: { code: 'LOBBY_WHAT_IF_UNKNOWN' } });
  });

  test('is for operations: a viewer is refused, and whoever shows no token', async () => {
    const viewer = await asker(box, 'viewer');
    expect(await viewer('POST', '', { ...period(), set: draft })).toMatchObject({
      status: 403,
      body: { code: 'LOBBY_ROLE_MISSING' },
    });
    expect((await fetch(`${box.url}/api/v1/what-if/days`)).status).toBe(401);
  });
});

describe('A box without', () => {
  let box: Box | undefined;
  afterEach(() => box?.close());

  test('a journal says so', async () => {
    box = await runAsked({});
    const ask = await asker(box);
    for (const refused of [
      await ask('GET', '/days'),
      await ask('POST', '', { version: 1, from: box.day(0), to: box.day(0), set: {} }),
    ]) {
      expect(refused).toMatchObject({ status: 409, body: { code: 'LOBBY_WHAT_IF_NO_JOURNAL' } });
    }
  });

  test('places in its journal says that nothing can be played back, and why', async () => {
    box = await runAsked({ lines: lines.filter(({ kind }) => kind !== 'scene') });
    const ask = await asker(box);
    const asked = await ask('POST', '', {
      version: 1,
      from: box.day(0),
      to: box.day(2),
      set: { 'queue.length': 2 },
    });
    expect(await ended(ask, asked.body.id)).toMatchObject({
      state: 'failed',
      trouble: { code: 'LOBBY_WHAT_IF_NO_PLACES', remedy: expect.stringContaining('sceneSeconds') },
    });
  });
});
