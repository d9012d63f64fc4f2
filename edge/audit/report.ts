import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const checkNames = [
  'sight',
  'files',
  'messages',
  'numbers',
  'identifiers',
  'connections',
  'memory',
  'journal',
  'models',
] as const;
export type CheckName = (typeof checkNames)[number];

export type FindingCode =
  | 'nobody-seen'
  | 'mark-unseen'
  | 'picture'
  | 'mark'
  | 'encoded'
  | 'file-elsewhere'
  | 'file-unread'
  | 'many-numbers'
  | 'name-returns'
  | 'name-outlives'
  | 'connection'
  | 'memory-marked'
  | 'column'
  | 'model-missing'
  | 'model-changed'
  | 'model-unlisted'
  | 'model-measures';

/** Something that must not be, and where. */
export interface Finding {
  readonly code: FindingCode;
  readonly where: string;
  readonly about: string;
}

export type RemarkCode =
  | 'memory-refused'
  | 'files-renamed'
  | 'visits-counted'
  | 'core-dumps'
  | 'plate-served'
  | 'no-prompt';

/** What the reader should know, and is no leak. */
export interface Remark {
  readonly code: RemarkCode;
  readonly about: string;
}

export interface Check {
  readonly check: CheckName;
  /** `undone`: it could not be looked at. */
  readonly outcome: 'passed' | 'failed' | 'undone';
  readonly measured: Readonly<Record<string, number | string>>;
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
}

/** What the service was run as: a box that looks and decides, or one that only looks. */
export const auditRoles = ['all', 'sense'] as const;
export type AuditRole = (typeof auditRoles)[number];

/** What was run, how, and what came of it. */
export interface AuditReport {
  readonly audit: 1;
  readonly madeAt: string;
  readonly outcome: 'passed' | 'failed';
  readonly version: string;
  readonly node: string;
  readonly system: string;
  readonly branch: { readonly id: string; readonly sha256: string; readonly replaced: readonly string[] };
  readonly service: {
    /** Absent in reports of older versions: `all`. */
    readonly role?: AuditRole;
    readonly detector: string;
    readonly nodeOptions: string;
  };
  readonly clip: { readonly sha256: string; readonly seconds: number; readonly breaksOffAfter: number };
  readonly checks: readonly Check[];
  /** SHA-256 of the public key that the signature can be checked with. */
  readonly key: string;
}

/** What one check comes to. A check without findings that could not be done is undone, and the audit is not passed. */
export function toCheck(
  check: CheckName,
  measured: Check['measured'],
  findings: readonly Finding[],
  remarks: readonly Remark[] = [],
  isDone = true,
): Check {
  const outcome = findings.length > 0 ? 'failed' : isDone ? 'passed' : 'undone';
  return { check, outcome, measured, findings: atMost(findings), remarks };
}

const mostFindings = 40;

/** The same thing found in the same place a hundred times is one finding. */
function atMost(findings: readonly Finding[]): readonly Finding[] {
  const different = new Map(findings.map((one) => [`${one.code} ${one.where} ${one.about}`, one]));
  return [...different.values()].slice(0, mostFindings);
}

export const outcomeOf = (checks: readonly Check[]): AuditReport['outcome'] =>
  checks.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'failed';

const [privateName, publicName] = ['audit-key.pem', 'audit-key.pub.pem'];

export interface AuditKey {
  readonly secret: KeyObject;
  readonly publicPem: string;
  readonly publicFile: string;
  readonly isNew: boolean;
}

/** The key of a data folder that reports are signed with; made, for this user alone, where there is none. */
export function openAuditKey(folder: string): AuditKey {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, privateName);
  const publicFile = join(folder, publicName);
  const isNew = !existsSync(file);
  if (isNew) {
    const made = generateKeyPairSync('ed25519');
    writeFileSync(file, made.privateKey.export({ type: 'pkcs8', format: 'pem' }), {
      mode: 0o600,
      flag: 'wx',
    });
  }
  const secret = createPrivateKey(readFileSync(file));
  const publicPem = createPublicKey(secret).export({ type: 'spki', format: 'pem' }).toString();
  writeFileSync(publicFile, publicPem, { mode: 0o644 });
  return { secret, publicPem, publicFile, isNew };
}

/** SHA-256 of a public key, in hexadecimal: what two people compare. */
export function fingerprintOf(publicPem: string): string {
  return createHash('sha256')
    .update(createPublicKey(publicPem).export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** A report as it is written, and its signature over these very bytes. */
export function signReport(
  report: AuditReport,
  { secret }: AuditKey,
): { readonly text: string; readonly signature: Buffer } {
  const text = `${JSON.stringify(report, null, 2)}\n`;
  return { text, signature: sign(null, Buffer.from(text), secret) };
}

/** Whether a signature is of these bytes, by that key. */
export function isSigned(bytes: Uint8Array, signature: Uint8Array, publicPem: string): boolean {
  return verify(null, bytes, createPublicKey(publicPem), signature);
}
