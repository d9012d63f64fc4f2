import type { FiguresPayload } from '../../src/contract/figures.ts';

type Cell = string | number | null | undefined;

/**
 * Figures as a table for a spreadsheet or another program: one figure a line, with the place and the hour it is of.
 *
 *     from,to,figure,place,hour,value,unit
 *     2026-03-12,2026-03-12,came,,,486,visits
 *     2026-03-12,2026-03-12,wait-median,cash,11,250,seconds
 *
 * What is not known or not told has no value. Where people stood is not in it: the map is of the page and of `/figures`.
 */
export function figuresCsv(figures: FiguresPayload): string {
  const { from, to, contact, queues, hours, prompts, load, unseen, latency, equal } = figures;
  const lines: Cell[][] = [['from', 'to', 'figure', 'place', 'hour', 'value', 'unit']];
  const put = (figure: string, value: Cell, unit: string, place: Cell = '', hour: Cell = '') =>
    lines.push([from, to, figure, place, hour, value, unit]);
  put('came', contact.came, 'visits');
  put('met-in-time', contact.inTime, 'visits');
  put('met', contact.met, 'visits');
  put('never-met', contact.neverMet, 'visits');
  put('turned-round-at-once', contact.short, 'visits');
  put('contact-perhaps-missed', contact.blind, 'visits');
  put('target', figures.targetSeconds, 'seconds');
  put('first-contact-median', contact.medianSeconds, 'seconds');
  put('first-contact-p90', contact.p90Seconds, 'seconds');
  for (const { zone, waits, gaveUp, medianSeconds, p90Seconds } of queues) {
    put('waits', waits, 'visits', zone);
    put('gave-up', gaveUp, 'visits', zone);
    put('wait-median', medianSeconds, 'seconds', zone);
    put('wait-p90', p90Seconds, 'seconds', zone);
  }
  for (const row of hours.waits) {
    const at = [row.zone, row.hour] as const;
    put('waits', row.waits, 'visits', ...at);
    put('wait-median', row.medianSeconds, 'seconds', ...at);
    put('wait-p90', row.p90Seconds, 'seconds', ...at);
    put('queue-length-mean', row.meanWaiting, 'people', ...at);
    put('queue-length-most', row.mostWaiting, 'people', ...at);
    put('unseen', row.blindMinutes, 'minutes', ...at);
  }
  for (const { door, hour, came } of hours.arrivals) put('came', came, 'visits', door ?? 'not-known', hour);
  put('prompts', prompts.raised, 'prompts');
  for (const { end, prompts: some, withoutTap } of prompts.ends) {
    put(`prompts-${end}`, some, 'prompts');
    put(`prompts-${end}-without-tap`, withoutTap, 'prompts');
  }
  put('prompts-passed-on', prompts.passedOn, 'prompts');
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
