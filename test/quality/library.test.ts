import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runReplay } from '../../edge/cli/replay.ts';
import { parseRecording } from '../../src/contract/recording.ts';
import { readBoxes } from '../scenes/boxes.ts';
import { branchOf as branchFileOf } from '../scenes/branch.ts';
import { camerasOf, fileOf } from '../scenes/cameras.ts';
import { fingerprint } from '../scenes/film.ts';
import type { Scene } from '../scenes/scene.ts';
import { truthOf } from '../scenes/truth.ts';
import { branchOf, knownLobbies, recordingFile, recordingOf, runLobby, scenesFolder } from './run-lobby.ts';

const library = join(import.meta.dirname, '..', 'scenes', 'library');
const names = readdirSync(library)
  .filter((file) => file.endsWith('.ts') && !['people.ts', 'demo.ts'].includes(file))
  .map((file) => file.slice(0, -'.ts'.length));

describe.each(names)('what is committed of the scene %s', (name) => {
  const file = (kind: string) => join(scenesFolder, name, kind);
  const read = (kind: string) => readFileSync(file(kind), 'utf8');
  const scene = async (): Promise<Scene> =>
    ((await import(join(library, `${name}.ts`))) as { default: Scene }).default;

  it('is its truth and its branch file, to the byte', async () => {
    expect(`${JSON.stringify(truthOf(await scene()))}\n` === read('truth.json')).toBe(true);
    expect(read('branch.yaml')).toBe(branchFileOf(await scene()));
  });

  it('is a clip a camera of the scene as it is now, of a megabyte or little more each', async () => {
    const made = await scene();
    for (const camera of camerasOf(made)) {
      expect((await readBoxes(file(fileOf(made, camera, 'boxes')))).made).toBe(fingerprint(made));
      expect(statSync(file(fileOf(made, camera, 'clip'))).size).toBeLessThan(1_100_000);
    }
  });

  it('is a recording from its first frame to its last, without a picture', async () => {
    const seen = parseRecording(read('recording.jsonl'), file('recording.jsonl'));
    const made = await scene();
    expect(seen.every(({ kind }) => kind === 'people')).toBe(true);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort((a, b) => a - b));
    for (const { id } of camerasOf(made)) {
      const own = seen.filter(({ camera }) => camera === id);
      expect(own[0]?.at, id).toBeLessThan(0.3);
      expect(own.at(-1)?.at, id).toBeGreaterThan(made.seconds - 0.5);
    }
  });
});

it('The service never reads the truth: in a folder without it, it says the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lobby-'));
  const demo = knownLobbies().find(({ name }) => name === 'demo')!;
  await copyFile(join(demo.folder, 'branch.yaml'), join(folder, 'branch.yaml'));
  await copyFile(recordingFile(demo), join(folder, 'recording.jsonl'));
  const events = join(folder, 'events.jsonl');
  await runReplay({
    branch: join(folder, 'branch.yaml'),
    source: join(folder, 'recording.jsonl'),
    events,
    quiet: true,
  });
  const said = await runLobby(branchOf(demo), recordingOf(demo));
  const alone = readFileSync(events, 'utf8').trim().split('\n');
  await rm(folder, { recursive: true });
  expect(alone.map((line) => JSON.parse(line))).toEqual(said.events);
});

it('Nothing is committed of a scene that is not in the library', () => {
  const kept = readdirSync(scenesFolder).filter((name) => existsSync(join(scenesFolder, name)));
  expect(kept.sort()).toEqual(['demo', ...names].sort());
});
