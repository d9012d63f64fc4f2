import { LobbyError } from '../../src/contract/errors.ts';
import type { Size } from '../../src/core/units.ts';

/** Prints a trouble as a sentence, its remedy and its code; anything else is our own fault and keeps its stack. */
export function explain(error: unknown): string {
  if (error instanceof LobbyError) return `${error.message}.\n${error.remedy}\n(${error.code})`;
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}

/** Turns a command-line text into a number within a range. */
export function numberOption(option: string, from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= from && value <= to) return value;
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option,
      problem: `it must be a number from ${from} to ${to}`,
      value: text,
    });
  };
}

/** The same for whole numbers. */
export function integerOption(option: string, from: number, to: number): (text: string) => number {
  const read = numberOption(option, from, to);
  return (text) => {
    const value = read(text);
    if (Number.isInteger(value)) return value;
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option,
      problem: `it must be a whole number from ${from} to ${to}`,
      value: text,
    });
  };
}

/** `door, hall` as a list; what is empty is left out. */
export function listOption(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/**
 * `on` or `off`, for options that are on when they are given without a word: settings that are written for many boxes
 * can then say either. What is empty is off.
 */
export function switchOption(option: string): (text: string) => boolean {
  return (text) => {
    if (text === 'on') return true;
    if (text === 'off' || text === '') return false;
    throw new LobbyError('LOBBY_OPTION_INVALID', { option, problem: 'it must be on or off', value: text });
  };
}

/** Reads a day: `2026-11-24`. */
export function dayOption(option: string, value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new LobbyError('LOBBY_OPTION_INVALID', {
    option,
    problem: 'it must be a day such as 2026-11-24',
    value,
  });
}

/** Reads `640x384`. */
export function sizeOption(text: string): Size {
  const [, width, height] = /^(\d{2,4})[x×](\d{2,4})$/.exec(text) ?? [];
  if (width !== undefined) return { width: Number(width), height: Number(height) };
  throw new LobbyError('LOBBY_OPTION_INVALID', {
    option: 'size',
    problem: 'it must be width and height, such as 640x384',
    value: text,
  });
}

/** Reads three numbers, or one for all three: `123.7,116.3,103.5`, `0.0039`, `1/255`. */
export function threeOption(option: string): (text: string) => [number, number, number] {
  return (text) => {
    const numbers = text.split(',').map((one) => {
      const [, over, under] = /^\s*(-?[\d.e-]+)\s*(?:\/\s*([\d.e-]+))?\s*$/.exec(one) ?? [];
      return Number(over) / Number(under ?? 1);
    });
    const [first, second = first, third = first] = numbers;
    if ((numbers.length === 1 || numbers.length === 3) && numbers.every(Number.isFinite)) {
      return [first!, second!, third!];
    }
    const problem = 'it must be three numbers such as 123.7,116.3,103.5, or one for all, such as 1/255';
    throw new LobbyError('LOBBY_OPTION_INVALID', { option, problem, value: text });
  };
}
