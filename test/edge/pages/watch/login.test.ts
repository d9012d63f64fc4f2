import { expect, test } from 'vitest';
import { readLogin } from '../../../../edge/pages/watch/login.ts';

test('the login of a watch is what stands behind its address, whatever letters it has', () => {
  expect(readLogin('#login=harbour:correct%20horse')).toEqual({
    username: 'harbour',
    password: 'correct horse',
  });
  expect(readLogin('#login=harbour:a:b%23%E9%97%A8')).toEqual({ username: 'harbour', password: 'a:b#门' });
  expect(readLogin('#login=')).toBe('none');
});

test.each([
  '',
  '#',
  '#login=harbour',
  '#login=:secret',
  '#login=harbour:',
  '#login=harbour:%E9',
  '#other=a:b',
])('behind %s there is none', (hash) => {
  expect(readLogin(hash)).toBeUndefined();
});
