import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Every TypeScript file under a folder, as paths from the repository's root. */
function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => /\.tsx?$/.test(name))
    .sort();
}

/**
 * Takes comments out, and strings too unless they are kept: a word in a docstring breaks no fence.
 * Line breaks stay, so that what begins a line still does.
 */
function codeOf(source: string, strings: 'kept' | 'emptied'): string {
  const pieces =
    /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(`(?:[^`\\$]|\\.|\$(?!\{))*`)/g;
  return source.replace(pieces, (whole, comment?: string) => {
    if (comment !== undefined) return whole.replace(/[^\n]/g, '');
    return strings === 'kept' ? whole : `${whole[0]}${whole.replace(/[^\n]/g, '')}${whole[0]}`;
  });
}

/** Where each import of a file leads: a path from the root, or a package's name. */
function importsOf(file: string, source: string): readonly string[] {
  const found = codeOf(source, 'kept').matchAll(
    /\b(?:from|import|require)\s*\(?\s*(['"`])(?<specifier>[^'"`]+)\1/g,
  );
  return [...found].map(({ groups }) => {
    const specifier = groups!.specifier!;
    return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
  });
}

/** What the core must not know of: the time, dice, the machine, and waiting. */
const touches =
  /\b(?:Date|performance|process|globalThis|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|console|crypto|async|await|Promise)\b|\bMath\s*\.\s*random\b|\bMath\s*\[/g;
/** What lives at a module's top level and can change there. */
const moduleState =
  /^(?:export\s+)?(?:let|var)\s|^(?:export\s+)?const\s+\w+\s*=\s*new\s+(?:Weak)?(?:Map|Set)\b/gm;

function breachesOf(file: string, source: string): readonly string[] {
  const breaches: string[] = [];
  for (const target of importsOf(file, source)) {
    const inCore = target.startsWith('src/core/');
    if (file.startsWith('src/core/') && !inCore) breaches.push(`${file} imports ${target}`);
    else if (file.startsWith('src/') && !target.startsWith('src/') && /^(?:\.|edge|test|models)/.test(target))
      breaches.push(`${file} imports ${target}`);
    else if (file.startsWith('src/') && target.startsWith('node:'))
      breaches.push(`${file} imports ${target}`);
  }
  if (!file.startsWith('src/core/')) return breaches;
  const code = codeOf(source, 'emptied');
  for (const [word] of code.matchAll(touches)) breaches.push(`${file} uses ${word}`);
  for (const [line] of code.matchAll(moduleState)) breaches.push(`${file} keeps state: ${line.trim()}`);
  return breaches;
}

describe('The fence', () => {
  const files = filesUnder('src');
  const read = (file: string) => readFileSync(join(root, file), 'utf8');

  it('stands around something', () => {
    expect(files.filter((file) => file.startsWith('src/core/')).length).toBeGreaterThan(20);
    expect(files.length).toBeGreaterThan(35);
    expect(files.flatMap((file) => importsOf(file, read(file))).length).toBeGreaterThan(80);
  });

  it.each(filesUnder('src/core'))(
    '%s decides: it imports the core alone, reads no clock, no dice, no machine, and keeps nothing',
    (file) => {
      expect(breachesOf(file, read(file))).toEqual([]);
    },
  );

  it.each(files.filter((file) => !file.startsWith('src/core/')))(
    '%s touches nothing: it imports no edge and no machine',
    (file) => {
      expect(breachesOf(file, read(file))).toEqual([]);
    },
  );

  it('stands on what the imports really lead to', () => {
    const known = new Set(files);
    const astray = files.flatMap((file) =>
      importsOf(file, read(file)).filter((target) => target.startsWith('src/') && !known.has(target)),
    );
    expect(astray).toEqual([]);
  });

  it.each([
    ['a clock', 'src/core/step.ts', 'const at = Date.now();'],
    ['a fine clock', 'src/core/step.ts', 'const at = performance.now() / 1000;'],
    ['dice', 'src/core/prompts/ulid.ts', 'const id = Math.random();'],
    ['dice by another name', 'src/core/prompts/ulid.ts', "const id = Math['random']();"],
    ['the environment', 'src/core/step.ts', 'if (process.env.DEBUG) return;'],
    ['a timer', 'src/core/visits/visit.ts', 'setTimeout(forget, 20_000);'],
    ['the network', 'src/core/step.ts', "void fetch('http://box/');"],
    ['the console', 'src/core/step.ts', 'console.log(state);'],
    ['waiting', 'src/core/step.ts', 'const people = await detector.detect(frame);'],
    ['a package', 'src/core/step.ts', "import { z } from 'zod';"],
    ['the contract', 'src/core/step.ts', "import { LobbyError } from '../contract/errors.ts';"],
    ['a type of the ports', 'src/core/track/track.ts', "import type { Frame } from '../../ports/camera.ts';"],
    ['what is imported late', 'src/core/step.ts', "const late = import('../service/lobby.ts');"],
    ['what is passed on', 'src/core/step.ts', "export * from '../service/lobby.ts';"],
    ['a count of its own', 'src/core/track/track.ts', 'let nextId = 1;'],
    ['a shared count', 'src/core/track/track.ts', 'export let nextId = 1;'],
    ['a store of its own', 'src/core/visits/visit.ts', 'const known = new Map<string, Visit>();'],
    ['the edge', 'src/service/lobby.ts', "import { systemClock } from '../../edge/system-clock.ts';"],
    ['a test', 'src/service/lobby.ts', "import { ManualClock } from '../../test/manual-clock.ts';"],
    ['a disk', 'src/contract/branch.ts', "import { readFileSync } from 'node:fs';"],
  ])('control: it would notice %s', (_, file, source) => {
    expect(breachesOf(file, source)).toHaveLength(1);
  });

  it.each([
    ['a comment', '// await the Date of process.exit\n/** let x = Math.random() */\nconst a = 1;'],
    ['a message', "throw new RangeError('Cannot fetch: the process has no Date');"],
    ['a local count', 'export function count() {\n  let sum = 0;\n  return sum;\n}'],
  ])('control: it lets %s be', (_, source) => {
    expect(breachesOf('src/core/step.ts', source)).toEqual([]);
  });
});
