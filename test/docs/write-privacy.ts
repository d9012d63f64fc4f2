import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { privacyPage } from './privacy/page.ts';

await writeFile(join(import.meta.dirname, '..', '..', 'docs', 'privacy.md'), await privacyPage());
console.log('docs/privacy.md');
