/** `npm run bench` for what the service costs, `npm run bench -- latency` for how late it is. */
void import(process.argv[2] === 'latency' ? './latency.ts' : './bench.ts');
