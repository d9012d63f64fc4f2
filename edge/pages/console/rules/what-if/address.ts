/** What an address of the page says: the days, and the draft. */
export interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly set: Readonly<Record<string, string>>;
}

/** The same for whoever leads there: values as they are, in a form or from the journal. */
interface Wanted extends Omit<Asked, 'set'> {
  readonly set: Readonly<Record<string, string | number>>;
}

const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d\d-\d\d$/.test(text);

/**
 * `?from=2026-11-16&to=2026-11-22&set=wandering.afterSeconds=20&set=queue.waitSeconds=60`, as the command line has it.
 *
 * @returns what is not of that form is left out
 */
export function askedOf(address: string): Asked {
  const query = new URLSearchParams(address.split('?')[1] ?? '');
  const [from, to] = [query.get('from'), query.get('to')];
  const set = Object.fromEntries(
    query.getAll('set').flatMap((one) => {
      const [, path, value] = /^([a-zA-Z]{1,40}\.[a-zA-Z]{1,40})=(-?[\d.]{1,12})$/.exec(one) ?? [];
      return path === undefined ? [] : [[path, value!]];
    }),
  );
  return { ...(isDay(from) ? { from } : {}), ...(isDay(to) ? { to } : {}), set };
}

/**
 * The way back: what follows `/rules/what-if`. Every page that leads there goes by this.
 *
 * @example
 * addressOf({ set: { 'queue.waitSeconds': 600 } }); // '?set=queue.waitSeconds=600'
 */
export function addressOf({ from, to, set }: Partial<Wanted>): string {
  const parts = [
    ...(from === undefined ? [] : [`from=${from}`]),
    ...(to === undefined ? [] : [`to=${to}`]),
    ...Object.entries(set ?? {}).map(
      ([path, value]) => `set=${path}=${encodeURIComponent(String(value).trim())}`,
    ),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
