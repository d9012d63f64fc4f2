import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writers } from '../../../edge/cli/journal.ts';
import { type Data, openData } from '../../../edge/data/open-data.ts';
import { askJournal } from '../../../edge/journals/ask-journal.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { journalSettingsSchema } from '../../../src/contract/journal.ts';
import { duty, samples } from '../../conformance/journal.ts';

let folder: string;
let service: Data | undefined;
const start = async () => {
  service = await openData({ folder, branch: 'harbour', journal: journalSettingsSchema.parse({}) });
  for (const line of samples) service.journal.write(line);
};
const stop = async () => {
  await service?.close();
  service = undefined;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-ask-'));
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

describe('A command', () => {
  it.each(['service', 'file'] as const)('gets the same answers of the %s', async (by) => {
    await start();
    if (by === 'file') await stop();
    const asked = await askJournal(folder);
    expect(asked.by).toBe(by);
    expect((await asked.query('SELECT kind FROM prompts WHERE place = $1', ['main-door'])).rows).toEqual([
      ['greet'],
    ]);
    expect((await asked.lines({ kinds: ['begun'] })).lines.map(({ line }) => line)).toEqual([samples[0]]);
    expect(await asked.days()).toEqual([{ day: '2026-11-24', lines: samples.length }]);
    expect((await asked.stats()).lines).toMatchObject({ scene: 2, prompt: 1 });
    await expect(asked.query('DELETE FROM scene')).rejects.toMatchObject({ code: 'LOBBY_QUERY_REFUSED' });
    const { folder: made, files } = await asked.export('2026-11-24', '2026-11-24', 'parquet');
    expect(readdirSync(made).sort()).toEqual([...files].sort());
    expect(await asked.prune(1)).toBeGreaterThanOrEqual(0);
    await asked.close();
  });

  it('gets a long answer of the service in pieces, whole', async () => {
    await start();
    const asked = await askJournal(folder);
    const { rows } = await asked.query('SELECT range FROM range(3000)');
    expect(rows).toHaveLength(3_000);
    expect(rows.at(-1)).toEqual([2_999]);
  });

  it('that asks again and again has the journal hold no more memory than one that asked once', async () => {
    await start();
    const asked = await askJournal(folder);
    const held = async () => {
      const used = "SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'HASH_TABLE'";
      return Number((await asked.query(used)).rows[0]![0]);
    };
    const sort = () =>
      asked.query('SELECT range % 50000 AS one, count(*) FROM range(100000) GROUP BY one LIMIT 3');
    await sort();
    const once = await held();
    for (let times = 0; times < 8; times += 1) await sort();
    expect(await held()).toBeLessThanOrEqual(once);
  });

  it('that has the folder is waited for by a service that starts', async () => {
    await start();
    await stop();
    const asked = await askJournal(folder);
    const starting = start();
    expect((await asked.query('SELECT 1')).rows).toEqual([[1]]);
    await asked.close();
    await starting;
    service!.journal.write(duty(9));
    expect((await service!.journal.lines({ kinds: ['duty'] })).lines).toHaveLength(1);
  });

  it('is told where there is no journal', async () => {
    await expect(askJournal(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'LOBBY_JOURNAL_MISSING',
    });
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('reaches the service by a socket that this user alone can use, and that hears no nonsense', async () => {
    await start();
    await service!.journal.takeIn();
    const path = join(folder, 'ask-journal');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const said = await new Promise<string>((done) => {
      let text = '';
      const socket = connect(path, () => socket.write('{"ask":"everything"}\n'));
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      socket.once('close', () => done(text));
    });
    expect(JSON.parse(said)).toMatchObject({ error: { code: 'LOBBY_QUERY_REFUSED' } });
    const closed = await new Promise<boolean>((done) => {
      const socket = connect(path, () => socket.write('x'.repeat(200_000)));
      socket.on('error', () => undefined).once('close', () => done(true));
    });
    expect(closed).toBe(true);
    expect((await (await askJournal(folder)).query('SELECT 1')).rows).toEqual([[1]]);
  });

  it('prints an answer as a table, as CSV and as JSON, and exports it', async () => {
    await start();
    await stop();
    const lobby = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'edge/main.ts', 'journal', ...args, '--data', folder], {
        cwd: packageRoot,
        encoding: 'utf8',
      });
    expect(lobby('query', 'SELECT zone, waitedSeconds FROM waits').stdout).toBe(
      'zone  waitedSeconds\ncash          61.25\n',
    );
    const out = join(folder, 'out');
    expect(lobby('export', '--out', out, '--format', 'csv').stdout).toMatch(
      /^2026-11-23 to 2026-11-25: 7 files in /,
    );
    expect(readdirSync(out)).toContain('scene.csv');
    const refused = lobby('query', 'DROP TABLE scene');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('(LOBBY_QUERY_REFUSED)')]);
  });

  it('marks what a spreadsheet would take for a formula', () => {
    const answer = {
      columns: [{ name: 'why', type: 'VARCHAR' }],
      rows: [['=1+1'], ['a,"b"'], [-1], [null]],
      isCut: false,
    };
    expect(writers.csv(answer)).toBe('why\r\n\'=1+1\r\n"a,""b"""\r\n-1\r\n\r\n');
    expect(JSON.parse(writers.json(answer))[0]).toEqual({ why: '=1+1' });
  });
});
