import type { ComparedWith } from '../../../../src/contract/figures.ts';

/** What the page is asked to show: it is in its address, so that it can be sent to a colleague. */
export interface Shown {
  readonly kind: 'day' | 'week' | 'month';
  /** Absent: today, whatever day that is. */
  readonly day?: string;
  readonly compare: ComparedWith;
  readonly withoutShort: boolean;
}

const dayMs = 86_400_000;
const isDay = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

export function shownOf(address: string): Shown {
  const asked = new URLSearchParams(address.split('?')[1] ?? '');
  const kind = asked.get('period');
  const day = asked.get('day');
  const compare = asked.get('compare');
  return {
    kind: kind === 'week' || kind === 'month' ? kind : 'day',
    ...(isDay(day) ? { day } : {}),
    compare: compare === 'none' || compare === 'before' ? compare : 'same-weekday',
    withoutShort: asked.get('short') === 'out',
  };
}

/** The part of the address after the page's name; what is usual is not in it. */
export function addressOf({ kind, day, compare, withoutShort }: Shown): string {
  const asked = new URLSearchParams();
  if (kind !== 'day') asked.set('period', kind);
  if (day !== undefined) asked.set('day', day);
  if (compare !== 'same-weekday') asked.set('compare', compare);
  if (withoutShort) asked.set('short', 'out');
  const text = asked.toString();
  return text === '' ? '' : `?${text}`;
}

const plus = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** First and last day: the day itself, its week from Monday on, or its month. */
export function daysOf(kind: Shown['kind'], day: string): { readonly from: string; readonly to: string } {
  if (kind === 'day') return { from: day, to: day };
  const date = new Date(Date.parse(day));
  if (kind === 'week') {
    const monday = plus(day, -((date.getUTCDay() + 6) % 7));
    return { from: monday, to: plus(monday, 6) };
  }
  const first = `${day.slice(0, 8)}01`;
  return {
    from: first,
    to: plus(
      new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)).toISOString().slice(0, 10),
      -1,
    ),
  };
}

/** The same kind of period, one earlier or one later; today's stays today's, and nothing lies ahead of it. */
export function stepped(shown: Shown, today: string, step: 1 | -1): Shown {
  const { from, to } = daysOf(shown.kind, shown.day ?? today);
  const day = step < 0 ? plus(from, -1) : plus(to, 1);
  if (day > today) return shown;
  const { day: _, ...rest } = shown;
  const isNow = daysOf(shown.kind, today).from === daysOf(shown.kind, day).from;
  return isNow ? rest : { ...rest, day: daysOf(shown.kind, day).from };
}

/** What the box is asked for. */
export function queryOf(shown: Shown, today: string): string {
  const { from, to } = daysOf(shown.kind, shown.day ?? today);
  const asked = new URLSearchParams(from === to ? { day: from } : { from, to });
  asked.set('compare', shown.compare);
  if (shown.withoutShort) asked.set('short', 'out');
  return asked.toString();
}
