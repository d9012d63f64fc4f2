import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { errorCodes } from '../../../src/contract/errors.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** A sentence the service may log, and what is put into it. */
export interface LogLine {
  readonly file: string;
  /** `broker lost: {reason ?? …}`: what is put in stands in braces, as the code says it. */
  readonly text: string;
  readonly holds: readonly string[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Calls that end in the log: of the log itself, and of what is handed to parts of the service to tell it. */
const logs = /^(?:info|warn|error|debug)$/;
const tells = /^(?:onRemark|onTrouble|onLink|onBroken|warn|onNotTaken)$/;

/** Every sentence in the code that goes to the log, read from the code itself. */
export function logLines(): readonly LogLine[] {
  const files = ['src', 'edge'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .filter((name) => name.endsWith('.ts') && !name.startsWith('edge/pages/')),
  );
  return files.sort().flatMap((file) => linesIn(file, readFileSync(join(root, file), 'utf8')));
}

/** @param text the code of one file */
export function linesIn(file: string, text: string): readonly LogLine[] {
  const found: LogLine[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const here = node as Node;
    if (here.type === 'CallExpression' && isLogging(here.callee as Node, text)) {
      for (const argument of here.arguments as Node[]) {
        for (const [said, holds] of sentences(argument, text)) found.push({ file, text: said, holds });
      }
    }
    for (const value of Object.values(here)) if (typeof value === 'object') visit(value);
  };
  visit(parseSync(file, text).program as unknown);
  return found;
}

function isLogging(callee: Node, text: string): boolean {
  const called = text.slice(callee.start, callee.end).replaceAll('?.', '.');
  const parts = called.split('.');
  const name = parts.at(-1)!;
  return tells.test(name) || (logs.test(name) && parts.at(-2) === 'log');
}

/** The texts an argument may be: either side of a choice, and a whole value where it is no text. */
function sentences(node: Node, text: string): readonly (readonly [said: string, holds: readonly string[]])[] {
  if (node.type === 'ConditionalExpression') {
    return [...sentences(node.consequent as Node, text), ...sentences(node.alternate as Node, text)];
  }
  if (node.type === 'Literal') return typeof node.value === 'string' ? [[node.value, []]] : [];
  const source = (one: Node) => text.slice(one.start, one.end).replaceAll(/\s+/g, ' ');
  if (node.type === 'TemplateLiteral') {
    const holes = (node.expressions as Node[]).map(source);
    const quasis = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
    return [
      [quasis.map((one, index) => one + (index < holes.length ? `{${holes[index]}}` : '')).join(''), holes],
    ];
  }
  return [[`{${source(node)}}`, [source(node)]]];
}

/** Every sentence of the service's own errors, with the names of what is put into it. */
export function errorSentences(): readonly { readonly code: string; readonly text: string }[] {
  return Object.entries(errorCodes).map(([code, { message }]) => ({ code, text: message }));
}
