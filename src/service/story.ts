import type { Happening } from '../core/behaviours/behaviour.ts';
import type { FirstContact } from '../core/ledger.ts';
import type { PromptChange, Verdict } from '../core/prompts/prompt.ts';
import type { CoreOutput } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import { sayWandering } from './words.ts';

/** Media time as stories show it: `00:05.4`. */
export function asStoryTime(at: Seconds): string {
  const tenths = Math.round(at * 10);
  const minutes = Math.floor(tenths / 600);
  return `${String(minutes).padStart(2, '0')}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}

/**
 * Tells one step as lines a receptionist would write, silences with their reasons:
 *
 * ```text
 * 00:05.4  main-door    arrived      v2
 * 00:05.4               → greet, main-door, 1, now
 * 00:34.3  hall         wandering    v4, 15 s in the hall, 9.2 m for 3.1 m, 3 pauses, 4 turns
 * 00:34.3               → nothing (staff-near, 1.2 m)
 * ```
 *
 * @param zero what the times count from
 */
export function tellOutput({ verdicts, changes, laters = [] }: CoreOutput, zero: Seconds = 0): string[] {
  const raised = new Map(changes.filter((one) => one.kind === 'raised').map((one) => [one.prompt.id, one]));
  const lines = verdicts.flatMap((verdict) => {
    const said = tellVerdict(verdict, zero);
    const change = verdict.decision.kind === 'prompt' ? raised.get(verdict.decision.prompt) : undefined;
    return change === undefined ? said : [...said, tellChange(change, zero)];
  });
  const told = new Set(
    verdicts.flatMap(({ decision }) => (decision.kind === 'prompt' ? [decision.prompt] : [])),
  );
  // What was raised late, for somebody staff did not stay with, has had its verdict before.
  const rest = changes.filter((one) => one.kind !== 'raised' || !told.has(one.prompt.id));
  // Who was told of after all is in the prompt that told of them.
  const untold = laters.filter(({ end }) => end !== 'told');
  return [
    ...lines,
    ...rest.map((one) => tellChange(one, zero)),
    ...untold.map(
      ({ at, visit, kind, end }) =>
        `${asStoryTime(at - zero)}  ${''.padEnd(12)} → ${kind} of ${visit} not said any more (${end})`,
    ),
  ];
}

/**
 * First contact in one line, for the end of a replay:
 *
 * ```text
 * 12 arrived: 9 met, 7 within 30 s, 3 never; half within 14 s, nine in ten never; 1 still waits
 * ```
 */
export function tellFirstContact(figures: FirstContact, targetSeconds: Seconds): string {
  const { arrivals, met, inTime, neverMet, undecided } = figures;
  const within = (seconds: Seconds) =>
    Number.isFinite(seconds) ? `within ${seconds.toFixed(0)} s` : 'never';
  const waits = undecided === 0 ? '' : `; ${undecided} still ${undecided === 1 ? 'waits' : 'wait'}`;
  return `${arrivals} arrived: ${met} met, ${inTime} within ${targetSeconds} s, ${neverMet} never; half ${within(figures.medianSeconds)}, nine in ten ${within(figures.p90Seconds)}${waits}`;
}

function tellVerdict(verdict: Verdict, zero: Seconds): string[] {
  const { happening, decision } = verdict;
  const time = asStoryTime(verdict.at - zero);
  const place = (happening.zone ?? 'hall').padEnd(12);
  const lines = [`${time}  ${place} ${happening.kind.padEnd(12)} ${describe(happening)}`.trimEnd()];
  if (decision.kind === 'silence' && decision.reason !== 'nothing-to-ask') {
    const { metres, metresPerSecond } = decision;
    const far = metres === undefined ? '' : `, ${metres.toFixed(1)} m`;
    const fast = metresPerSecond === undefined ? '' : `, ${metresPerSecond.toFixed(1)} m/s nearer`;
    lines.push(`${time}  ${''.padEnd(12)} → nothing (${decision.reason}${far}${fast})`);
  }
  return lines;
}

function tellChange(change: PromptChange, zero: Seconds): string {
  const { prompt } = change;
  const time = asStoryTime(change.at - zero);
  const what =
    change.kind === 'raised'
      ? `${prompt.kind}, ${prompt.place}, ${prompt.people}, ${prompt.urgency}`
      : change.kind === 'grew'
        ? `${prompt.kind}, ${prompt.place}, now ${prompt.people}`
        : change.kind === 'listed'
          ? `${prompt.kind}, ${prompt.place}, ${prompt.people}, in silence`
          : `${prompt.kind}, ${prompt.place}, ${prompt.phase}${change.reason === undefined ? '' : ` (${change.reason})`}`;
  return `${time}  ${''.padEnd(12)} → ${what}`;
}

function describe(happening: Happening): string {
  const parts: string[] = [];
  if (happening.visit !== undefined) parts.push(happening.visit);
  if (happening.kind === 'wandering' && happening.figures !== undefined) {
    parts.push(sayWandering(happening.figures, happening.cameUpTo ?? []).en);
  }
  if (happening.waitedSeconds !== undefined) parts.push(`after ${happening.waitedSeconds.toFixed(1)} s`);
  if (typeof happening.served === 'boolean') parts.push(happening.served ? 'served' : 'not served');
  if (happening.people !== undefined) parts.push(`${happening.people}`);
  if (happening.towards !== undefined) parts.push(`→ ${happening.towards}`);
  if (happening.of !== undefined) parts.push(`${happening.of}, ${happening.because}`);
  if (happening.kind === 'machine-trouble' && happening.figures !== undefined) {
    const { short, of, shortSeconds, usualSeconds } = happening.figures;
    parts.push(`${short} of ${of} stays ${shortSeconds!.toFixed(0)} s, usual ${usualSeconds!.toFixed(0)} s`);
  }
  return parts.join(', ');
}
