import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runAudit } from '../../../edge/audit/run-audit.ts';
import { branch, environment, findingsOf, minutes } from './audited.ts';

describe('An audit of a branch', () => {
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
