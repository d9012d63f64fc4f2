import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { checkNames } from '../../../edge/audit/report.ts';
import { runAudit } from '../../../edge/audit/run-audit.ts';
import { tellReport } from '../../../edge/audit/words.ts';
import { modelsFolder } from '../../../edge/detectors/models-folder.ts';
import { branch, environment, findingsOf, minutes } from './audited.ts';
import { writeTinyModel } from './tiny-model.ts';

describe('An audit of a branch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-audit-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds and names each leak that is planted', { timeout: 8 * minutes }, async () => {
    const elsewhere = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const models = join(folder, 'models');
    cpSync(modelsFolder, models, { recursive: true });
    writeFileSync(join(models, 'helper.onnx'), writeTinyModel([1, 512]));
    try {
      const report = await runAudit({
        branch,
        version: 'test',
        models,
        environment: {
          ...environment,
          NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'plant-leaks.mjs')).href}`,
          LOBBY_LEAKS: 'memory,file,log,mqtt,name,measure,connection',
          LOBBY_LEAK_PORT: String(port),
        },
      });
      expect(report.outcome).toBe('failed');
      expect(findingsOf(report, 'files')).toContainEqual(
        expect.stringMatching(/^mark \/tmp\/crop\.raw \d+ × three bytes a pixel$/),
      );
      const messages = findingsOf(report, 'messages');
      expect(messages).toContainEqual(
        expect.stringMatching(/^encoded mqtt lobby\/v1\/demo\/lobby base64: JPEG, with the mark$/),
      );
      expect(messages).toContainEqual('encoded log hex: pixels with the mark');
      expect(findingsOf(report, 'numbers')).toContainEqual('many-numbers live floor measure 128');
      expect(findingsOf(report, 'identifiers')).toContainEqual(
        expect.stringMatching(/^name-returns .* p-7f3a9c21$/),
      );
      expect(findingsOf(report, 'connections')).toEqual([`connection tcp 127.0.0.1:${port} `]);
      expect(findingsOf(report, 'memory')).toContainEqual(
        expect.stringMatching(/^memory-marked .* A: pixels, \d+ rows of 1920 bytes, three bytes a pixel$/),
      );
      expect(findingsOf(report, 'models')).toEqual([
        'model-unlisted helper.onnx ',
        'model-measures helper.onnx feature: 1 × 512',
      ]);
      // What nothing was planted in stays well.
      expect(findingsOf(report, 'sight')).toEqual([]);
      expect(findingsOf(report, 'journal')).toEqual([]);
    } finally {
      elsewhere.close();
    }
  });

  it('passes a box that only looks as it is, by what it tells the others of its branch', {
    timeout: 8 * minutes,
  }, async () => {
    const report = await runAudit({ branch, version: 'test', environment, role: 'sense' });
    const told = report.checks.map(({ check }) => [check, findingsOf(report, check)]);
    expect(told).toEqual(checkNames.filter((one) => one !== 'journal').map((check) => [check, []]));
    expect(report.outcome).toBe('passed');
    expect(report.service.role).toBe('sense');
    const measured = Object.fromEntries(report.checks.map(({ check, measured }) => [check, measured]));
    expect(measured.sight).toMatchObject({ marks: 1 });
    expect(measured.sight!.people).toBeGreaterThan(0);
    expect(measured.messages!.mqtt).toBeGreaterThan(50);
    expect(tellReport({ ...report, key: '' }, 'en')).toContain('role sense');
  });

  it('finds and names each leak that is planted in a box that only looks', {
    timeout: 8 * minutes,
  }, async () => {
    const elsewhere = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    try {
      const report = await runAudit({
        branch,
        version: 'test',
        role: 'sense',
        environment: {
          ...environment,
          NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'plant-leaks.mjs')).href}`,
          LOBBY_LEAKS: 'memory,file,log,measure,connection',
          LOBBY_LEAK_PORT: String(port),
        },
      });
      expect(report.outcome).toBe('failed');
      expect(findingsOf(report, 'files')).toContainEqual(expect.stringMatching(/^mark \/tmp\/crop\.raw /));
      expect(findingsOf(report, 'messages')).toContainEqual('encoded log hex: pixels with the mark');
      expect(findingsOf(report, 'numbers')).toContainEqual(
        expect.stringMatching(/^many-numbers mqtt lobby\/v1\/demo\/people\/\S+ measure 128$/),
      );
      expect(findingsOf(report, 'connections')).toEqual([`connection tcp 127.0.0.1:${port} `]);
      expect(findingsOf(report, 'memory')).toContainEqual(
        expect.stringMatching(/^memory-marked .* A: pixels, \d+ rows of 1920 bytes, three bytes a pixel$/),
      );
      expect(findingsOf(report, 'sight')).toEqual([]);
    } finally {
      elsewhere.close();
    }
  });
});
