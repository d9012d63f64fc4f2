import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Minutes, all of them: begun last, one of them would be waited for while the other core has nothing to do. */
const longest = [
  'edge/audit/audit',
  'quality/scores',
  'quality/sight',
  'properties/lobby',
  'service/lobby',
  'chaos/chaos',
  'quality/lobbies',
  'e2e/',
  'edge/detectors/detectors',
  'quality/metrics/tracking',
].map((path) => `/test/${path}`);

/** The longest first; the rest as usual. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const turn = ({ moduleId }: TestSpecification) => {
      const known = longest.findIndex((path) => moduleId.includes(path));
      return known < 0 ? longest.length : known;
    };
    return (await super.sort(files)).sort((a, b) => turn(a) - turn(b));
  }
}

export default defineConfig({
  test: {
    setupFiles: ['test/one-seed.ts'],
    // Pages are built once, before test files run side by side.
    globalSetup: ['test/build-pages.ts'],
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
