import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import { eventSchema, type LobbyEvent } from '../../src/contract/events.ts';
import { percentile } from '../../src/core/score/percentile.ts';
import { type KindScore, scoreEvents } from '../../src/core/score/score-events.ts';
import { readBranch, readText } from './files.ts';

const truthSchema = z.object({
  people: z.array(z.object({ id: z.string(), role: z.enum(['customer', 'staff']) })),
  frames: z.array(
    z.object({
      t: z.number(),
      people: z.array(z.object({ id: z.string(), x: z.number(), y: z.number() })),
    }),
  ),
  events: z.array(
    z.object({
      t: z.number(),
      kind: z.string(),
      person: z.string(),
      customer: z.string().optional(),
      zone: z.string().optional(),
    }),
  ),
});

export interface ScoreOptions {
  readonly truth: string;
  readonly events: string;
  readonly wanderingAfterSeconds: number;
  /** Its threshold counts in place of `wanderingAfterSeconds`. */
  readonly branch?: string;
  readonly json?: boolean;
}

/** Prints how what was noticed compares with what truly happened. */
export async function runScore(options: ScoreOptions): Promise<readonly KindScore[]> {
  const truth = parseTruth(await readText(options.truth), options.truth);
  const events = parseEvents(await readText(options.events), options.events);
  const afterSeconds =
    options.branch === undefined
      ? options.wanderingAfterSeconds
      : (await readBranch(options.branch)).thresholds.wandering.afterSeconds;
  const scores = scoreEvents(truth, events, afterSeconds);
  if (options.json === true) console.log(JSON.stringify(scores));
  else for (const line of scoreTable(scores)) console.log(line);
  return scores;
}

/** @throws {LobbyError} `LOBBY_FILE_INVALID` naming the field */
export function parseTruth(text: string, file: string): z.infer<typeof truthSchema> {
  return readAs(truthSchema, parseJson(text, file), file);
}

/** @throws {LobbyError} `LOBBY_FILE_INVALID` naming line and field */
export function parseEvents(text: string, file: string): LobbyEvent[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, i) => readAs(eventSchema, parseJson(line, `${file}:${i + 1}`), `${file}:${i + 1}`));
}

function scoreTable(scores: readonly KindScore[]): string[] {
  const row = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(10) : cell.padStart(9))).join('');
  const tell = (value: number | null) => value?.toFixed(1) ?? '–';
  const table = scores.map((score) => {
    const duplicates = score.false.filter((one) => one.duplicateOf !== undefined).length;
    return row([
      score.kind,
      `${score.expected}`,
      `${score.found}`,
      `${score.missed.length}`,
      `${score.false.length}`,
      `${duplicates}`,
      tell(percentile(score.delays, 0.5)),
      tell(percentile(score.delays, 0.95)),
    ]);
  });
  const details = scores.flatMap((score) => [
    ...score.missed.map((one) => `missed ${score.kind} of ${one.person} at ${one.t.toFixed(1)} s`),
    ...score.false.map(
      (one) =>
        `false ${score.kind} of ${one.visit} at ${one.t.toFixed(1)} s${one.duplicateOf === undefined ? '' : ` (again ${one.duplicateOf})`}`,
    ),
  ]);
  return [
    row(['kind', 'truth', 'found', 'missed', 'false', 'twice', 'median s', 'p95 s']),
    ...table,
    ...details,
  ];
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LobbyError(
      'LOBBY_FILE_INVALID',
      {
        file,
        problem: 'it is not JSON',
        hint: 'Truth is one JSON document; events are one JSON object a line.',
      },
      { cause },
    );
  }
}

function readAs<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new LobbyError('LOBBY_FILE_INVALID', {
    file,
    problem: `${issue.path.map(String).join('.') || 'it'}: ${issue.message}`,
    hint: 'Truth comes beside a clip; events come from `lobby replay --events`.',
  });
}
