import { z } from 'zod';

/** A known weakness that does no harm here, and until when that is believed. */
export const exceptionsSchema = z.array(
  z.strictObject({
    advisory: z.string().regex(/^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$/),
    package: z.string().min(1),
    why: z.string().min(40),
    until: z.iso.date(),
  }),
);
export type Exceptions = z.infer<typeof exceptionsSchema>;

/** What `npm audit --json` says, as far as it is looked at here. */
const reportSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      via: z.array(
        z.union([
          // By way of another package, which has its own entry.
          z.string(),
          z.object({ name: z.string(), title: z.string(), url: z.string(), severity: z.string() }),
        ]),
      ),
    }),
  ),
});

export interface Known {
  readonly advisory: string;
  readonly package: string;
  readonly severity: string;
  readonly title: string;
}

/**
 * What an audit found that no exception explains.
 *
 * @param today an exception that ended before it explains nothing
 * @returns `undefined` where it is no report at all: the registry was not reached, or has no audit
 */
export function judgeAudit(
  report: unknown,
  exceptions: Exceptions,
  today: string,
): readonly Known[] | undefined {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) return undefined;
  const known = Object.values(parsed.data.vulnerabilities).flatMap(({ via }) =>
    via.flatMap((one) =>
      typeof one === 'string'
        ? []
        : [
            {
              advisory: one.url.split('/').at(-1)!,
              package: one.name,
              severity: one.severity,
              title: one.title,
            },
          ],
    ),
  );
  return known.filter(
    (one) =>
      !exceptions.some(
        (exception) =>
          exception.advisory === one.advisory &&
          exception.package === one.package &&
          exception.until >= today,
      ),
  );
}
