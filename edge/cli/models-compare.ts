import { join } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import { parseBoxes } from '../../src/contract/true-boxes.ts';
import { trackDefaults } from '../../src/core/track/track.ts';
import type { Detector } from '../../src/ports/detector.ts';
import { type Compared, compareDetectors } from '../detectors/compare-models.ts';
import { readManifest, readOwnManifest } from '../detectors/models-folder.ts';
import { openDetector } from '../detectors/open-detector.ts';
import type { Provider } from '../detectors/providers.ts';
import { ownModelsFolder } from '../detectors/published.ts';
import { packageRoot } from '../package-root.ts';
import { readText } from './files.ts';

export interface CompareOptions {
  readonly models?: string;
  readonly clip?: string;
  readonly truth?: string;
  readonly threads?: number;
  readonly provider?: Provider;
  readonly json?: boolean;
}

/** As many detectors as are in memory at once, each with a clip open. */
const mostAtOnce = 8;

/**
 * Holds models against the same frames and prints what each finds and how long it takes, side by side.
 *
 * @param names ids, paths, or either with `@onnxruntime` or `@tfjs` after it. None: all that are here
 */
export async function compare(names: readonly string[], options: CompareOptions): Promise<void> {
  const { models: folder = ownModelsFolder(), clip, truth, threads, provider } = options;
  if ((clip === undefined) !== (truth === undefined)) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: clip === undefined ? 'clip' : 'truth',
      problem: 'a clip goes together with the boxes of who is in it (--truth)',
      value: 'absent',
    });
  }
  const demo = (name: string) => join(packageRoot, 'edge', 'demo', name);
  const file = truth ?? demo('boxes.json');
  const boxes = parseBoxes(await readText(file), file);
  const asked = names.length > 0 ? names : await all(folder);
  if (asked.length > mostAtOnce) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'models',
      problem: `${mostAtOnce} can be compared at once; name them`,
      value: asked.length,
    });
  }
  const detectors: Detector[] = [];
  try {
    for (const name of asked) {
      const [, model = name, runtime] = /^(.+)@(onnxruntime|tfjs)$/.exec(name) ?? [];
      detectors.push(
        await openDetector({
          model,
          models: folder,
          ...(runtime === undefined ? {} : { runtime: runtime as 'onnxruntime' | 'tfjs' }),
          ...(threads === undefined ? {} : { threads }),
          ...(provider === undefined || runtime === 'tfjs' ? {} : { provider }),
        }),
      );
    }
    const result = await compareDetectors(detectors, clip ?? demo('clip.mp4'), boxes);
    if (options.json === true) console.log(JSON.stringify(result, null, 2));
    else {
      console.log(`${result.pictures} frames of ${clip ?? 'the demo'}, ${result.people} people in them\n`);
      console.log(tableOf(result.detectors));
      const [first] = result.detectors;
      for (const other of result.detectors.slice(1)) {
        console.log(
          `${other.name} takes ${(other.medianMs / first!.medianMs).toFixed(2)} × the time of ${first!.name}`,
        );
      }
    }
  } finally {
    for (const detector of detectors) await detector.close();
  }
}

async function all(folder: string): Promise<string[]> {
  const { models } = await readManifest();
  const own = await readOwnManifest(folder);
  return [...models, ...own.models].map(({ id }) => id);
}

const share = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

/** A row a detector, each column as wide as its widest. */
function tableOf(detectors: readonly Compared[]): string {
  const { lowScore, birthScore } = trackDefaults;
  const head = [
    'detector',
    'AP50',
    'AP50:95',
    `recall at ${lowScore}`,
    `recall at ${birthScore}`,
    `precision at ${birthScore}`,
    'ms (median)',
    'ms (19 of 20)',
  ];
  const rows = detectors.map((one) => [
    one.name,
    share(one.ap50),
    share(one.ap50to95),
    share(one.recallLow),
    share(one.recallSure),
    share(one.precisionSure),
    one.medianMs.toFixed(0),
    one.mostMs.toFixed(0),
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  return [head, ...rows]
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
    )
    .map((line) => `${line}\n`)
    .join('');
}
