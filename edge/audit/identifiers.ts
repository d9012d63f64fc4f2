/** A key whose value names somebody, if it is a number. */
const namesSomebody = /(^|[a-z_])(id|ids|visit|visits|person|people_?id|track|face|customer|visitor)$/i;
/** Moments, days, times, versions of programs, and names of metrics are no names of anybody. */
const isNoName =
  /^lobby_[a-z0-9_]+$|^utf-8$|^\d{4}-\d{2}(-\d{2})?(T[\d:.]*Z?)?$|^T?\d{1,2}(:\d{2}){1,2}|^v?\d+(\.\d+)+[-\w.]*$|^-?\d+(\.\d+)?(e[+-]?\d+)?[a-z%]{0,2}$/i;
const word = /[A-Za-z0-9][A-Za-z0-9_:.-]{3,79}/g;

/**
 * All in a text that could name somebody: words with a digit in them, and whole numbers under a key that names. What
 * else repeats (names of fields, of places, sentences) has no digit or was said before anybody came.
 */
export function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  const addWords = (from: string) => {
    for (const [found] of from.matchAll(word)) {
      const name = found.replace(/[:.-]+$/, '');
      if (/\d/.test(name) && /[A-Za-z]/.test(name) && !isNoName.test(name)) names.add(name);
    }
  };
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') addWords(value);
    else if (typeof value === 'number') {
      if (Number.isInteger(value) && Math.abs(value) >= 100 && namesSomebody.test(key))
        names.add(`${key} ${value}`);
    } else if (Array.isArray(value)) for (const one of value) walk(one, key);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) {
        addWords(name);
        walk(one, name);
      }
    }
  };
  const json = parsed(text);
  if (json === undefined) addWords(text);
  else walk(json, '');
  return names;
}

/** Names of visits: what stands under `visit`. */
export function visitsIn(text: string): string[] {
  return [...text.matchAll(/"visits?":\s*(?:"([^"]+)"|\[((?:"[^"]*",?\s*)*)\])/g)].flatMap(([, one, many]) =>
    one !== undefined ? [one] : [...(many ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name!),
  );
}

export function parsed(text: string): unknown {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether names tell in which order they were given: one beginning, and numbers that only grow. */
export function areCounted(names: readonly string[]): boolean {
  const parts = names.map((name) => /^(.*?)(\d+)$/.exec(name));
  if (parts.length < 2 || parts.some((part) => part === null)) return false;
  const [first] = parts;
  return parts.every(
    (part, index) =>
      part![1] === first![1] && (index === 0 || Number(part![2]) > Number(parts[index - 1]![2])),
  );
}
