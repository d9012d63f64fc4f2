import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type PrivacyLevel, privacyLevels, tellsMore } from '../../src/contract/privacy.ts';
import { writeWhole } from './write-whole.ts';

const recordSchema = z.strictObject({ v: z.literal(1), level: z.enum(privacyLevels) });

/** The privacy level a box is at, whatever its branch file says. */
export interface PrivacyRecord {
  /** Absent: none is recorded, as on a first start. */
  readonly level: PrivacyLevel | undefined;
  /** Whether a branch file's level may be taken: it tells no more than the one that is recorded. */
  allows(level: PrivacyLevel): boolean;
  keep(level: PrivacyLevel): void;
}

/**
 * Keeps the privacy level in the data folder, beside the branch file that names it: whoever can send a box another
 * branch file cannot raise it that way. Only `lobby privacy`, on the box and with an installer's token, writes a higher
 * one.
 *
 * A record that cannot be read counts as `counts`: it fails closed.
 *
 * @param folder the data folder; absent: it is remembered as long as the process lives
 */
export function openPrivacyRecord(folder: string | undefined): PrivacyRecord {
  const file = folder === undefined ? undefined : join(folder, 'privacy.json');
  let remembered: PrivacyLevel | undefined;

  function read(): PrivacyLevel | undefined {
    if (file === undefined) return remembered;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'counts';
    }
    try {
      return recordSchema.parse(JSON.parse(text)).level;
    } catch {
      return 'counts';
    }
  }

  return {
    get level() {
      return read();
    },
    allows(level) {
      const kept = read();
      return kept === undefined || !tellsMore(level, kept);
    },
    keep(level) {
      remembered = level;
      if (file === undefined) return;
      // Made for this user alone, and empty for a moment: that counts as `counts`.
      writeFileSync(file, '', { flag: 'a', mode: 0o600 });
      writeWhole(file, `${JSON.stringify({ v: 1, level })}\n`);
    },
  };
}
