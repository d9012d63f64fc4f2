import { defineConfig } from 'vitest/config';

/** `npm run test:faults`: the long ones too, one after the other, so that each has the machine for itself. */
export default defineConfig({
  test: {
    setupFiles: ['test/one-seed.ts'],
    globalSetup: ['test/build-pages.ts'],
    include: ['test/faults/**/*.{test,fault}.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
