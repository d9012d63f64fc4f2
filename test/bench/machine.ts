import { cpus, loadavg, totalmem } from 'node:os';
import { z } from 'zod';

/** Where and when a figure was taken. */
export const machineSchema = z.strictObject({
  date: z.iso.date(),
  machine: z.string(),
  load: z
    .number()
    .min(0)
    .describe('Of the machine over the last minute, as the figures were begun or written.'),
});
export type Machine = z.infer<typeof machineSchema>;

/** This machine, now. A load above the number of its cores means that others used it too. */
export function whereAndWhen(): Machine {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${model}, ${cpus().length} cores, ${memory}, Node ${process.version}`,
    load: Number(loadavg()[0]!.toFixed(1)),
  };
}
