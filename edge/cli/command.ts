import { LobbyError } from '../../src/contract/errors.ts';

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
