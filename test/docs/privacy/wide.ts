import type { Field } from './fields-of.ts';
import type { Surface } from './surfaces.ts';

/** What somebody types as a reason or a note is as long as this at most; a picture takes more. */
export const mostLetters = 300;
/** All that is known of one person in one picture is eleven numbers; an embedding takes more than these. */
export const mostInARow = 16;

/** Whether a field has room for a picture, an embedding or a biometric of any kind. */
export function isWide({ kind, most = Number.POSITIVE_INFINITY, inARow = 1 }: Field): boolean {
  if (kind === 'anything' || kind === 'bytes') return true;
  if (kind === 'text' || kind === 'name') return most > mostLetters;
  return kind === 'number' && inARow > mostInARow;
}

const byName = 'Numbers by names that the code has, such as seconds and pauses; each name is one of them.';
const drawn = 'Corners as an installer drew them, 64 at most.';
const onTrial = 'Values of thresholds by their paths, of which there are as many as thresholds.';
const ours = "Our own sentence, with details that are cut at 500 letters: paths, figures, a library's words.";
const question = 'The question in SQL, as the code has it: whoever asks may ask the journal the same.';
const page = 'Made by the code from figures that are listed under `GET /api/v1/figures`.';

/** Why a field may be wide, by the end of its path or, before that, by its thing and path. */
const reasons: Readonly<Record<string, string>> = {
  figures: byName,
  silences: 'How often each reason was given, by the reasons of the code.',
  refused: 'How often each reason was given, by the twelve reasons of the code.',
  parts: 'Seconds by part of the way, seven at most.',
  set: onTrial,
  zones: 'A count by zone, 64 at most.',
  polygon: drawn,
  pixels: drawn,
  message: ours,
  remedy: ours,
  details: ours,
  old: 'Values of settings before, by key: numbers, and profiles.',
  new: 'Values of settings after, by key: numbers, and profiles.',
  'changes.from': 'Value of a setting before: a number, or profiles.',
  'changes.to': 'Value of a setting after: a number, or profiles.',
  'days.ofMonth': 'Days of a month, 31 at most.',
  buzzedAt: 'When a watch buzzed, in the last minutes: of the watch, and of nobody who was seen.',
  sql: question,
  waitsSql: question,
  arrivalsSql: question,
  queuesSql: question,
  mask: 'Which cells of the empty lobby were seen empty: a letter a cell, no more than whether.',
  diff: 'What saving would change in the branch file, as lines, without logins: as the installer drew it.',
  changes: ours,
  say: ours,
  source: 'The address of a camera, as the installer wrote it; shown without its login.',
  url: 'An address, as the installer wrote it.',
  payload: 'A prompt or a state, as listed under MQTT.',
  ca: 'A file, as the installer wrote it.',
  exportTo: 'A folder, as the installer wrote it.',
  secretFile: 'A file, as the installer wrote it.',
  detector: 'Name of the model and what runs it.',
  'GET /api/v1/figures.csv/(text/csv)': page,
  'GET /api/v1/report/(text/html)': page,
  'GET /api/v1/camera/model/(application/octet-stream)':
    'The weights of a published model, the same on each box: its hash is in the code.',
  'GET /api/v1/asyncapi.json/': 'The description of MQTT, which is the same on each box.',
  'GET /api/v1/asyncapi.json/asyncapi': 'A version.',
  'GET /api/v1/setup/cameras/{id}/plate/(image/png)':
    'A picture, and meant to be one: of the empty lobby, put together of spots that nobody stood on.',
  'people/people[][]':
    'Of up to 500 people in one picture, each: four edges, a score, how far off those may be, and a head. Never more of one person than eleven numbers.',
  'people/people[][][]':
    'Of up to 500 people in one picture, each: four edges, a score, how far off those may be, and a head. Never more of one person than eleven numbers.',
  'deciding/visits[].path[][]':
    'Where each of those who are there has been in the last 20 seconds: 64 spots on the floor at most, with their moments.',
  'deciding/behaviours.machineTrouble.places[].usual[]':
    'How long the last 40 stays at one machine were: of the machine, and of nobody.',
  'looks/boxes[][]': 'Of up to 100 people in one picture, four edges each: whose head to look at.',
  'replay --record, line/people[][]':
    'Of up to 500 people in one picture, each: four edges, a score, how far off those may be, and a head. Never more of one person than eleven numbers.',
  'replay --record, line/people[][][]':
    'Of up to 500 people in one picture, each: four edges, a score, how far off those may be, and a head. Never more of one person than eleven numbers.',
};

/** All keys there are. */
export const wideKeys: readonly string[] = Object.keys(reasons);

/** Why a wide field may be so; nothing, if nobody has said it: then it must not be. */
export function whyWide(
  surface: Pick<Surface, 'name'>,
  { path }: Field,
  onKey?: (key: string) => void,
): string | undefined {
  const parts = path.replaceAll(/\[\]|\{\}/g, '').split('.');
  const keys = [`${surface.name}/${path}`, ...parts.map((_, index) => parts.slice(index).join('.'))];
  const key = keys.find((one) => Object.hasOwn(reasons, one));
  if (key === undefined) return undefined;
  onKey?.(key);
  return reasons[key];
}
