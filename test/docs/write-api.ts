import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWholeApi } from './whole-api.ts';

const file = join(import.meta.dirname, '..', '..', 'docs', 'openapi.json');
await writeFile(file, `${JSON.stringify(await describeWholeApi(), null, 2)}\n`);
console.log('docs/openapi.json');
