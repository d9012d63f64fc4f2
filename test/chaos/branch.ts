import { parseBranch } from '../../src/contract/branch.ts';
import { type PromptSettings, promptDefaults } from '../../src/core/prompts/decide.ts';

const zones = Array.from({ length: 40 }, (_, n) => `z${n}`);

/** A branch with more places than any: something can be asked at each of them at once. */
export const branch = parseBranch(
  `
branch: chaos
cameras: [{ id: hall, source: "rtsp://127.0.0.1/hall" }]
zones:
${zones.map((id) => `  - { id: ${id}, kind: service, pixels: [[0, 0], [9, 0], [0, 9]] }`).join('\n')}
`,
  'chaos.yaml',
);

/** Prompts that live for seconds, to wrists that are spared nothing: a day's troubles in minutes. */
export const settings: PromptSettings = {
  ...promptDefaults,
  budget: 500,
  sustained: 500,
  budgetSeconds: 1,
  passOnSeconds: { soon: 1 },
  repeatSeconds: {},
  usefulSeconds: { ...promptDefaults.usefulSeconds, 'check-machine': 2, divert: 3.5, patrol: 5 },
  // A watch keeps 32.
  mostOpen: 30,
};

/** What the service is told to do, as one JSON argument. */
export interface ChaosOrders {
  readonly data: string;
  readonly seed: number;
  readonly perSecond: number;
  /** Where it reaches the broker: a wire that may be cut. */
  readonly brokerPort: number;
  readonly login?: { readonly username: string; readonly password: string };
  /** Port of a broker of its own, which dies with it. */
  readonly embeddedPort?: number;
}
