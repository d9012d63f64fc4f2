import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LobbyError } from '../../src/contract/errors.ts';
import { parseRecording, toRecordingLine } from '../../src/contract/recording.ts';
import type { Observation } from '../../src/core/step.ts';

const header = JSON.stringify({ recording: 1, branch: 'harbour', detector: 'by hand' });
const file = 'day.jsonl';
const write = (observations: readonly Observation[]) =>
  `${[header, ...observations.map(toRecordingLine)].join('\n')}\n`;

/** Numbers as coarse as a recording keeps them. */
const tenth = fc.integer({ min: -1000, max: 40_000 }).map((value) => value / 10);
const hundredths = (min: number, max: number) =>
  fc.integer({ min: min * 100, max: max * 100 }).map((value) => value / 100);
const head = fc.record({ yaw: hundredths(-3, 3), score: hundredths(0, 1) });
const off = fc.integer({ min: 0, max: 5_000 }).map((value) => value / 10);
const spread = fc.record({ left: off, top: off, right: off, bottom: off });
const thousandth = fc.integer({ min: 0, max: 1000 }).map((value) => value / 1000);
const camera = fc.constantFrom('hall', 'side');
const at = fc.integer({ min: 0, max: 1_000_000 }).map((value) => value / 1000);
const part = fc.record({ left: tenth, top: tenth, right: tenth, bottom: tenth });
const seen = {
  kind: fc.constant('people' as const),
  camera,
  at,
  within: fc.array(part, { minLength: 1, maxLength: 4 }),
  people: fc.array(
    fc.record(
      {
        box: fc.record({ left: tenth, top: tenth, right: tenth, bottom: tenth }),
        score: thousandth,
        spread,
        head,
      },
      { requiredKeys: ['box', 'score'] },
    ),
    { maxLength: 5 },
  ),
};
const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({ kind: fc.constant('quiet' as const), camera, at }),
  fc.record(seen, { requiredKeys: ['kind', 'camera', 'at', 'people'] }),
);

function refusal(text: string): LobbyError {
  try {
    parseRecording(text, file);
  } catch (error) {
    if (error instanceof LobbyError) return error;
    throw error;
  }
  throw new Error('the recording was taken');
}

describe('A recording', () => {
  it('gives back what was written, silence included', () => {
    fc.assert(
      fc.property(fc.array(observation), (seen) => {
        expect(parseRecording(write(seen), file)).toEqual(seen);
      }),
    );
  });

  it('written again from what was read is the same to the byte', () => {
    fc.assert(
      fc.property(fc.array(observation), (seen) => {
        const text = write(seen);
        expect(write(parseRecording(text, file))).toBe(text);
      }),
    );
  });

  it('tells a frame with nobody in it from no frame', () => {
    const empty: Observation = { kind: 'people', camera: 'hall', at: 1, people: [] };
    expect(toRecordingLine(empty)).toBe('{"camera":"hall","at":1,"people":[]}');
    expect(toRecordingLine({ kind: 'quiet', camera: 'hall', at: 1 })).toBe('{"camera":"hall","at":1}');
  });

  it("has a head as a further element of its person's line, and none where nobody looked", () => {
    const box = { left: 1, top: 2, right: 3, bottom: 4 };
    const people = [
      { box, score: 0.5, head: { yaw: -1.234567, score: 0.61234 } },
      { box, score: 0.4 },
    ];
    expect(toRecordingLine({ kind: 'people', camera: 'hall', at: 1, people })).toBe(
      '{"camera":"hall","at":1,"people":[[1,2,3,4,0.5,[-1.23,0.61]],[1,2,3,4,0.4]]}',
    );
  });

  it('has how far off the edges may be as four numbers more, before a head', () => {
    const box = { left: 1, top: 2, right: 3, bottom: 4 };
    const spread = { left: 0.12, top: 0.2, right: 0.3, bottom: 5 };
    const people = [
      { box, score: 0.5, spread, head: { yaw: 1, score: 0.6 } },
      { box, score: 0.4, spread },
    ];
    expect(toRecordingLine({ kind: 'people', camera: 'hall', at: 1, people })).toBe(
      '{"camera":"hall","at":1,"people":[[1,2,3,4,0.5,[0.1,0.2,0.3,5],[1,0.6]],[1,2,3,4,0.4,[0.1,0.2,0.3,5]]]}',
    );
  });

  it.each([
    ['twice how far off the edges are', '[0,0,0,0],[0,0,0,0]'],
    ['a third element', '[0,0,0,0],[0,1],[0,1]'],
    ['three numbers', '[0,0,0]'],
    ['a text', '"face"'],
  ])('takes no %s', (_, more) => {
    const line = `{"camera":"hall","at":1,"people":[[1,2,3,4,0.5,${more}]]}`;
    expect(refusal(`${header}\n${line}\n`).code).toBe('LOBBY_FILE_INVALID');
  });

  it('holds nothing but times, boxes and scores', () => {
    const line = '{"camera":"hall","at":1,"people":[[1,2,3,4,0.5]],"picture":"…"}';
    expect(refusal(`${header}\n${line}\n`).code).toBe('LOBBY_FILE_INVALID');
  });

  it.each([
    ['an empty file', '', 1],
    ['a file without a header', '{"camera":"hall","at":1}\n', 1],
    ['a recording of another version', '{"recording":2,"branch":"b","detector":"d"}\n', 1],
    ['a line that is cut off', `${header}\n{"camera":"hall","at":1}\n{"camera":"ha`, 3],
    ['a line that is cut off, after an empty one', `${header}\n\n{"camera":"ha`, 3],
    ['a moment that is no number', `${header}\n{"camera":"hall","at":"now"}\n`, 2],
    ['a box of three sides', `${header}\n{"camera":"hall","at":1,"people":[[1,2,3,0.5]]}\n`, 2],
    ['a head of three figures', `${header}\n{"camera":"hall","at":1,"people":[[1,2,3,4,0.5,[1,1,1]]]}\n`, 2],
    [
      'a head turned beyond a circle',
      `${header}\n{"camera":"hall","at":1,"people":[[1,2,3,4,0.5,[4,1]]]}\n`,
      2,
    ],
    ['a score above 1', `${header}\n{"camera":"hall","at":1,"people":[[1,2,3,4,5]]}\n`, 2],
  ])('that is not one is refused with its line: %s', (_, text, line) => {
    const error = refusal(text);
    expect(error.code).toBe('LOBBY_FILE_INVALID');
    expect(error.message).toContain(`${file}:${line}: `);
    expect(error.remedy).toContain('lobby replay --record');
  });
});
