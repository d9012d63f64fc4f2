/** `npm run bench` for what the service costs (see `suite.ts`), `npm run bench -- latency` for how late it is. */
void import(process.argv[2] === 'latency' ? './latency.ts' : './suite.ts');
