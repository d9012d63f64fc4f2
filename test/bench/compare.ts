/** `npm run bench -- --against COMMIT [--only resize,step] [--pairs 30] [--out FILE]`: see `suite.ts`. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareStages, comparisonSchema, hasOtherPackages } from './measure-stages.ts';
import { chosen, wholeNumber } from './options.ts';
import { stageNames } from './stages.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    against: { type: 'string' },
    only: { type: 'string' },
    pairs: { type: 'string', default: '15' },
    out: { type: 'string' },
  },
});
const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value;

async function compare(base: string): Promise<void> {
  const comparison = await compareStages(
    base,
    chosen(stageNames, values.only),
    wholeNumber('pairs', values.pairs),
  );
  if (hasOtherPackages(comparison.commit)) console.error(`${base} has other packages; these were used`);
  console.log(`this checkout against ${base} (${comparison.commit.slice(0, 12)}), ${comparison.pairs} pairs`);
  console.log('stage        ratio   10 % to 90 %     ms here   ms base');
  for (const { stage, ratio, spread, processorMs } of comparison.stages) {
    const cells = [
      stage.padEnd(11),
      ratio.toFixed(3).padStart(6),
      `${spread[0].toFixed(3)} to ${spread[1].toFixed(3)}`.padStart(16),
      processorMs.here.toFixed(3).padStart(9),
      processorMs.base.toFixed(3).padStart(9),
    ];
    console.log(cells.join(' '));
  }
  for (const { stage, why } of comparison.left) console.log(`${stage.padEnd(11)} left out: ${why}`);
  if (values.out !== undefined) {
    const written = comparisonSchema.parse(JSON.parse(JSON.stringify(comparison, rounded)));
    writeFileSync(values.out, `${JSON.stringify(written, undefined, 1)}\n`);
  }
}

await compare(values.against!);
process.exit();
