import fc from 'fast-check';

/** Properties are drawn from one seed, so that a run tells of the change and not of the day; another: `SEED=n npm test`. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.SEED ?? 20_261_124) });
