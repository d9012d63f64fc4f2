import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** How far the fleet has been told: of each time of telling the newest hour and day that the broker has confirmed. */
export const fleetToldSchema = z.strictObject({
  v: z.literal(1),
  hours: z
    .array(z.iso.datetime({ precision: 3 }))
    .max(8)
    .describe('The newest hour told, by time of telling.'),
  days: z.array(z.iso.date().nullable()).max(8).describe('The newest day told, by time of telling.'),
});
export type FleetTold = z.infer<typeof fleetToldSchema>;

export interface ToldFile {
  /** Nothing where there is no such file, or a disk took it: hours are told anew then, which does no harm. */
  read(): FleetTold | undefined;
  write(told: FleetTold): void;
}

export function openToldFile(file: string): ToldFile {
  return {
    read() {
      try {
        return fleetToldSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        return undefined;
      }
    },
    write(told) {
      writeFileSync(`${file}.new`, `${JSON.stringify(told)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}
