import { expect, test } from 'vitest';
import type { Publisher } from '../../src/ports/publisher.ts';
import { alsoTell } from '../../src/service/also-tell.ts';
import { examplePrompt } from '../conformance/publisher.ts';

test('listeners hear what the wrists are told, after them, and the rest goes on as before', () => {
  const heard: string[] = [];
  let waiting = 0;
  const publisher = {
    prompt: () => heard.push('wrists'),
    health: () => heard.push('health'),
    get state() {
      return { waiting };
    },
  } as unknown as Publisher;
  const all = alsoTell(publisher, [
    { prompt: ({ id }) => void heard.push(`first ${id.length}`) },
    { lobby: () => void heard.push('lobby') },
    { prompt: () => void heard.push('third') },
  ]);
  all.prompt(examplePrompt(1));
  all.health({ v: 1, state: 'ok', at: '2026-03-02T09:00:05.400Z', cameras: [] });
  expect(heard).toEqual(['wrists', 'first 26', 'third', 'health']);
  waiting = 3;
  expect(all.state.waiting).toBe(3);
});
