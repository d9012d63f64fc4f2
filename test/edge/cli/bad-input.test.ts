import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Clips } from '../../peers/clips.ts';
import { absent, ffmpeg, titled } from '../../peers/tools.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const clips = new Clips();
afterAll(() => clips.remove());

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs `lobby …` as a person would, and gives back how it ended. */
function lobby(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', join(root, 'edge', 'main.ts'), ...args],
      { cwd: root, timeout: 60_000 },
      (failure, out, error) => {
        const code = failure === null ? 0 : typeof failure.code === 'number' ? failure.code : -1;
        resolve({ code, out, error });
      },
    );
  });
}

const branch = (change: (text: string) => string = (text) => text) =>
  change(`branch: test
cameras:
  - id: hall
    source: clip.mp4
    floor:
      - { pixel: [100, 200], metres: [-2, -2] }
      - { pixel: [220, 200], metres: [2, -2] }
      - { pixel: [280, 80], metres: [2, 2] }
      - { pixel: [40, 80], metres: [-2, 2] }
zones:
  - { id: door, kind: entrance, line: [[-2, -1], [-2, 1]], inside: [-1, 0] }
  - { id: cash, kind: queue, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
`);
const branchFile = (name: string, change?: (text: string) => string) => clips.write(name, branch(change));

/** One clear message, what to do about it, and the code; never a stack. */
function expectRefusal({ code, out, error }: Ended, errorCode: string, ...words: readonly string[]): void {
  const lines = error
    .split('\n')
    // npm's and Node's own remarks about this machine are not ours.
    .filter((line) => line.trim() !== '' && !/^(npm warn|\(node:|\(Use `node)/.test(line));
  expect({ code, lines, out }).toMatchObject({ code: 1, out: '' });
  expect(lines.at(-1)).toBe(`(${errorCode})`);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^[A-Z].*\.$/);
  expect(lines[1]).toMatch(/^[A-Z].*\.$/);
  for (const word of words) expect(lines.join('\n')).toContain(word);
  expect(error).not.toMatch(/^\s+at /m);
  expect(error).not.toMatch(/undefined|\[object|\{\w+\}/);
}

describe.concurrent('A slip in a branch file ends with its line, the reason and the remedy', () => {
  it.each([
    ['an unknown key', (text: string) => `${text}colour: red\n`, ':13:', 'colour is not a known key'],
    [
      'a crossing polygon',
      (text: string) => text.replace('[1, 1], [0, 1]', '[0, 1], [1, 1]'),
      ':12:',
      'edges 2 and 4 cross',
    ],
    [
      'three calibration pairs',
      (text: string) => text.replace(/.*\[40, 80\].*\n/, ''),
      ':5:',
      'floor must have 4 pairs or more, current value is 3',
    ],
  ])('%s', async (what, change, line, reason) => {
    const file = branchFile(`${what.replaceAll(' ', '-')}.yaml`, change);
    expectRefusal(await lobby('replay', '--branch', file), 'LOBBY_BRANCH_INVALID', line, reason);
  });

  it('a missing file, with an example of one', async () => {
    const ended = await lobby('run', '--branch', 'nowhere.yaml', '--port', '0', '--mqtt-port', '0');
    expectRefusal(ended, 'LOBBY_BRANCH_MISSING', 'nowhere.yaml', 'edge/demo/branch.yaml');
  });
});

describe.concurrent('A clip that cannot be used ends in words', () => {
  it('when it is not there', async () => {
    const file = branchFile('no-clip.yaml', (text) => text.replace('clip.mp4', 'no-clip.mp4'));
    expectRefusal(
      await lobby('replay', '--branch', file),
      'LOBBY_CAMERA_MISSING',
      'camera hall',
      'no-clip.mp4',
    );
  });

  it('when it is a letter', async () => {
    const letter = clips.write('letter.mp4', 'Dear Wei,\nthe clip is in the post.\n');
    const file = branchFile('letter.yaml');
    expectRefusal(
      await lobby('replay', '--branch', file, '--source', letter),
      'LOBBY_CAMERA_UNREADABLE',
      'it is not a video',
    );
  });
});

const noFfmpeg = absent(ffmpeg);
describe.skipIf(noFfmpeg)(titled('A clip that was not copied to its end', noFfmpeg), () => {
  it('is used as far as it goes, and then said to be cut short', async () => {
    const whole = clips.make('whole.mp4', ['-movflags', '+faststart']);
    const cut = clips.cut('cut.mp4', whole, 0.6);
    const events = clips.path('cut-events.jsonl');
    const file = branchFile('cut.yaml');
    const ended = await lobby('replay', '--branch', file, '--source', cut, '--events', events);
    expect(ended.code).toBe(1);
    expect(ended.error).toMatch(/\(LOBBY_CAMERA_(CUT_SHORT|BROKEN_OFF)\)/);
    expect(ended.error).toContain('What was read so far has been used.');
    expect(ended.error).not.toMatch(/^\s+at /m);
    expect(existsSync(events)).toBe(true);
  });
});

describe.concurrent('An option that makes no sense ends in words', () => {
  it('when its value is out of range', async () => {
    const ended = await lobby('replay', '--branch', 'any.yaml', '--threads', 'many');
    expectRefusal(ended, 'LOBBY_OPTION_INVALID', '--threads', 'from 1 to 64, current value is many');
  });

  it('when there is none of its name', async () => {
    const { code, error } = await lobby('replay', '--branch', 'any.yaml', '--speed', '2');
    expect(code).toBe(1);
    expect(error).toContain("unknown option '--speed'");
    expect(error).toContain('lobby --help');
    expect(error).not.toMatch(/^\s+at /m);
  });
});

describe.concurrent('Files of nonsense end in words', () => {
  it('a truth that is none', async () => {
    const truth = clips.write('truth.json', '{"people": [], "frames": "none", "events": []}');
    const ended = await lobby('score', '--truth', truth, '--events', truth);
    expectRefusal(ended, 'LOBBY_FILE_INVALID', 'truth.json', 'frames');
  });

  it('events that are a poem', async () => {
    const truth = clips.write('good-truth.json', '{"people": [], "frames": [], "events": []}');
    const events = clips.write(
      'poem.jsonl',
      '{"t":1,"kind":"arrived","role":"customer","at":null}\nroses are red\n',
    );
    const ended = await lobby('score', '--truth', truth, '--events', events);
    expectRefusal(ended, 'LOBBY_FILE_INVALID', 'poem.jsonl:2', 'it is not JSON');
  });

  it('a recording of another branch', async () => {
    const header = '{"recording":1,"branch":"elsewhere","detector":"d"}';
    const recording = clips.write('other.jsonl', `${header}\n{"camera":"attic","at":0,"people":[]}\n`);
    const ended = await lobby('replay', '--branch', branchFile('other.yaml'), '--source', recording);
    expectRefusal(ended, 'LOBBY_FILE_INVALID', 'other.jsonl', 'attic');
  });
});

describe.concurrent('A replay', () => {
  it('of one recording gives the same files to the byte, each time', async () => {
    const people = (at: number) =>
      at < 1 || at > 20
        ? []
        : [[150 + Math.min(at, 10), 60, 190 + Math.min(at, 10), 140 + Math.min(30, at * 3), 0.8]];
    const lines = Array.from({ length: 125 }, (_, n) => ({
      camera: 'hall',
      at: n / 5,
      people: people(n / 5),
    }));
    const header = { recording: 1, branch: 'test', detector: 'by hand' };
    const recording = clips.write(
      'day.jsonl',
      `${[header, ...lines].map((one) => JSON.stringify(one)).join('\n')}\n`,
    );
    const file = branchFile('day.yaml');
    const run = async (round: number) => {
      const names = ['events', 'prompts', 'record'].map((name) => [
        `--${name}`,
        clips.path(`${name}-${round}.jsonl`),
      ]);
      const ended = await lobby('replay', '--branch', file, '--source', recording, ...names.flat());
      expect(ended.code).toBe(0);
      return [ended.out, ...names.map(([, path]) => readFileSync(path!, 'utf8'))];
    };
    const first = await run(1);
    expect(await run(2)).toEqual(first);
    expect(first[1]).not.toBe('');
    expect(first[3]!.split('\n')).toHaveLength(127);
  });
});
