import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/one-seed.ts'],
    // Pages are built once, before test files run side by side.
    globalSetup: ['test/build-pages.ts'],
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
