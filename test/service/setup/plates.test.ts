import { describe, expect, it } from 'vitest';
import type { LineOf } from '../../../src/contract/journal.ts';
import { createPlates } from '../../../src/service/setup/plates.ts';
import { ManualClock } from '../../manual-clock.ts';

const by = { kind: 'token', role: 'installer', token: 'k3f9aa' } as const;

describe('Plates', () => {
  function open() {
    const lines: LineOf<'setup'>[] = [];
    const clock = new ManualClock(1_700_000_000);
    const plates = createPlates({ clock, note: (line) => lines.push(line) });
    const told = () => lines.map(({ what, plate, by: role, token }) => [what, plate, role, token].join(' '));
    return { plates, clock, told };
  }

  it('are built while an installer asks and let go of a minute later, and the journal says who asked', async () => {
    const { plates, clock, told } = open();
    expect(plates.progress('hall').phase).toBe('off');
    plates.begin('hall', by);
    for (let i = 0; i < 5; i++) {
      await clock.advance(50);
      expect(plates.progress('hall').phase).toBe('waiting');
    }
    await clock.advance(61);
    expect(plates.progress('hall').phase).toBe('off');
    expect(plates.draw('hall')).toBeUndefined();
    expect(told()).toEqual(['plate-begun hall installer k3f9aa', 'plate-ended hall installer k3f9aa']);
  });

  it('end an hour after they began, however often they are asked for', async () => {
    const { plates, clock, told } = open();
    plates.begin('hall', by);
    for (let i = 0; i < 90; i++) {
      await clock.advance(45);
      plates.progress('hall');
    }
    expect(plates.progress('hall').phase).toBe('off');
    expect(told()).toHaveLength(2);
  });

  it('are four at most: the oldest makes room', () => {
    const { plates, told } = open();
    for (const camera of ['one', 'two', 'three', 'four', 'five']) plates.begin(camera, by);
    expect(plates.progress('one').phase).toBe('off');
    expect(plates.progress('five').phase).toBe('waiting');
    expect(told()).toContain('plate-ended one installer k3f9aa');
  });
});
