import { readFileSync } from 'node:fs';
import { parseBranch } from '../../../src/contract/branch.ts';

const file = new URL('../../../edge/demo/branch.yaml', import.meta.url);

/** The camera of the demo: it hangs at the near corner of a hall of nine by seven metres and looks across it. */
export const demoView = parseBranch(readFileSync(file, 'utf8'), 'branch.yaml').cameras[0]!.floor!;
