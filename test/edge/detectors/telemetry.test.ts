import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../edge/package-root.ts';

test('the detector tells its maker nothing, and leaves no name of the machine in the home of its user', () => {
  const home = mkdtempSync(join(tmpdir(), 'lobby-home-'));
  try {
    const file = readdirSync(join(packageRoot, 'models')).find((name) => name.endsWith('.onnx'))!;
    // In a process of its own, with the variable set otherwise: what it was set to does not matter.
    const script = `
      import { readFileSync } from 'node:fs';
      import { openOnnx } from './edge/detectors/onnx.ts';
      const runner = await openOnnx('it', [readFileSync(${JSON.stringify(join('models', file))})], 1);
      await runner.close();
      console.log('opened', process.env.ORT_DISABLE_TELEMETRY);`;
    const told = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: packageRoot,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: home, ORT_DISABLE_TELEMETRY: '0' },
    });
    expect(told).toContain('opened 1');
    expect(readdirSync(home, { recursive: true })).toEqual([]);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('control: the runtime that is installed listens to that variable', () => {
  const folder = join(
    packageRoot,
    'node_modules',
    'onnxruntime-node',
    'bin',
    'napi-v6',
    'linux',
    process.arch,
  );
  const library = readdirSync(folder).find((name) => name.startsWith('libonnxruntime.so'))!;
  expect(existsSync(join(folder, library))).toBe(true);
  expect(readFileSync(join(folder, library)).includes('ORT_DISABLE_TELEMETRY')).toBe(true);
});
