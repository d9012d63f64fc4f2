import { describe, expect, it } from 'vitest';
import { viewFloor } from '../../src/core/floor-view.ts';
import { begin, step, viewLobby } from '../../src/core/step.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { branchOf, knownLobbies, recordingOf } from '../quality/run-lobby.ts';

/** Every floor of a recorded lobby, with the lobby at a glance beside it. */
function floorsOf(name: string) {
  const lobby = knownLobbies().find((one) => one.name === name)!;
  const settings = settingsOf(branchOf(lobby));
  let state = begin();
  return recordingOf(lobby).map((observation) => {
    [state] = step(state, observation, settings);
    return { at: state.at, floor: viewFloor(state, settings), glance: viewLobby(state, settings), settings };
  });
}

describe('The floor as dots', () => {
  const floors = floorsOf('demo');

  it('agrees with the lobby at a glance at every moment: who is in it, who is staff, who waits in line', () => {
    for (const { floor, glance } of floors) {
      const count = (...standings: string[]) =>
        floor.filter((one) => standings.includes(one.standing)).length;
      expect(floor.length - count('staff')).toBe(glance.inLobby);
      expect(floor.filter((one) => one.standing === 'staff' && one.heldSeconds === undefined)).toHaveLength(
        glance.staffSeen,
      );
      // Whom staff speak with in the line is drawn as being helped, and keeps the place.
      expect(count('in-queue')).toBeLessThanOrEqual(glance.inQueue);
    }
  });

  it('shows who is to be greeted until they are met, and calls them late past the target', () => {
    const seen = new Set(floors.flatMap(({ floor }) => floor.map(({ standing }) => standing)));
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        'being-helped',
        'in-queue',
        'looking-around',
        'met',
        'past-target',
        'staff',
        'to-greet',
      ]),
    );
    for (const { floor, settings } of floors) {
      const { targetSeconds } = settings.thresholds.contact;
      for (const { standing, forSeconds } of floor) {
        if (standing === 'to-greet') expect(forSeconds).toBeLessThanOrEqual(targetSeconds);
        if (standing === 'past-target') expect(forSeconds).toBeGreaterThan(targetSeconds);
      }
    }
  });

  it('numbers a line from one on without a gap, and ties whoever is helped to a member of staff', () => {
    for (const { floor } of [...floors, ...floorsOf('two-queues')]) {
      for (const queue of new Set(floor.flatMap((one) => (one.order === undefined ? [] : [one.queue])))) {
        const orders = floor.flatMap((one) =>
          one.queue === queue && one.order !== undefined ? [one.order] : [],
        );
        expect(new Set(orders).size).toBe(orders.length);
        expect(Math.min(...orders)).toBeGreaterThanOrEqual(1);
      }
      for (const { with: staff } of floor) {
        if (staff !== undefined) expect(floor.find(({ visit }) => visit === staff)?.standing).toBe('staff');
      }
    }
  });

  it('says of whoever is not seen how long that has been, and names nobody twice', () => {
    for (const { floor } of floors) {
      expect(new Set(floor.map(({ visit }) => visit)).size).toBe(floor.length);
      for (const { heldSeconds } of floor)
        if (heldSeconds !== undefined) expect(heldSeconds).toBeGreaterThanOrEqual(1);
    }
    expect(floors.some(({ floor }) => floor.some((one) => one.heldSeconds !== undefined))).toBe(true);
  });
});
