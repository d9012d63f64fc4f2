import { isUtf8 } from 'node:buffer';
import { bearsMark, findEncoded, findLongNumbers, findPictures } from './find-pictures.ts';
import type { Said } from './hear-service.ts';
import { areCounted, namesIn, parsed, visitsIn } from './identifiers.ts';
import { findMark, showsMark } from './mark.ts';
import type { Finding } from './report.ts';
import type { FileSeen } from './watch-process.ts';

/** Finds pictures, rows of pixels and coded bytes with a picture in them in what was in a file. */
export async function judgeFile({ path, bytes }: FileSeen): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const picture of findPictures(bytes)) {
    const marked = await bearsMark(bytes, picture);
    findings.push({ code: 'picture', where: path, about: aboutPicture(picture.kind, marked) });
  }
  const rows = findMark(bytes);
  if (rows !== undefined)
    findings.push({ code: 'mark', where: path, about: `${rows.rows} × ${rows.layout}` });
  for (const { how, bytes: coded } of findEncoded(Buffer.from(bytes).toString('latin1'))) {
    const about = await codedPicture(coded);
    if (about !== undefined) findings.push({ code: 'encoded', where: path, about: `${how}: ${about}` });
  }
  return findings;
}

const aboutPicture = (kind: string, marked: boolean | undefined) =>
  `${kind}${marked === undefined ? '' : marked ? ', with the mark' : ', without the mark'}`;

/** What bytes that were written as text are, if they are a picture or show the mark. */
async function codedPicture(bytes: Uint8Array): Promise<string | undefined> {
  const [picture] = findPictures(bytes);
  if (picture !== undefined) return aboutPicture(picture.kind, await bearsMark(bytes, picture));
  return showsMark(bytes) ? 'pixels with the mark' : undefined;
}

/** Addresses that give a picture, of the lobby without people; they may, as long as nobody is in it. */
const plate = /^http \/api\/v1\/setup\/cameras\/[^/]+\/plate$/;

/** Which cells of a plate were seen empty, a letter each. */
const cellsOfPlate = /^http \/api\/v1\/setup\/cameras\/[^/]+\/plate\/progress$/;

/** Text as it is written down has regular rows too, and no pixels: those are no text in UTF-8. */
function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/**
 * Finds what must not be in anything that is said: pictures, bytes written as text, rows of numbers.
 *
 * A plate is a picture that is meant to be one; it is found only if somebody with the mark is on it.
 */
export async function judgeSaid(said: Said): Promise<{
  readonly messages: readonly Finding[];
  readonly numbers: readonly Finding[];
  readonly isPlate: boolean;
}> {
  const { by, bytes } = said;
  const messages: Finding[] = [];
  const pictures = findPictures(bytes);
  const isPlate = plate.test(by) && pictures.length > 0;
  for (const picture of pictures) {
    const marked = await bearsMark(bytes, picture);
    if (isPlate && marked !== true) continue;
    messages.push({ code: 'picture', where: by, about: aboutPicture(picture.kind, marked) });
  }
  if (isPlate) return { messages, numbers: [], isPlate };
  const rows = isText(bytes) ? undefined : findMark(bytes);
  if (rows !== undefined) messages.push({ code: 'mark', where: by, about: `${rows.rows} × ${rows.layout}` });
  const text = Buffer.from(bytes).toString('utf8');
  for (const { how, bytes: coded } of findEncoded(text)) {
    const picture = await codedPicture(coded);
    if (picture === undefined && cellsOfPlate.test(by)) continue;
    const about = picture ?? `${coded.length} bytes`;
    messages.push({ code: 'encoded', where: by, about: `${how}: ${about}` });
  }
  const numbers = findLongNumbers(parsed(text)).map(
    ({ path, length }): Finding => ({ code: 'many-numbers', where: `${by} ${path}`, about: String(length) }),
  );
  return { messages, numbers, isPlate };
}

/** What the service said in one run, and when people were there. */
export interface RunSaid {
  readonly said: readonly Said[];
  /** Before this nobody had come in; milliseconds since 1970. */
  readonly emptyUntil: number;
  /** From this on everybody had left, and the lobby said so; absent: it broke off before. */
  readonly emptyFrom?: number;
}

/** Ways that tell of what was, and not of who is there: names of visits that are over belong there. */
const history =
  /^(http \/api\/v1\/(journal|figures|report|settings|what-if|setup)|http \/openapi|http \/api\/v1\/asyncapi|journal )/;
/** What the service says its fields are called. */
const descriptions = /^http \/(openapi|api\/v1\/asyncapi)\.json$/;
/** Ways that tell of who is in the lobby now. */
const now = /^(mqtt \S+\/lobby$|live (floor|lobby|health)$|http \/api\/v1\/(lobby|health|plan|branch)$)/;

export interface NamesJudged {
  readonly findings: readonly Finding[];
  readonly visits: readonly (readonly string[])[];
  readonly names: number;
  readonly areCounted: boolean;
}

/**
 * Finds names that outlive a visit: one that is said in both runs, though nobody can have been in the lobby all the
 * while, and one of a visit that is still told as being there when everybody had left.
 *
 * @param known texts whose words may be in both runs: the branch file
 */
export function judgeNames(first: RunSaid, second: RunSaid, known: readonly string[]): NamesJudged {
  const runs = [first, second];
  const vocabulary = new Set(known.flatMap((text) => [...namesIn(text)]));
  for (const { said, emptyUntil } of runs) {
    for (const one of said)
      if (one.at < emptyUntil || descriptions.test(one.by))
        for (const name of namesIn(textOf(one))) vocabulary.add(name);
  }
  const [inFirst, inSecond] = runs.map(({ said, emptyUntil }) => {
    const names = new Map<string, string>();
    for (const one of said) {
      if (one.at < emptyUntil || history.test(one.by)) continue;
      for (const name of namesIn(textOf(one)))
        if (!vocabulary.has(name) && !names.has(name)) names.set(name, one.by);
    }
    return names;
  }) as [Map<string, string>, Map<string, string>];
  const findings: Finding[] = [];
  for (const [name, by] of inSecond) {
    if (inFirst.has(name)) findings.push({ code: 'name-returns', where: by, about: name });
  }
  const visits = runs.map(({ said }) => [
    ...new Set(said.filter(({ by }) => by.startsWith('live ')).flatMap((one) => visitsIn(textOf(one)))),
  ]);
  if (first.emptyFrom !== undefined) {
    const over = new Set(visits[0]);
    for (const one of first.said) {
      if (one.at < first.emptyFrom || !now.test(one.by)) continue;
      for (const name of namesIn(textOf(one))) {
        if (over.has(name)) findings.push({ code: 'name-outlives', where: one.by, about: name });
      }
    }
  }
  return {
    findings,
    visits,
    names: inFirst.size + inSecond.size,
    areCounted: visits.some((names) => areCounted(names)),
  };
}

/** Without long runs of letters, which are bytes and no names: they are found as such. */
const textOf = ({ bytes }: Said): string =>
  Buffer.from(bytes)
    .toString('utf8')
    .replace(/[A-Za-z0-9+/_-]{160,}={0,2}/g, '');

/** A column of the journal: its type, and the longest list of plain numbers in it. */
export interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Finds columns that could hold a picture or a measure of somebody: raw bytes, and lists of plain numbers. */
export function judgeColumns(columns: readonly Column[]): readonly Finding[] {
  return columns
    .filter(({ type }) =>
      /\b(BLOB|BIT|BYTEA|VARBINARY)\b|\b(FLOAT|DOUBLE|REAL|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\([^)]*\))\[\d*\]/i.test(
        type,
      ),
    )
    .map(({ table, column, type }) => ({ code: 'column', where: `${table}.${column}`, about: type }));
}
