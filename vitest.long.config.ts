import { defineConfig } from 'vitest/config';
import WriteLong from './test/long/write-long.ts';

/**
 * `npm run test:long`: tests that take minutes, one after the other. `LOBBY_WRITE_LONG=1` keeps what came of them in
 * test/long/long.json, which the ordinary run holds to its bounds.
 */
export default defineConfig({
  test: {
    setupFiles: ['test/one-seed.ts'],
    globalSetup: ['test/build-pages.ts'],
    include: ['test/**/*.long.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    fileParallelism: false,
    reporters: ['default', new WriteLong()],
  },
});
