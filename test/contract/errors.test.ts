import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes, LobbyError } from '../../src/contract/errors.ts';

const root = join(import.meta.dirname, '..', '..');
const codes = Object.keys(errorCodes) as ErrorCode[];
const placeholders = (template: string) => [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
const detailsOf = (code: ErrorCode) => [
  ...new Set([...placeholders(errorCodes[code].message), ...placeholders(errorCodes[code].remedy)]),
];

/** The code of src and edge, comments taken out. */
const sources = ['src', 'edge'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(join('contract', 'errors.ts')))
    .map((name) => {
      const text = readFileSync(join(root, folder, name), 'utf8');
      return { file: `${folder}/${name}`, text: text.replace(/\/\*[\s\S]*?\*\//g, '') };
    }),
);

/** Every `new LobbyError('CODE', { … })` whose details are written out on the spot. */
function raisedIn(text: string): readonly { code: string; details: readonly string[] }[] {
  return [...text.matchAll(/new LobbyError\(\s*'(\w+)',\s*\{/g)].flatMap((found) => {
    let depth = 1;
    let inner = '';
    for (let i = found.index + found[0].length; depth > 0 && i < text.length; i++) {
      const letter = text[i]!;
      if ('{[('.includes(letter)) depth += 1;
      if ('}])'.includes(letter)) depth -= 1;
      if (depth === 1 && !'}])'.includes(letter)) inner += letter;
    }
    const bare = inner.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, '0');
    if (bare.includes('...')) return [];
    const details = [...bare.matchAll(/(?:^|,)\s*(\w+)\s*(?=[:,]|$)/g)].map(([, name]) => name!);
    return [{ code: found[1]!, details }];
  });
}

describe('Every trouble the service can name', () => {
  it.each(codes)('%s is a sentence and what to do about it', (code) => {
    const { message, remedy } = errorCodes[code];
    expect(message).toMatch(/^[A-Z{]/);
    // The full stop is set where it is shown.
    expect(message).not.toMatch(/[.!]$/);
    expect(remedy).toMatch(/^(?:[A-Z].*\.|\{hint\})$/);
  });

  it.each(codes)('%s has all its details filled in', (code) => {
    const details = Object.fromEntries(detailsOf(code).map((name) => [name, `<${name}>`]));
    const error = new LobbyError(code, details);
    expect(`${error.message} ${error.remedy}`).not.toMatch(/[{}]/);
    for (const name of detailsOf(code)) expect(`${error.message} ${error.remedy}`).toContain(`<${name}>`);
  });

  it.each(codes)('%s is raised somewhere', (code) => {
    expect(sources.filter(({ text }) => text.includes(`'${code}'`)).map(({ file }) => file)).not.toEqual([]);
  });

  it('is given every detail its sentence and its remedy ask for', () => {
    const raised = sources.flatMap(({ file, text }) => raisedIn(text).map((one) => ({ ...one, file })));
    expect(raised.length).toBeGreaterThan(20);
    const lacking = raised.flatMap(({ file, code, details }) =>
      detailsOf(code as ErrorCode)
        .filter((name) => !details.includes(name))
        .map((name) => `${file}: ${code} lacks ${name}`),
    );
    expect(lacking).toEqual([]);
  });

  it('control: a detail that is left out would be noticed', () => {
    const source =
      "throw new LobbyError(\n  'LOBBY_PORT_IN_USE',\n  { port: at(host, 1) },\n  { cause },\n);";
    expect(raisedIn(source)).toEqual([{ code: 'LOBBY_PORT_IN_USE', details: ['port'] }]);
    expect(new LobbyError('LOBBY_PORT_IN_USE', { port: 80 }).remedy).toContain('{option}');
  });

  it('keeps what caused it, for the log', () => {
    const cause = new Error('EADDRINUSE');
    const error = new LobbyError('LOBBY_PORT_IN_USE', { port: 80, option: 'port' }, { cause });
    expect(error).toMatchObject({ name: 'LobbyError', code: 'LOBBY_PORT_IN_USE', cause });
    expect(error.remedy).toBe('End the other program, or choose another with --port (0 takes any free one).');
  });
});
