import { afterEach, describe, test } from 'vitest';
import { endAll } from '../e2e/service.ts';
import { expectWell } from './expect-well.ts';
import { killAtRandom } from './kill-at-random.ts';

afterEach(endAll);

describe('The service', () => {
  test('killed with -9 a dozen times loses no prompt that a wrist has seen', async () => {
    expectWell(await killAtRandom(12, 3, 0.7));
  }, 240_000);
});
