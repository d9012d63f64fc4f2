import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Minutes, all of them: begun last, one of them would be waited for while the other core has nothing to do. */
const longest = [
  'edge/audit/audit',
  'e2e/',
  'edge/brokers/mqtt-publisher',
  'fleet/deciders',
  'faults/',
  'quality/sight',
  'quality/lobbies',
  'properties/',
  'scenes/draw',
  'fleet/',
  'quality/scores',
  'service/lobby',
  'edge/journals/',
  'edge/cameras/conformance',
  'edge/detectors/detectors',
  'chaos/chaos',
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

/** Tests of `src`, which the fence keeps from the machine and which starts no process, and of scenes as data. */
const pure = [
  'test/core/**/*.test.ts',
  'test/contract/**/*.test.ts',
  'test/properties/**/*.test.ts',
  'test/service/**/*.test.ts',
  'test/scenes/{library,simulate,truth}.test.ts',
];

/** Tests of `edge` and of the documents: what they start, they end. The audit is begun first, in a process of its own. */
const warm = ['test/{edge,docs}/**/!(audit).test.ts'];

const each = { setupFiles: ['test/one-seed.ts'], testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Pages are built once, before test files run side by side.
    globalSetup: ['test/build-pages.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...each,
          name: 'all else',
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...warm],
        },
      },
      // Nothing of one of these is left for the next: they share a process, and each is spared its start.
      { test: { ...each, name: 'edge', include: warm, isolate: false } },
      { test: { ...each, name: 'pure', include: pure, isolate: false } },
    ],
  },
});
