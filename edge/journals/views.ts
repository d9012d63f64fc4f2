import { texted } from './tables.ts';

/**
 * Views with plain names, made anew each time the file is opened: docs/journal.md says what to ask them.
 *
 * @param timezone of the branch, `Asia/Shanghai`; absent: hours and days are those of UTC
 */
export function viewsOf(timezone = 'UTC'): readonly string[] {
  return [
    // Moments are kept in UTC; a bank's hours are those of its own clock.
    `CREATE OR REPLACE MACRO here(moment) AS timezone(${texted(timezone)}, timezone('UTC', moment))`,
    // Each prompt once, with what became of it.
    `CREATE OR REPLACE VIEW prompts AS
      SELECT id, p.kind, p.place, p.people, p.urgency, p.raisedAt, p.expiresAt, p.passedOn,
        deliveredAt, seenAt, acceptedAt, endedAt, coalesce(outcome, 'open') AS outcome, reason, endedBy,
        date_diff('millisecond', p.raisedAt, deliveredAt) / 1000 AS deliveredSeconds,
        date_diff('millisecond', p.raisedAt, acceptedAt) / 1000 AS acceptedSeconds, missedWhy
      FROM (
        SELECT id, first(prompt ORDER BY n) AS kind, first(place ORDER BY n) AS place, last(people ORDER BY n) AS people,
          last(urgency ORDER BY n) AS urgency, min(raisedAt) AS raisedAt, max(expiresAt) AS expiresAt,
          bool_or(change = 'passed-on') AS passedOn
        FROM prompt GROUP BY id) p
      LEFT JOIN (
        SELECT id, min(moment) FILTER (phase = 'delivered') AS deliveredAt, min(moment) FILTER (phase = 'seen') AS seenAt,
          min(moment) FILTER (phase = 'accepted') AS acceptedAt,
          min(moment) FILTER (phase IN ('met', 'skipped', 'withdrawn', 'expired')) AS endedAt,
          first(phase ORDER BY n) FILTER (phase IN ('met', 'skipped', 'withdrawn', 'expired')) AS outcome,
          first(reason ORDER BY n) FILTER (phase IN ('met', 'skipped', 'withdrawn', 'expired')) AS reason,
          first(role ORDER BY n) FILTER (phase IN ('met', 'skipped', 'withdrawn', 'expired')) AS endedBy
        FROM state GROUP BY id) s USING (id)
      LEFT JOIN (SELECT id, min(why) AS missedWhy FROM missed WHERE message = 'prompt' GROUP BY id) m USING (id)`,
    // Each arrival once; who was never met has no metAt.
    `CREATE OR REPLACE VIEW stays AS
      SELECT visit, zone AS door, arrivedAt, promptedAt, prompt, acceptedAt, metAt, waitedSeconds, metBy, blindSeconds,
        CASE WHEN ended IS NOT NULL THEN moment END AS endedAt, ended
      FROM stay`,
    // Each wait in a queue that ended: by being served, or by giving up.
    `CREATE OR REPLACE VIEW waits AS
      SELECT moment, zone, visit, waitedSeconds, CASE served WHEN 'true' THEN true WHEN 'false' THEN false END AS served
      FROM verdict WHERE happening = 'left-queue' AND role <> 'staff' AND waitedSeconds IS NOT NULL`,
    // Queues by the hour of the branch's clock.
    `CREATE OR REPLACE VIEW queue_hours AS
      SELECT zone, hour, waits, p50Seconds, p90Seconds, meanWaiting, mostWaiting, blindMinutes FROM (
        SELECT zone, strftime(here(moment), '%Y-%m-%d %H:00') AS hour, avg(waiting) AS meanWaiting, max(waiting) AS mostWaiting,
          count(*) FILTER (blind) AS blindMinutes
        FROM zone GROUP BY ALL HAVING count(waiting) > 0 OR zone IN (SELECT DISTINCT zone FROM waits))
      FULL JOIN (
        SELECT zone, strftime(here(moment), '%Y-%m-%d %H:00') AS hour, count(*) AS waits,
          quantile_cont(waitedSeconds, 0.5) AS p50Seconds, quantile_cont(waitedSeconds, 0.9) AS p90Seconds
        FROM waits GROUP BY ALL) USING (zone, hour)`,
    // A row for each dot of each scene.
    `CREATE OR REPLACE VIEW dots AS
      SELECT moment, run, dot.visit, dot.role, dot.x, dot.y
      FROM (SELECT moment, run, unnest(people) AS dot FROM scene)`,
  ];
}
