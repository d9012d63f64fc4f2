import type { Chance } from '../chaos/chance.ts';

/** Values at which programs stumble, as they may stand in JSON, YAML and lines of text. */
const awkward = [
  ...['0', '-0', '-1', '1e308', '1e999', '-1e999', '4294967296', '9007199254740993', '0.1', '1e-320', 'NaN'],
  ...[
    'null',
    'true',
    '[]',
    '{}',
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"__proto__"',
    '"constructor"',
    '"../../x"',
  ],
  ...['"2026-13-45T99:99:99.999Z"', '"00000000000000000000000000"', '[[[[[[[[[[]]]]]]]]]]', '{"toString":1}'],
  ...['*a', '&a', '!!binary x', '<<', '---', '? ', ': ', '- ', '\t', '#', '|', '%', '\r', '\u2028', '\ufeff'],
];
const keys = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'id',
  'v',
  'at',
  'kind',
  'length',
  '0',
  '\u0000',
  'then',
];
/** No input grows beyond this: what takes longer because it is longer is bounded where bytes come in. */
const mostBytes = 65_536;

const whole = (chance: Chance, below: number) => Math.floor(chance.next() * below);

/**
 * One input made from the examples of a parser: most are a few changes away from one that is accepted, so that they
 * get past the first check and into the next.
 *
 * Half of the changes are of bytes (flipped, cut, doubled, spliced in from another example, something awkward put
 * in), half of structure: JSON inside of it is read, a value or a key at some depth is changed, and it is written again.
 */
export function mutate(examples: readonly Buffer[], chance: Chance): Buffer {
  let bytes = chance.pick(examples);
  const changes = chance.next() < 0.03 ? 0 : 1 + whole(chance, chance.next() < 0.7 ? 2 : 8);
  for (let change = 0; change < changes; change += 1) {
    bytes = chance.next() < 0.5 ? ofBytes(bytes, examples, chance) : ofStructure(bytes, examples, chance);
    if (bytes.length > mostBytes) bytes = bytes.subarray(0, mostBytes);
  }
  return bytes;
}

function ofBytes(bytes: Buffer, examples: readonly Buffer[], chance: Chance): Buffer {
  const at = whole(chance, bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + whole(chance, chance.next() < 0.8 ? 8 : bytes.length));
  const put = (between: Buffer | string, to = at) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(between as Buffer), bytes.subarray(to)]);
  switch (whole(chance, 8)) {
    case 0:
      return put(Buffer.from([(bytes[at] ?? 0) ^ (1 << whole(chance, 8))]), Math.min(bytes.length, at + 1));
    case 1:
      return put(Buffer.from([whole(chance, 256)]), chance.next() < 0.5 ? at : end);
    case 2:
      return put('', end);
    case 3:
      return put(bytes.subarray(at, end));
    case 4:
      return put(chance.pick(awkward), chance.next() < 0.5 ? at : end);
    case 5: {
      const other = chance.pick(examples);
      const from = whole(chance, other.length + 1);
      return put(other.subarray(from, from + 1 + whole(chance, 64)), chance.next() < 0.5 ? at : end);
    }
    case 6:
      return bytes.subarray(0, at);
    default: {
      const piece = bytes.subarray(at, end);
      const times = Math.min(whole(chance, 400), Math.floor(mostBytes / Math.max(1, piece.length)));
      return put(Buffer.concat(Array.from({ length: times }, () => piece)), end);
    }
  }
}

function ofStructure(bytes: Buffer, examples: readonly Buffer[], chance: Chance): Buffer {
  const text = bytes.toString('utf8');
  const lines = text.split('\n');
  const at = whole(chance, lines.length);
  const changed = changeJson(lines.length > 1 && chance.next() < 0.8 ? lines[at]! : text, chance);
  if (changed !== undefined) {
    return Buffer.from(lines.length > 1 ? lines.with(at, changed).join('\n') : changed);
  }
  switch (whole(chance, 5)) {
    case 0:
      return Buffer.from(lines.toSpliced(at, 1).join('\n'));
    case 1:
      return Buffer.from(lines.toSpliced(whole(chance, lines.length), 0, lines[at]!).join('\n'));
    case 2: {
      const others = chance.pick(examples).toString('utf8').split('\n');
      return Buffer.from(lines.with(at, chance.pick(others)).join('\n'));
    }
    case 3:
      return Buffer.from(lines.with(at, swapOne(lines[at]!, /-?\d+(?:\.\d+)?/g, chance)).join('\n'));
    default:
      return Buffer.from(lines.with(at, swapOne(lines[at]!, /"[^"]*"|[\p{L}_-]+/gu, chance)).join('\n'));
  }
}

/** One number or word of a line becomes something awkward. */
function swapOne(line: string, what: RegExp, chance: Chance): string {
  const found = [...line.matchAll(what)];
  if (found.length === 0) return chance.pick(awkward);
  const one = chance.pick(found);
  return line.slice(0, one.index) + chance.pick(awkward) + line.slice(one.index + one[0].length);
}

function changeJson(text: string, chance: Chance): string | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  const value = (): unknown => {
    const one = chance.pick(awkward);
    try {
      return JSON.parse(one);
    } catch {
      return chance.next() < 0.2 ? one.repeat(1 + whole(chance, 5_000)) : one;
    }
  };
  const holder = { root };
  let within: Record<string, unknown> = holder as Record<string, unknown>;
  let key = 'root';
  for (;;) {
    const next = within[key];
    if (typeof next !== 'object' || next === null || chance.next() < 0.2) break;
    const inside = Object.keys(next);
    if (inside.length === 0) break;
    within = next as Record<string, unknown>;
    key = chance.pick(inside);
  }
  switch (whole(chance, 5)) {
    case 0:
      if (within !== holder) delete within[key];
      break;
    case 1:
      // An array's own length is no key that JSON could bear.
      Object.defineProperty(within, within === holder || Array.isArray(within) ? key : chance.pick(keys), {
        value: value(),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      break;
    case 2:
      within[key] = [within[key], within[key]];
      break;
    case 3: {
      const nested = whole(chance, 200);
      for (let depth = 0; depth < nested; depth += 1)
        within[key] = chance.next() < 0.5 ? [within[key]] : { a: within[key] };
      break;
    }
    default:
      within[key] = value();
  }
  return JSON.stringify(holder.root) ?? '';
}
