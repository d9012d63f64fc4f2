import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { setupCamerasSchema } from '../../src/contract/setup.ts';
import type { Walked } from '../../src/service/setup/walk.ts';

export const walkedSchema = z.strictObject({
  walk: setupCamerasSchema.shape.cameras.element.shape.walked.unwrap(),
  drawn: z.string().length(64),
});

/**
 * Keeps the last walk test that was accepted in the data folder, so that a restart does not ask for another. It names
 * nobody, and of cameras and zones it has a digest: an address may hold a login. One that cannot be read or written is a walk that
 * was not made.
 */
export function openWalkFile(folder: string): {
  readonly walked: Walked | undefined;
  readonly keep: (walked: Walked) => void;
  readonly digest: (drawn: string) => string;
} {
  const file = join(folder, 'walk-test.json');
  return {
    walked: read(file),
    digest: (drawn) => createHash('sha256').update(drawn).digest('hex'),
    keep(walked) {
      try {
        writeFileSync(file, JSON.stringify(walked), { mode: 0o600 });
      } catch {
        // It was accepted all the same, and is in the journal.
      }
    },
  };
}

function read(file: string): Walked | undefined {
  try {
    return walkedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
