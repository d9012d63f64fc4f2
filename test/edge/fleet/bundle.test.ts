import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundleOptions, lookAtBundle, makeBundle, makeKeys } from '../../../edge/cli/fleet-bundle.ts';
import { planOf } from '../../../edge/cli/fleet-rollout.ts';
import { readBundle } from '../../../edge/fleet/bundle.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { rolloutDefaults } from '../../../src/core/rollout/rollout.ts';

const now = Date.UTC(2026, 2, 12, 8) / 1_000;
let folder: string;
let publicKey: string;
const file = (name: string) => join(folder, name);
const make = (more: Partial<BundleOptions> = {}) =>
  makeBundle(
    {
      key: file('installer.pem'),
      stepKey: file('step.pub.pem'),
      name: 'spring',
      group: ['city', 'harbours'],
      set: ['queue.waitSeconds=120', 'wandering.afterSeconds=20'],
      why: 'Queues move slowly',
      validDays: 30,
      out: file('spring.json'),
      ...more,
    },
    now,
  );

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-bundle-'));
  publicKey = makeKeys(file('installer.pem')).publicKey;
  makeKeys(file('step.pem'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('A pair of keys', () => {
  it('is for its owner alone, with the public one beside it', () => {
    expect(statSync(file('installer.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(file('installer.pub.pem'), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  });

  it('is never written over: what was signed with it could be signed no more', () => {
    const before = readFileSync(file('installer.pem'), 'utf8');
    expect(() => makeKeys(file('installer.pem'))).toThrow('it is there already');
    writeFileSync(file('half.pub.pem'), '');
    expect(() => makeKeys(file('half.pem'))).toThrow('it is there already');
    expect(() => statSync(file('half.pem'))).toThrow();
    expect(readFileSync(file('installer.pem'), 'utf8')).toBe(before);
  });
});

describe('A bundle of settings', () => {
  it('says what it holds, for whom, until when, and who signed it', async () => {
    await make();
    const said = await lookAtBundle(file('spring.json'), now);
    expect(said).toContain('spring, serial 1773302400');
    expect(said).toContain('city, harbours');
    expect(said).toContain('queue.waitSeconds = 120, wandering.afterSeconds = 20');
    expect(said).toContain(`signed by  ${publicKey} (the signature is of what it says)`);
    expect(said).not.toContain('expired');
    expect(await lookAtBundle(file('spring.json'), now + 31 * 86_400)).toContain('it has expired');
  });

  it('is no bundle any more when a letter of it is changed', async () => {
    const { signed } = await make();
    const change = (text: string) => {
      const payload = Buffer.from(
        Buffer.from(signed.payload, 'base64').toString().replace(':120', ':121'),
      ).toString('base64');
      return JSON.stringify({ ...(JSON.parse(text) as object), payload });
    };
    const text = readFileSync(file('spring.json'), 'utf8');
    expect(() => readBundle(change(text), 'spring.json')).toThrow('its signature must be of what it says');
    expect(() => readBundle('{', 'spring.json')).toThrow('it must be JSON');
    // Control: unchanged it is one.
    expect(readBundle(text, 'spring.json').bundle.set['queue.waitSeconds']).toBe(120);
  });

  it('has its public key where others may read it, also by the command, whose files are for its user alone', () => {
    const made = file('by-command.pem');
    const main = join(packageRoot, 'edge', 'main.ts');
    execFileSync(process.execPath, ['--import', 'tsx', main, 'fleet', 'keys', made], { cwd: packageRoot });
    expect(statSync(made).mode & 0o777).toBe(0o600);
    expect(statSync(file('by-command.pub.pem')).mode & 0o777).toBe(0o644);
  });

  it.each([
    [
      'a setting that there is not',
      { set: ['queue.smiles=3'] },
      'there is no setting queue.smiles; there are queue.waitSeconds, queue.length',
    ],
    ['a part that there is not', { set: ['smiles.most=3'] }, 'smiles.most; they begin with wandering, queue'],
    ['a value out of its range', { set: ['queue.waitSeconds=5'] }, 'queue.waitSeconds must be from'],
    ['a part of a person', { set: ['queue.length=2.5'] }, 'queue.length must be a whole number'],
    ['no value', { set: [] }, 'a value must be given'],
    ['a setting twice', { set: ['queue.waitSeconds=60', 'queue.waitSeconds=90'] }, 'given once'],
    ['words', { set: ['queue.waitSeconds=soon'] }, 'it must be a setting and a number'],
    ['no group', { group: [] }, 'Cannot use --group'],
    ['a name with a blank', { name: 'this spring' }, 'Cannot use --name'],
  ])('is not signed with %s', async (_, more, problem) => {
    await expect(make({ ...more, out: file('not.json') })).rejects.toThrow(problem);
    expect(() => statSync(file('not.json'))).toThrow();
  });

  it("names another key for its steps than the installer's", async () => {
    await expect(make({ stepKey: file('installer.pub.pem') })).rejects.toThrow('another key');
    await expect(make({ stepKey: file('installer.pem') })).rejects.toThrow('must hold public keys');
  });
});

describe('A plan', () => {
  it('is the usual one but for what is given', () => {
    expect(planOf({ bound: [] })).toEqual(rolloutDefaults);
    const plan = planOf({ shares: [10, 100], leastBranches: 1, bound: ['inTime=0.03'] });
    expect(plan).toMatchObject({ shares: [0.1, 1], leastBranches: 1, leastHours: [8, 16, 40] });
    expect(plan.bounds).toEqual({ ...rolloutDefaults.bounds, inTime: 0.03 });
  });

  it.each([
    [{ shares: [50, 5, 100] }, 'each share must be more'],
    [{ shares: [5, 50] }, 'the last share must be all'],
    [{ leastHours: [8, 16] }, 'it must be 4 numbers'],
    [{ bound: ['smiles=1'] }, 'it must be one of inTime'],
    [{ bound: ['inTime=7'] }, 'Cannot use --bound'],
  ])('is refused where it makes no sense: %j', (more, problem) => {
    expect(() => planOf({ bound: [], ...more })).toThrow(problem);
  });
});
