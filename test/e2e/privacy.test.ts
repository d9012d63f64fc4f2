import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { askJournal } from '../../edge/journals/ask-journal.ts';
import { packageRoot } from '../../edge/package-root.ts';
import type { FloorPayload } from '../../src/contract/live.ts';
import { demo, endAll, type Listener, listen, type Service, startService } from './service.ts';

const wait = { timeout: 30_000, interval: 200 };

// One box, whose level is lowered and raised in turn.
describe('The privacy level of a box that runs', () => {
  let folder: string;
  let branch: string;
  let data: string;
  let service: Service;
  let url: string;
  let listener: Listener;
  let installer: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lobby-privacy-'));
    branch = join(folder, 'branch.yaml');
    data = join(folder, 'kept');
    copyFileSync(demo.clip, join(folder, 'clip.mp4'));
    writeFileSync(branch, `# Agreed with the works council.\n${readFileSync(demo.branchFile, 'utf8')}`);
    service = startService('run', '--branch', branch, '--data', data, '--port', '0', '--mqtt-port', '0');
    const addresses = await service.addresses();
    url = addresses.url;
    listener = await listen(addresses.mqttUrl);
    installer = (await service.says(/#token=(\S+)/))[1]!;
  });
  afterAll(async () => {
    await listener?.close();
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const command = (input: string, ...args: readonly string[]) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      const child = spawn(process.execPath, ['--import', 'tsx', 'edge/main.ts', ...args], {
        cwd: packageRoot,
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (said += text));
      child.on('close', (code) => resolve({ code, said }));
      child.stdin.end(input);
    });
  const privacy = (level: string, input = '') =>
    command(input, 'privacy', level, '--branch', branch, '--data', data);
  const level = (wanted: string) => listener.hears('health', (health) => health.privacy === wanted, wait30);
  const wait30 = { withinSeconds: 30 };
  const ask = (path: string, method = 'GET') =>
    fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${installer}` } });

  /** The next floor that the console is sent. */
  async function nextFloor(): Promise<FloorPayload> {
    const reply = await ask('/api/v1/live');
    const reader = reply.body!.getReader();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      text += new TextDecoder().decode(value);
      const found = /event: floor\ndata: (.*)\n/.exec(text)?.[1];
      if (found !== undefined) {
        await reader.cancel();
        return JSON.parse(found) as FloorPayload;
      }
      if (done) throw new Error(`no floor was sent: ${text}`);
    }
  }

  async function scenes(): Promise<number> {
    const journal = await askJournal(data);
    const { rows } = await journal.query('SELECT count(*) FROM scene').finally(journal.close);
    return Number(rows[0]![0]);
  }

  test('is `floor` unless the branch file says otherwise: dots are shown to a token, and kept', async () => {
    await level('floor');
    await vi.waitFor(async () => expect((await nextFloor()).people.length).toBeGreaterThan(0), wait);
    await vi.waitFor(async () => expect(await scenes()).toBeGreaterThan(0), wait);
  });

  test('is lowered by anybody on the box, at once: nobody is shown any more, and what was kept of places is gone', async () => {
    expect(await privacy('counts')).toMatchObject({ code: 0 });
    expect(readFileSync(branch, 'utf8')).toMatch(/^# Agreed[\s\S]*\nprivacy: \{ level: counts \}\n$/);
    await level('counts');
    await service.says(/\d+ scenes of where people stood are gone/);
    expect((await nextFloor()).people).toEqual([]);
    // Counts go on.
    const from = listener.heard.length;
    await listener.hears('lobby', ({ inLobby }) => inLobby !== undefined, { from, withinSeconds: 30 });
    expect(await scenes()).toBe(0);
  });

  test('of counts alone has no picture of the lobby built, and nobody walked', async () => {
    for (const path of ['/api/v1/setup/cameras/hall/plate', '/api/v1/setup/walk']) {
      const reply = await ask(path, 'POST');
      expect([reply.status, await reply.json()]).toMatchObject([403, { code: 'LOBBY_PRIVACY_COUNTS' }]);
    }
  });

  test('is raised by no branch file that somebody sends: the box says so, and stays as it was', async () => {
    const sent = readFileSync(branch, 'utf8').replace('level: counts', 'level: floor');
    writeFileSync(branch, sent);
    const { payload } = await listener.hears(
      'health',
      ({ settings }) => settings?.code === 'LOBBY_PRIVACY_RAISED',
      wait30,
    );
    expect(payload.privacy).toBe('counts');
    expect((await nextFloor()).people).toEqual([]);
  });

  test('is raised on the box with a token for an installer, and with no other', async () => {
    writeFileSync(branch, readFileSync(branch, 'utf8').replace('level: floor', 'level: counts'));
    expect(await privacy('floor')).toMatchObject({
      code: 1,
      said: expect.stringContaining('no token of this box'),
    });
    const viewer = await command('', 'token', 'add', '--role', 'viewer', '--data', data);
    const refused = await privacy('floor', viewer.said.split('\n')[0]);
    expect(refused).toMatchObject({
      code: 1,
      said: expect.stringContaining('the token given is one for viewer'),
    });
    expect(readFileSync(branch, 'utf8')).toContain('level: counts');

    const from = listener.heard.length;
    expect(await privacy('floor', `${installer}\n`)).toMatchObject({ code: 0 });
    await listener.hears('health', (health) => health.privacy === 'floor', { from, withinSeconds: 30 });
    expect(readFileSync(branch, 'utf8')).toMatch(/\nprivacy: \{ level: floor \}\n$/);
    expect((await command('', 'privacy', '--branch', branch, '--data', data)).said).toBe('floor\n');
  });

  test('is `set-up` while an installer has the empty lobby built, and what it was when they let go', async () => {
    const from = listener.heard.length;
    expect((await ask('/api/v1/setup/cameras/hall/plate', 'POST')).status).toBe(200);
    await listener.hears('health', (health) => health.privacy === 'set-up', { from, withinSeconds: 30 });
    const then = listener.heard.length;
    await ask('/api/v1/setup/cameras/hall/plate', 'DELETE');
    await listener.hears('health', (health) => health.privacy === 'floor', { from: then, withinSeconds: 30 });
  });
});
