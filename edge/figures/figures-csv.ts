import type { FiguresPayload } from '../../src/contract/figures.ts';
import { few, leastPeople, withheld } from '../../src/core/figures/share.ts';

type Cell = string | number | null | undefined;

/**
 * Figures as a table for a spreadsheet or another program: one figure a line, with the place and the hour it is of.
 *
 *     from,to,figure,place,hour,value,unit
 *     2026-03-12,2026-03-12,came,,,486,visits
 *     2026-03-12,2026-03-12,wait-median,cash,11,250,seconds
 *
 * What is not known or not told has no value. A count of one to four is `< 5`, and what would give it away beside its
 * sum is left out; of fewer than five people no times and no lengths are told. Where people stood is not in it: the map
 * is of the page and of `/figures`.
 */
export function figuresCsv(figures: FiguresPayload): string {
  const { from, to, contact, queues, hours, prompts, load, unseen, latency, equal } = figures;
  const lines: Cell[][] = [['from', 'to', 'figure', 'place', 'hour', 'value', 'unit']];
  const put = (figure: string, value: Cell, unit: string, place: Cell = '', hour: Cell = '') =>
    lines.push([from, to, figure, place, hour, value, unit]);
  const [inTime, late, neverMet] = withheld([contact.inTime, contact.met - contact.inTime, contact.neverMet]);
  const isMetKnown = [inTime, late, neverMet].every((one) => typeof one === 'number');
  put('came', few(contact.came), 'visits');
  put('met-in-time', inTime, 'visits');
  put('met', isMetKnown ? contact.met : undefined, 'visits');
  put('never-met', neverMet, 'visits');
  put('turned-round-at-once', few(contact.short), 'visits');
  put('contact-perhaps-missed', few(contact.blind), 'visits');
  put('target', figures.targetSeconds, 'seconds');
  const among = <Value>(people: number, value: Value) => (people < leastPeople ? undefined : value);
  put('first-contact-median', among(contact.came, contact.medianSeconds), 'seconds');
  put('first-contact-p90', among(contact.came, contact.p90Seconds), 'seconds');
  for (const { zone, waits, gaveUp, medianSeconds, p90Seconds } of queues) {
    put('waits', few(waits), 'visits', zone);
    put('gave-up', few(gaveUp), 'visits', zone);
    put('wait-median', among(waits, medianSeconds), 'seconds', zone);
    put('wait-p90', among(waits, p90Seconds), 'seconds', zone);
  }
  for (const { zone } of queues) {
    const rows = hours.waits.filter((row) => row.zone === zone);
    const waits = withheld(rows.map((row) => row.waits));
    for (const [index, row] of rows.entries()) {
      const at = [zone, row.hour] as const;
      put('waits', waits[index], 'visits', ...at);
      put('wait-median', among(row.waits, row.medianSeconds), 'seconds', ...at);
      put('wait-p90', among(row.waits, row.p90Seconds), 'seconds', ...at);
      put('queue-length-mean', among(row.waits, row.meanWaiting), 'people', ...at);
      put('queue-length-most', among(row.waits, row.mostWaiting), 'people', ...at);
      put('unseen', row.blindMinutes, 'minutes', ...at);
    }
  }
  const came = withheld(hours.arrivals.map((row) => row.came));
  for (const [index, { door, hour }] of hours.arrivals.entries())
    put('came', came[index], 'visits', door ?? 'not-known', hour);
  put('prompts', few(prompts.raised), 'prompts');
  const ends = withheld(prompts.ends.map((one) => one.prompts));
  for (const [index, { end, withoutTap }] of prompts.ends.entries()) {
    put(`prompts-${end}`, ends[index], 'prompts');
    put(`prompts-${end}-without-tap`, few(withoutTap), 'prompts');
  }
  put('prompts-passed-on', few(prompts.passedOn), 'prompts');
  put('watches', load.watches, 'watches');
  put('buzzes', load.buzzes, 'buzzes');
  put('buzzes-in-ten-minutes-mean', load.meanInTenMinutes, 'buzzes');
  put('buzzes-in-ten-minutes-most', load.mostInTenMinutes, 'buzzes');
  put('unseen', unseen.seconds, 'seconds');
  for (const { zone, seconds } of unseen.zones) put('unseen', seconds, 'seconds', zone);
  put('to-wrist-p50', latency.p50Seconds, 'seconds');
  put('to-wrist-p95', latency.p95Seconds, 'seconds');
  put('equal-treatment-doors', equal.doors.outcome, 'word');
  put('equal-treatment-doors-p', equal.doors.p, 'share');
  put('equal-treatment-hours', equal.hours.outcome, 'word');
  put('equal-treatment-hours-p', equal.hours.p, 'share');
  return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula is marked as text. */
function csvCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(Number(value.toFixed(3)));
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
