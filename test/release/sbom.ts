/** `npm run sbom`: writes dist/sbom.cdx.json, what the service is made of. Needs no network. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';
import { describeParts } from './describe-parts.ts';

const folder = join(packageRoot, 'dist');
mkdirSync(folder, { recursive: true });
const file = join(folder, 'sbom.cdx.json');
const parts = describeParts();
writeFileSync(file, `${JSON.stringify(parts, null, 2)}\n`);
console.log(`${file}: ${parts.components.length} parts`);
