/** Puts what was measured into `docs/reliability.md`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';
import { figuresBegin, figuresEnd, figureTables } from './figures.ts';

const file = join(packageRoot, 'docs', 'reliability.md');
const text = readFileSync(file, 'utf8');
const [before] = text.split(figuresBegin);
const after = text.split(figuresEnd)[1];
writeFileSync(file, `${before}${figuresBegin}\n\n${figureTables()}\n\n${figuresEnd}${after}`);
