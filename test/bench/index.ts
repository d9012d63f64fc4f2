/**
 * `npm run bench` for what the service costs (see `suite.ts`), with `--against` for how that compares with another
 * commit (`compare.ts`), `npm run bench -- gate` for whether it grew (`gate.ts`), `npm run bench -- latency` for how
 * late it is, `npm run bench -- doors` for what looking at doors alone gains.
 */
const [first, ...others] = process.argv.slice(2);
const isAgainst = [first, ...others].some((option) => option?.startsWith('--against'));
if (first === 'gate') void import('./gate.ts').then(({ runGate }) => runGate(others));
else if (first === 'doors') void import('./doors-alone.ts');
else void import(first === 'latency' ? './latency.ts' : isAgainst ? './compare.ts' : './suite.ts');
