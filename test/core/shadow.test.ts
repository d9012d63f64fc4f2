import { describe, expect, it } from 'vitest';
import { shadow } from '../../src/core/shadow.ts';
import { begin, type CoreInput, type CoreState, stepSeen } from '../../src/core/step.ts';
import type { Understood } from '../../src/core/understand.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { person, smallBranch } from '../service/small-lobby.ts';

const settings = settingsOf(smallBranch());

/** A lobby and its shadow, step by step. */
function open() {
  let state: CoreState = begin(7);
  let beside: Understood | undefined;
  return {
    take(input: CoreInput) {
      const before = state;
      const [after, , whereabouts] = stepSeen(before, input, settings);
      state = after;
      [beside] = shadow(beside, { before, after, input, whereabouts }, settings);
    },
    live: () => state,
    shadow: () => beside!,
  };
}

function greeted() {
  const lobby = open();
  lobby.take({ kind: 'duty', at: 0, watch: 'w-1', role: 'manager', onDuty: true });
  for (let frame = 1; frame <= 30; frame += 1) {
    const at = frame / 5;
    lobby.take({ kind: 'people', camera: 'hall', at, people: [person(-3.5 + (at / 6) * 3, 0)] });
  }
  return lobby;
}

describe('A shadow', () => {
  it('of the same settings decides the same, under names of its own', () => {
    const lobby = greeted();
    const plain = (prompts: CoreState['prompts']) =>
      prompts.open.map(({ kind, place, raisedAt, watches, visits }) => [
        kind,
        place,
        raisedAt,
        watches,
        visits,
      ]);
    expect(plain(lobby.shadow().prompts)).toEqual(plain(lobby.live().prompts));
    expect(lobby.live().prompts.open).toHaveLength(1);
    expect(lobby.shadow().prompts.open[0]!.id).not.toBe(lobby.live().prompts.open[0]!.id);
    expect(lobby.shadow().behaviours).toEqual(lobby.live().behaviours);
  });

  it('takes an answer to a live prompt as one to its own that says the same', () => {
    const lobby = greeted();
    const { id } = lobby.live().prompts.open[0]!;
    lobby.take({ kind: 'answer', at: 6.1, id, answer: 'accepted', role: 'manager', watch: 'w-1' });
    expect(lobby.shadow().prompts.open[0]).toMatchObject({ phase: 'accepted', by: 'manager', watch: 'w-1' });
  });

  it('hears that the branch closes and who goes off duty', () => {
    const lobby = greeted();
    lobby.take({ kind: 'opening', at: 6.2, isOpen: false });
    lobby.take({ kind: 'duty', at: 6.3, watch: 'w-1', role: 'manager', onDuty: false });
    const { isClosed, wearers } = lobby.shadow().prompts;
    expect([isClosed, wearers.wearers.filter(({ onDuty }) => onDuty)]).toEqual([true, []]);
  });

  it('stands still for whoever nobody could look at, as the live half does', () => {
    const lobby = greeted();
    for (let second = 0; second < 20; second += 1) {
      lobby.take({ kind: 'quiet', camera: 'hall', at: 7 + second });
    }
    for (let frame = 0; frame < 5; frame += 1) {
      lobby.take({ kind: 'people', camera: 'hall', at: 28 + frame / 5, people: [person(-0.5, 0)] });
    }
    expect(lobby.shadow().behaviours).toEqual(lobby.live().behaviours);
  });

  it('ends with who is there: it keeps no more than the live half', () => {
    const lobby = greeted();
    for (let second = 0; second < 400; second += 1) {
      lobby.take({ kind: 'people', camera: 'hall', at: 7 + second, people: [] });
    }
    const { prompts } = lobby.shadow();
    expect([prompts.open, prompts.said]).toEqual([[], []]);
  });
});
