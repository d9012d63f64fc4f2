import { LobbyError } from '../../src/contract/errors.ts';
import type { ModelUse } from '../../src/contract/manifest.ts';
import { decodeDetr } from '../../src/core/detect/detr.ts';
import { decodeEndToEnd } from '../../src/core/detect/end-to-end.ts';
import { decodeNanodet } from '../../src/core/detect/nanodet.ts';
import { decodeNanodetPlus } from '../../src/core/detect/nanodet-plus.ts';
import { decodeSsd } from '../../src/core/detect/ssd.ts';
import { decodeYolov8 } from '../../src/core/detect/yolov8.ts';
import { decodeYolox } from '../../src/core/detect/yolox.ts';
import type { Person } from '../../src/core/units.ts';

type Answers = Readonly<Record<string, Float32Array>>;
type Table = NonNullable<ModelUse['outputs'][number]['holds']>;
type Tables = Readonly<Partial<Record<Table, Float32Array>>>;

interface Head {
  /** What its outputs hold, in the order of a manifest that does not say. */
  readonly tables: readonly Table[];
  /** Those among them that a model may be without. */
  readonly optional?: readonly Table[];
  /** Whether its tables do not show how many classes there are, so that the manifest must. */
  readonly needsClasses?: true;
  readonly decode: (tables: Tables, use: ModelUse, lowestScore: number) => Person[];
}

const personOf = ({ person = 0 }: ModelUse): number => person;
const classesOf = ({ classes = 1, person = 0 }: ModelUse) => ({ classes, person });
const layoutOf = ({ boxes }: ModelUse) => (boxes === undefined ? {} : { layout: boxes });

/** How the answers of each kind of head become candidates in input pixels. A new head is one entry here. */
export const heads: Readonly<Record<ModelUse['head'], Head>> = {
  nanodet: {
    tables: ['scores', 'sides'],
    decode: ({ scores, sides }, { input }, lowestScore) =>
      decodeNanodet({ scores: scores!, sides: sides! }, input, lowestScore),
  },
  'nanodet-plus': {
    tables: ['answers'],
    needsClasses: true,
    decode: ({ answers }, use, lowestScore) =>
      decodeNanodetPlus(answers!, use.input, lowestScore, classesOf(use)),
  },
  yolox: {
    tables: ['answers'],
    decode: ({ answers }, use, lowestScore) => decodeYolox(answers!, use.input, lowestScore, personOf(use)),
  },
  yolov8: {
    tables: ['answers'],
    needsClasses: true,
    decode: ({ answers }, use, lowestScore) =>
      decodeYolov8(answers!, use.input, lowestScore, {
        ...classesOf(use),
        ...(use.boxes && { boxes: use.boxes }),
      }),
  },
  'end-to-end': {
    tables: ['answers'],
    decode: ({ answers }, use, lowestScore) =>
      decodeEndToEnd(answers!, use.input, lowestScore, {
        person: personOf(use),
        ...(use.boxes && { boxes: use.boxes }),
      }),
  },
  detr: {
    tables: ['scores', 'boxes'],
    needsClasses: true,
    decode: ({ scores, boxes }, use, lowestScore) =>
      decodeDetr({ scores: scores!, boxes: boxes! }, use.input, lowestScore, {
        ...classesOf(use),
        ...layoutOf(use),
        ...(use.scores && { kind: use.scores }),
      }),
  },
  ssd: {
    tables: ['boxes', 'scores', 'classes', 'count'],
    optional: ['classes', 'count'],
    decode: ({ boxes, scores, classes, count }, use, lowestScore) =>
      decodeSsd(
        { boxes: boxes!, scores: scores!, ...(classes && { classes }), ...(count && { count }) },
        use.input,
        lowestScore,
        { person: personOf(use), ...layoutOf(use), ...(use.scores && { kind: use.scores }) },
      ),
  },
};

/**
 * Gives what makes people of a model's answers.
 *
 * @returns a function from each output's numbers by its name and the lowest score to keep, to candidates in pixels of the
 *          input, surest first
 * @throws {LobbyError} `LOBBY_MODEL_WRONG` if what is said of the model does not say enough; from the function, if an
 *         output is missing or is of another size
 */
export function decoderOf(use: ModelUse): (answers: Answers, lowestScore: number) => Person[] {
  const { tables, optional = [], needsClasses, decode } = heads[use.head];
  const wrong = (problem: string, cause?: unknown): LobbyError =>
    new LobbyError('LOBBY_MODEL_WRONG', { model: use.id, problem }, cause === undefined ? {} : { cause });
  const named = use.outputs.map(({ name, holds }, index) => ({ name, holds: holds ?? tables[index] }));
  const lacking = tables.find(
    (table) => !optional.includes(table) && !named.some(({ holds }) => holds === table),
  );
  if (lacking) throw wrong(`a ${use.head} must have an output that holds its ${lacking}`);
  if (needsClasses && use.classes === undefined) {
    throw wrong(`of a ${use.head} it must be said how many classes it has`);
  }
  return (answers, lowestScore) => {
    const given: Partial<Record<Table, Float32Array>> = {};
    for (const { name, holds } of named) {
      if (holds === undefined) continue;
      const table = answers[name];
      if (table === undefined) throw wrong(`it must have an output ${name}`);
      given[holds] = table;
    }
    try {
      return decode(given, use, lowestScore);
    } catch (error) {
      if (error instanceof RangeError) throw wrong(error.message.replace(/^Cannot decode: /, ''), error);
      throw error;
    }
  };
}
