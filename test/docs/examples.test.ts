import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { transformWithOxc } from 'vite';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

interface Example {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

function under(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort();
}

/** Blocks of TypeScript in docstrings (each line after a star) or in pages. */
function examplesIn(file: string, text: string): readonly Example[] {
  return [...text.matchAll(/^( *\* ?)?```ts\n([\s\S]*?)^ *(?:\* ?)?```/gm)].map((found) => ({
    file,
    line: text.slice(0, found.index).split('\n').length,
    code: found[1] === undefined ? found[2]! : found[2]!.replace(/^ *\* ?/gm, ''),
  }));
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const inCode = ['src', 'edge']
  .flatMap((folder) => under(folder, /\.tsx?$/))
  .flatMap((file) => examplesIn(file, read(file)));
const inPages = ['README.md', ...under('docs', /\.md$/)].flatMap((file) => examplesIn(file, read(file)));
const named = ({ file, line }: Example) => `${file}:${line}`;

/** Types taken out; throws where the code does not parse. */
async function plain(code: string): Promise<string> {
  return (await transformWithOxc(code, 'example.ts', { target: 'es2023' })).code;
}

/** A line that promises a value: `expression; // value`, the comment on its own line if it is long. */
const promising = /^(?!\s*(?:const|let|import|export)\b)(\S.*);\s*\/\/ ?(.*)$/gm;

interface Promised {
  readonly expression: string;
  readonly value: string;
}
function promisesOf({ code }: Example): readonly Promised[] {
  return [...code.replace(/;\n\/\/ /g, '; // ').matchAll(promising)].map((found) => ({
    expression: found[1]!,
    value: found[2]!.trim(),
  }));
}

/** A value in words (`a third`) promises nothing that could be held. */
function literalOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: new Function(`return (${text});`)() as unknown };
  } catch {
    return undefined;
  }
}

const rounded = (value: unknown): unknown =>
  typeof value === 'number'
    ? Number(value.toFixed(6))
    : Array.isArray(value)
      ? value.map(rounded)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]))
        : value;
const shown = (value: unknown) => inspect(rounded(value), { depth: 9 });

/** What an example's promising lines really give, in order. */
async function run(example: Example, module: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> {
  const asked = example.code.replace(/;\n\/\/ /g, '; // ').replace(promising, '__given.push($1);');
  const given: unknown[] = [];
  const names = Object.keys(module);
  const body = await plain(asked);
  new Function('__given', ...names, body)(given, ...names.map((name) => module[name]));
  return given;
}

const held = inCode.filter((example) =>
  promisesOf(example).some(({ value }) => literalOf(value) !== undefined),
);

describe('Examples', () => {
  it.each([...inCode, ...inPages].map((example) => [named(example), example] as const))(
    '%s can be read as TypeScript',
    async (_, { code }) => {
      await expect(
        plain(`async function example() {\n${code.replace(/^\s*(import|export)\b.*$/gm, '')}\n}`),
      ).resolves.toBeDefined();
    },
  );

  it.each(
    held.filter(({ file }) => file.startsWith('src/')).map((example) => [named(example), example] as const),
  )('%s gives what it promises', async (_, example) => {
    const module = (await import(/* @vite-ignore */ join(root, example.file))) as Record<string, unknown>;
    const given = await run(example, module);
    const promised = promisesOf(example);
    expect(given).toHaveLength(promised.length);
    for (const [i, { expression, value }] of promised.entries()) {
      const wanted = literalOf(value);
      if (wanted !== undefined)
        expect(`${expression} is ${shown(given[i])}`).toBe(`${expression} is ${shown(wanted.value)}`);
    }
  });

  it('control: there are some, and one that promised something else would be noticed', async () => {
    expect(held.length).toBeGreaterThan(3);
    const text = ' * ```ts\n * const two: number = 2;\n * twice(two); // 5\n * ```\n';
    const [example] = examplesIn('made-up.ts', text);
    expect(promisesOf(example!)).toEqual([{ expression: 'twice(two)', value: '5' }]);
    expect(await run(example!, { twice: (n: number) => 2 * n })).toEqual([4]);
    await expect(plain('const = 3;')).rejects.toThrow();
  });
});
