import { createInterface } from 'node:readline';

/** The first line of an input: what is typed, or piped. */
export async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  return '';
}
