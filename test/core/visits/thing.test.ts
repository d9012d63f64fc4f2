import { describe, expect, it } from 'vitest';
import { type CoreState, viewLobby } from '../../../src/core/step.ts';
import { film, quiet, settings, stay, tell, to, type Walk, walk } from '../story.ts';

const later = (walks: readonly Walk[], until: number, from?: CoreState) =>
  tell(film(walks, { until, fps: 2, from: from === undefined ? 0 : from.at + 0.5 }), settings, from).state;
const inLobby = (state: CoreState) => viewLobby(state, settings).inLobby;
const things = (state: CoreState) => state.visits.visits.filter((visit) => visit.isThing).length;

/** A cardboard clerk in the hall, and one in the queue. */
const clerk = walk(0, [0.3, 0.4], stay(3000));
const clerkInQueue = walk(0, [3, -2], stay(3000));

describe('What stands like a thing', () => {
  it('is one after three minutes, and is not counted', () => {
    expect([inLobby(later([clerk], 170)), things(later([clerk], 170))]).toEqual([1, 0]);
    expect([inLobby(later([clerk], 190)), things(later([clerk], 190))]).toEqual([0, 1]);
  });

  it('is given a quarter of an hour where people stay: in a queue, at a machine', () => {
    const inQueue = (until: number) =>
      viewLobby(later([clerkInQueue], until), settings).zones.find(({ id }) => id === 'cash')!.people;
    expect([inQueue(600), inQueue(920)]).toEqual([1, 0]);
  });

  it('is somebody from their first step on', () => {
    const sleeper = walk(0, [0.3, 0.4], stay(200), to(1.2, 0.4), stay(600));
    expect(inLobby(later([sleeper], 199))).toBe(0);
    expect(inLobby(later([sleeper], 202))).toBe(1);
    // For good: whoever has walked once is nobody's cardboard.
    expect(inLobby(later([sleeper], 700))).toBe(1);
  });

  it('is nobody who was seen to come in, however long they stand', () => {
    expect(inLobby(later([walk(0, [-7, 0], to(0, 0), stay(600))], 500))).toBe(1);
  });

  it('is still one when a camera can see again', () => {
    const before = later([clerk], 190);
    const dark = tell(quiet(190.5, 250), settings, before).state;
    expect(things(later([clerk], 260, dark))).toBe(1);
  });

  it('keeps nobody from being told that no staff are there', () => {
    const staff = walk(0, [0, 4], stay(2), to(0, 2), stay(5), to(0, 4.2), stay(1));
    const guest = walk(0, [-7, 0], to(-2, -2), stay(600));
    const kinds = tell(film([staff, guest, clerk], { until: 400, fps: 2 })).happenings.map(
      ({ kind }) => kind,
    );
    expect(kinds).toContain('unattended');
  });
});
