import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { checkModels, checkOwnModels, isMeasure } from '../../../edge/audit/check-models.ts';
import { bearsMark, findEncoded, findLongNumbers, findPictures } from '../../../edge/audit/find-pictures.ts';
import type { Said } from '../../../edge/audit/hear-service.ts';
import { areCounted, namesIn, visitsIn } from '../../../edge/audit/identifiers.ts';
import { judgeColumns, judgeNames, judgeSaid } from '../../../edge/audit/judge.ts';
import { markedLuma } from '../../../edge/audit/mark.ts';
import { parseMaps } from '../../../edge/audit/read-memory.ts';
import {
  type AuditReport,
  fingerprintOf,
  isSigned,
  openAuditKey,
  outcomeOf,
  signReport,
  toCheck,
} from '../../../edge/audit/report.ts';
import { isLoopback, parseSockets } from '../../../edge/audit/watch-process.ts';
import { tellReport } from '../../../edge/audit/words.ts';
import { modelsFolder } from '../../../edge/detectors/models-folder.ts';
import { encodeOnnx } from '../../../models/convert/onnx-schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'lobby-audit-scanners-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [width, height] = [160, 120];
const marked = Buffer.from(
  Uint8Array.from({ length: width * height }, (_, index) => markedLuma(120, index % width)),
);
const picture = () => sharp(marked, { raw: { width, height, channels: 1 } });

describe('The audit looks for pictures', () => {
  it('by the bytes their files begin with, wherever they stand', async () => {
    const before = Buffer.from('a line of text\n');
    const files = {
      JPEG: await picture().jpeg().toBuffer(),
      PNG: await picture().png().toBuffer(),
      WebP: await picture().webp().toBuffer(),
      GIF: await picture().gif().toBuffer(),
    };
    for (const [kind, bytes] of Object.entries(files)) {
      expect(findPictures(Buffer.concat([before, bytes]))).toContainEqual({ kind, at: before.length });
    }
    expect(findPictures(readFileSync('edge/demo/clip.mp4'))).toContainEqual({ kind: 'MP4', at: 0 });
    expect(findPictures(readFileSync(process.execPath).subarray(0, 1000))).toEqual([]);
  });

  it('and says whether somebody with the mark is on one', async () => {
    const plain = sharp({ create: { width, height, channels: 3, background: 'grey' } });
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const [with_, without] = await Promise.all(
        [picture(), plain.clone()].map((one) => one.toFormat(format).toBuffer()),
      );
      expect([format, await bearsMark(with_!, findPictures(with_!)[0]!)]).toEqual([format, true]);
      expect([format, await bearsMark(without!, findPictures(without!)[0]!)]).toEqual([format, false]);
    }
  });

  it('that were written as text: base64, hexadecimal, numbers one after another', () => {
    const row = marked.subarray(0, width);
    for (const [how, text] of [
      ['base64', row.toString('base64')],
      ['hex', row.toString('hex')],
      ['numbers', JSON.stringify([...row])],
    ]) {
      const [found] = findEncoded(`{"msg": "row ${text}"}`);
      expect(found?.how).toBe(how);
      expect([...found!.bytes.subarray(0, 100)]).toEqual([...row.subarray(0, 100)]);
    }
    const sha512 = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
    expect(findEncoded(`${sha512} ${'0123456789abcdef'.repeat(8)} 12, 14, 200`)).toEqual([]);
  });

  it('in a message, but for a plate without people, which is meant to be one', async () => {
    const by = 'http /api/v1/setup/cameras/hall/plate';
    const empty = await sharp({ create: { width, height, channels: 4, background: 'grey' } })
      .png()
      .toBuffer();
    const somebody = await picture().png().toBuffer();
    const said = (one: Partial<Said>): Said => ({ by, at: 0, bytes: empty, ...one });
    expect((await judgeSaid(said({}))).messages).toEqual([]);
    expect((await judgeSaid(said({ bytes: somebody }))).messages).toHaveLength(1);
    expect((await judgeSaid(said({ by: 'mqtt lobby/v1/demo/lobby' }))).messages).toHaveLength(1);
  });

  it('and for measures of somebody: long rows of numbers, in a list or under names', () => {
    const row = Array.from({ length: 128 }, (_, index) => index / 128);
    expect(findLongNumbers({ a: { b: row } })).toEqual([{ path: 'a.b', length: 128 }]);
    expect(findLongNumbers(Object.fromEntries(row.map((value, index) => [`f${index}`, value])))).toHaveLength(
      1,
    );
    expect(
      findLongNumbers({
        polygon: [
          [0, 0],
          [1, 1],
        ],
        minutes: row.map((value) => ({ value })),
      }),
    ).toEqual([]);
  });
});

describe('Names that outlive a visit', () => {
  const say = (by: string, at: number, value: unknown): Said => ({
    by,
    at,
    bytes: Buffer.from(JSON.stringify(value)),
  });
  const runOf = (name: string, more: readonly Said[] = []) => ({
    emptyUntil: 10,
    emptyFrom: 100,
    said: [
      say('live health', 0, { detector: 'nanodet-640x384 on x1', version: '0.1.0' }),
      say('live floor', 50, { people: [{ visit: `${name}-1`, at: '2026-11-28T10:00:00.000Z' }] }),
      say('live health', 60, { detector: 'nanodet-640x384 on x1' }),
      say('http /api/v1/journal?x', 120, { visit: `${name}-1` }),
      ...more,
    ],
  });

  it('are found where one is told in both runs, and not where it was said before anybody came', () => {
    expect(judgeNames(runOf('k3f9'), runOf('p0aa'), []).findings).toEqual([]);
    expect(judgeNames(runOf('k3f9'), runOf('k3f9'), []).findings).toEqual([
      { code: 'name-returns', where: 'live floor', about: 'k3f9-1' },
    ]);
    const regular = say('mqtt lobby/v1/demo/lobby', 70, { track: 48213 });
    expect(judgeNames(runOf('k3f9', [regular]), runOf('p0aa', [regular]), []).findings).toEqual([
      { code: 'name-returns', where: 'mqtt lobby/v1/demo/lobby', about: 'track 48213' },
    ]);
  });

  it('are found where a visit is told as being there when everybody has left', () => {
    const late = say('live floor', 101, { people: [{ visit: 'k3f9-1' }] });
    expect(judgeNames(runOf('k3f9', [late]), runOf('p0aa'), []).findings).toEqual([
      { code: 'name-outlives', where: 'live floor', about: 'k3f9-1' },
    ]);
  });

  it('are words with a digit and numbers under a key that names, and no moments, figures or versions', () => {
    const text = JSON.stringify({
      id: 4821,
      at: '2026-11-28T10:00:00.000Z',
      x: 12.5,
      v: '1.2.3',
      who: 'p-7f3a',
    });
    expect([...namesIn(text)].sort()).toEqual(['id 4821', 'p-7f3a']);
    expect(visitsIn('{"visit":"a-1","visits":["a-2","a-3"]}')).toEqual(['a-1', 'a-2', 'a-3']);
  });

  it('are remarked on where they count up', () => {
    expect(areCounted(['k3f9-1', 'k3f9-3'])).toBe(true);
    expect(areCounted(['k3f9-3', 'x0aa-1'])).toBe(false);
    expect(areCounted(['k3f9-1'])).toBe(false);
  });
});

describe('The audit checks the models', () => {
  it('and finds nothing wrong with those that ship', async () => {
    expect((await checkModels(modelsFolder)).findings).toEqual([]);
  });

  it('and calls a single row of numbers a measure, and a table of places none', () => {
    for (const shape of [[512], [1, 128], [1, 1, 256]])
      expect([shape, isMeasure(shape)]).toEqual([shape, true]);
    for (const shape of [[5040], [5040, 44], [1, 3549, 85], [1, 4]]) {
      expect([shape, isMeasure(shape)]).toEqual([shape, false]);
    }
  });

  it('and takes a row for what it says of as many boxes, if they are there, and not else', () => {
    const scores = [1, 100];
    expect(isMeasure(scores, [[1, 100, 4], scores])).toBe(false);
    expect(isMeasure(scores, [[1, 300, 4], scores])).toBe(true);
    expect(isMeasure([1680], [[1680], [1680, 44]])).toBe(false);
    expect(isMeasure([1680], [[1680], [1680, 85]])).toBe(true);
    expect(isMeasure([1680], [[1680], [1680, 44, 4]])).toBe(true);
    expect(
      isMeasure(
        [1, 512],
        [
          [1, 512],
          [1, 4],
        ],
      ),
    ).toBe(true);
  });

  it('and those that did not ship: one nobody listed, one that measures, one that is not what was pulled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lobby-own-models-'));
    try {
      expect(await checkOwnModels(join(folder, 'none'))).toEqual({ findings: [], models: [] });
      const embedding = encodeOnnx({
        name: 'embedding',
        description: '',
        notes: {},
        inputs: [{ name: 'given', type: 'float32', shape: [1, 512] }],
        outputs: [{ name: 'embedding', type: 'float32', shape: [1, 512] }],
        tensors: [],
        nodes: [{ op: 'Identity', from: ['given'], to: ['embedding'] }],
      });
      writeFileSync(join(folder, 'faces.onnx'), embedding);
      mkdirSync(join(folder, 'pose-landmarker-full'));
      writeFileSync(join(folder, 'pose-landmarker-full', 'pose_landmarker_full.task'), 'other');
      const { findings } = await checkOwnModels(folder);
      expect(findings.map(({ code, where, about }) => `${code} ${where} ${about}`.trim())).toEqual([
        'model-changed pose-landmarker-full/pose_landmarker_full.task',
        'model-unlisted faces.onnx',
        'model-measures faces.onnx embedding: 1 × 512',
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('What the audit reads of the system', () => {
  it('are stretches of memory, with what they are of', () => {
    const text =
      '00400000-00452000 rw-p 00000000 08:02 173521      /usr/bin/a b\n7f00-7f10 rw-p 00000000 00:00 0 \n';
    expect(parseMaps(text)).toEqual([
      { from: 0x400000, to: 0x452000, may: 'rw-p', of: '/usr/bin/a b' },
      { from: 0x7f00, to: 0x7f10, may: 'rw-p', of: '' },
    ]);
  });

  it('are connections of its own sockets, and not those that listen', () => {
    const rest = '00000000:00000000 00:00000000 00000000  1000        0';
    const text = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      `   0: 0100007F:1F90 00000000:0000 0A ${rest} 11 1`,
      `   1: 0100007F:C350 0100007F:1F90 01 ${rest} 12 1`,
      `   2: 0100000A:C351 08080808:01BB 01 ${rest} 13 1`,
      `   3: 0100007F:C352 0100007F:1F90 01 ${rest} 14 1`,
    ].join('\n');
    expect(parseSockets(text, new Set(['11', '12', '13']))).toEqual([
      { local: '127.0.0.1:50000', remote: '127.0.0.1:8080' },
      { local: '10.0.0.1:50001', remote: '8.8.8.8:443' },
    ]);
    expect([isLoopback('127.0.0.1:80'), isLoopback('8.8.8.8:443')]).toEqual([true, false]);
  });

  it('are columns that could hold a picture or a measure', () => {
    const column = (type: string) => ({ table: 't', column: 'c', type });
    expect(judgeColumns(['BLOB', 'FLOAT[]', 'DOUBLE[128]'].map(column))).toHaveLength(3);
    expect(
      judgeColumns(
        ['VARCHAR', 'VARCHAR[]', 'STRUCT(x DOUBLE)[]', 'MAP(VARCHAR, DOUBLE)', 'DOUBLE'].map(column),
      ),
    ).toEqual([]);
  });
});

describe('A report', () => {
  const report = (key: string): AuditReport => ({
    audit: 1,
    madeAt: '2026-11-28T10:00:00.000Z',
    outcome: 'failed',
    version: '0.1.0',
    node: 'v20',
    system: 'linux x64',
    branch: { id: 'demo', sha256: 'ab', replaced: ['cameras'] },
    service: { detector: 'd', nodeOptions: '' },
    clip: { sha256: 'cd', seconds: 20, breaksOffAfter: 7 },
    checks: [
      toCheck('memory', { megabytes: 3 }, [{ code: 'memory-marked', where: '[heap]', about: 'A: pixels' }]),
      toCheck('sight', {}, [], [{ code: 'memory-refused', about: 'EACCES' }], false),
    ],
    key,
  });

  it('is signed by a key of the data folder that is made once, for its user alone', () => {
    const key = openAuditKey(folder);
    expect(statSync(join(folder, 'audit-key.pem')).mode & 0o777).toBe(0o600);
    expect(openAuditKey(folder).publicPem).toBe(key.publicPem);
    const { text, signature } = signReport(report(fingerprintOf(key.publicPem)), key);
    expect(isSigned(Buffer.from(text), signature, key.publicPem)).toBe(true);
    expect(isSigned(Buffer.from(text.replace('failed', 'passed')), signature, key.publicPem)).toBe(false);
    const other = openAuditKey(mkdtempSync(join(folder, 'other-')));
    expect(isSigned(Buffer.from(text), signature, other.publicPem)).toBe(false);
    writeFileSync(join(folder, 'r.json'), text);
  });

  it('is passed only where everything was looked at and nothing found', () => {
    const well = toCheck('files', {}, []);
    expect(outcomeOf([well])).toBe('passed');
    expect(outcomeOf([well, toCheck('memory', {}, [], [], false)])).toBe('failed');
    expect(outcomeOf([well, toCheck('files', {}, [{ code: 'picture', where: 'x', about: '' }])])).toBe(
      'failed',
    );
  });

  it('is told in Chinese and English: outcome, what was found where, and what it does not prove', () => {
    expect(tellReport(report('k'), 'en')).toMatch(
      /✕ No picture in memory[\s\S]*the mark is still in memory: \[heap\][\s\S]*\? The audit can see[\s\S]*FAILED\n$/,
    );
    expect(tellReport(report('k'), 'zh')).toMatch(/标记仍在内存中[\s\S]*未通过\n$/);
  });
});
