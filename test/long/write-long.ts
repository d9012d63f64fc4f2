import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { packageRoot } from '../../edge/package-root.ts';
import { digestOf, type LongTest, longFile, nameOf, readLong } from './long-results.ts';

/**
 * With `LOBBY_WRITE_LONG=1` what came of each long test is kept beside the tests, with the machine and the date. Files
 * that were not run keep what is known of them; those that are gone lose it.
 */
export default class WriteLong implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (process.env.LOBBY_WRITE_LONG === undefined) return;
    const before = existsSync(longFile) ? readLong() : undefined;
    const files: Record<string, string> = {};
    const tests: LongTest[] = [];
    const ran = new Set(modules.map(({ moduleId }) => relative(packageRoot, moduleId)));
    const stays = (file: string) => !ran.has(file) && existsSync(`${packageRoot}/${file}`);
    for (const [file, digest] of Object.entries(before?.files ?? {})) if (stays(file)) files[file] = digest;
    for (const one of before?.tests ?? [])
      if (Object.keys(files).some((file) => one.test.startsWith(`${file}: `))) tests.push(one);
    for (const module of modules) {
      const file = relative(packageRoot, module.moduleId);
      files[file] = digestOf(file);
      for (const test of module.children.allTests()) {
        tests.push({
          test: nameOf(file, test.fullName),
          passed: test.result().state === 'passed',
          seconds: Number(((test.diagnostic()?.duration ?? 0) / 1000).toFixed(1)),
        });
      }
    }
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
    const date = new Date().toISOString().slice(0, 10);
    const sorted = Object.fromEntries(Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1)));
    tests.sort(({ test: one }, { test: other }) => (one < other ? -1 : 1));
    writeFileSync(longFile, `${JSON.stringify({ date, machine, files: sorted, tests }, undefined, 2)}\n`);
  }
}
