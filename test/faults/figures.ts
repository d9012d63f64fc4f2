import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultCost } from './box.ts';
import { flatness, type MemorySample } from './flat.ts';

interface Made {
  readonly date: string;
  readonly machine: string;
}
interface Soak extends Made {
  readonly hours: number;
  readonly warmUpSeconds: number;
  readonly samples: readonly MemorySample[];
  readonly promptsHeard: number;
  readonly promptsRaised?: number;
  readonly promptsLost?: number;
  readonly frames?: number;
}

const kept = <Kept>(...path: readonly string[]): Kept =>
  JSON.parse(readFileSync(join(import.meta.dirname, ...path), 'utf8')) as Kept;
const grouped = (value: number) => value.toLocaleString('en-GB');
const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const rule = (columns: number) => row(...Array.from({ length: columns }, () => '---'));

/** The tables of `docs/reliability.md`, from what was measured: `npx tsx test/faults/write-figures.ts`. */
export function figureTables(): string {
  const { faults, ...ofFaults } = kept<Made & { faults: readonly FaultCost[] }>('faults.json');
  const fuzz = kept<
    Made & {
      inputs: number;
      seconds: number;
      mostMegabytes: number;
      parsers: Record<string, { inputs: number; accepted: number; findings: number }>;
    }
  >('fuzz.json');
  const { day, real } = kept<{ day: Soak; real: Soak }>('soak.json');
  const chaos = kept<
    Made & {
      runs: readonly { broker: string; raised: number; serviceKilled: number; lostFromJournal: number }[];
    }
  >('..', 'bench', 'chaos.json');
  const soak = (name: string, one: Soak) => {
    const [rss, heap] = (['rssMegabytes', 'heapMegabytes'] as const).map((of) =>
      flatness([...one.samples], of, one.warmUpSeconds),
    );
    const tell = ({ from, to, grew }: typeof rss & object) =>
      `${from.toFixed(0)} to ${to.toFixed(0)} MB, ${grew < 0 ? '−' : '+'}${Math.abs(grew * 100).toFixed(1)} %`;
    return row(
      name,
      tell(rss!),
      tell(heap!),
      grouped(one.promptsHeard),
      one.promptsLost ?? 'not counted',
      one.date,
    );
  };
  return [
    row(
      'fault',
      'right again after',
      'not seen, or not reached, for',
      'lines of the journal lost, and told',
      'prompts lost',
    ),
    rule(5),
    ...faults.map((one) =>
      row(
        one.fault,
        `${one.rightAgainAfterSeconds} s`,
        one.blindSeconds === undefined ? '' : `${one.blindSeconds} s`,
        one.journalLinesLost,
        one.promptsLost,
      ),
    ),
    '',
    `By \`npm run test:faults\` with \`LOBBY_WRITE_FAULTS=1\` on ${ofFaults.date}, ${ofFaults.machine}, while other programs used the machine ([figures](../test/faults/faults.json)).`,
    '',
    row('load', 'prompts raised', 'service killed', 'prompts lost'),
    rule(4),
    ...chaos.runs.map((one) =>
      row(
        `100 prompts a second, ${one.broker} broker`,
        grouped(one.raised),
        one.serviceKilled,
        one.lostFromJournal,
      ),
    ),
    '',
    `By \`npm run chaos\` on ${chaos.date}, ${chaos.machine} ([figures](../test/bench/chaos.json)).`,
    '',
    row('parser', 'inputs', 'of these accepted', 'that did what none may'),
    rule(4),
    ...Object.entries(fuzz.parsers).map(([name, one]) =>
      row(name, grouped(one.inputs), grouped(one.accepted), one.findings),
    ),
    row(
      'all',
      grouped(fuzz.inputs),
      '',
      0 + Object.values(fuzz.parsers).reduce((sum, one) => sum + one.findings, 0),
    ),
    '',
    `By \`npm run fuzz\` on ${fuzz.date}, ${fuzz.machine}: ${grouped(fuzz.seconds)} s beside other programs, ${fuzz.mostMegabytes} MB at most ([figures](../test/faults/fuzz.json)).`,
    '',
    row(
      'soak',
      'memory of all its processes',
      'heap after a collection',
      'prompts on a wrist',
      'prompts lost',
      'date',
    ),
    rule(6),
    soak('8 simulated hours, 20 people at a time', day),
    soak('1 real hour, a camera by RTSP', real),
    '',
    `By \`npm run soak\` and \`npm run soak -- --real 1\`, ${real.machine}: medians of the first and the last third after warm-up ([figures](../test/faults/soak.json)).`,
  ].join('\n');
}

export const figuresBegin = '<!-- figures: npx tsx test/faults/write-figures.ts -->';
export const figuresEnd = '<!-- end of figures -->';
