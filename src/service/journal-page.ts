import type { JournalLine, LineOf } from '../contract/journal.ts';
import type {
  ChangedSetting,
  HealthRow,
  JournalRow,
  LifeStep,
  PromptRow,
  QuietRow,
  SettingsRow,
  Silence,
  StoryStep,
} from '../contract/journal-page.ts';
import type { SettingsPayload } from '../contract/settings.ts';
import type { HappeningKind } from '../core/behaviours/behaviour.ts';
import { promptOf } from '../core/prompts/prompt.ts';
import type { NumberedLine } from '../ports/journal.ts';

/** Values of thresholds as they were at a moment, and the version they were of. */
export interface RulesThen {
  readonly version?: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What rows are made with besides their own lines. */
export interface RowsWith {
  /** Whatever else is known of the prompts and visits of these rows, in order of writing. */
  readonly around: readonly NumberedLine[];
  readonly rulesAt: (at: string) => RulesThen;
  readonly settings: SettingsPayload['settings'];
}

const mostLife = 60;
const mostVisits = 50;
const hall = 'hall';
const isOf =
  <Kind extends JournalLine['kind']>(kind: Kind) =>
  (line: JournalLine): line is LineOf<Kind> =>
    line.kind === kind;
const linesOf = <Kind extends JournalLine['kind']>(all: readonly NumberedLine[], kind: Kind) =>
  all.map(({ line }) => line).filter(isOf(kind));

/**
 * Rows of the journal's page, in the order their lines come in.
 *
 *     prompt raised  + what became of it                  ─▶ one row
 *     verdict: quiet + the prompt it joined, what came later ─▶ one row
 *     settings                                            ─▶ one row
 *
 * Health is told apart by `healthRows`: what its lines mean is how they differ.
 */
export function toRow({ n, line }: NumberedLine, more: RowsWith): JournalRow | undefined {
  switch (line.kind) {
    case 'prompt':
      return promptRow(n, line, more);
    case 'verdict':
      return quietRow(n, line, more);
    case 'settings':
      return settingsRow(n, line, more.settings);
    default:
      return undefined;
  }
}

function promptRow(n: number, raised: LineOf<'prompt'>, { around }: RowsWith): PromptRow {
  const verdicts = linesOf(around, 'verdict').filter(({ prompt }) => prompt === raised.id);
  const first = verdicts.find(({ decision }) => decision === 'prompt');
  const joined = verdicts.filter(({ decision, reason }) => decision === 'prompt' || reason === 'merged');
  const owed = linesOf(around, 'later').filter(({ id, became }) => id === raised.id && became === 'told');
  const visits = [...joined, ...owed].flatMap(({ visit }) => visit ?? []);
  return {
    what: 'prompt',
    n,
    at: raised.at,
    id: raised.id,
    prompt: raised.prompt,
    ...(first === undefined ? {} : { happening: first.happening }),
    place: raised.place,
    people: raised.people,
    ...(raised.waitedSeconds === 0 ? {} : { waitedSeconds: raised.waitedSeconds }),
    ...(first?.figures === undefined ? {} : { figures: first.figures }),
    ...(raised.towards === undefined ? {} : { towards: raised.towards }),
    visits: [...new Set(visits)].slice(0, mostVisits),
    life: lifeOf(raised.id, [raised, ...around.map(({ line }) => line)]),
  };
}

/** What became of one prompt, in order. */
export function lifeOf(id: string, lines: readonly JournalLine[]): LifeStep[] {
  const known = new Set<string>();
  let way: LifeStep['afterSeconds'];
  const steps = lines.flatMap((line): LifeStep[] => {
    if (!('id' in line) || line.id !== id) return [];
    const text = JSON.stringify(line);
    if (known.has(text)) return [];
    known.add(text);
    const { at } = line;
    if (line.kind === 'latency') way = line.parts.total;
    if (line.kind === 'missed' && line.message === 'prompt') return [{ at, step: 'missed', why: line.why }];
    if (line.kind === 'prompt') {
      const wrists = line.watches?.length;
      const { passedOn, people } = line;
      return [
        {
          at,
          step: line.change,
          ...(line.change === 'passed-on' && passedOn !== undefined ? { by: passedOn.to } : {}),
          ...(wrists === undefined ? {} : { wrists }),
          ...(line.change === 'grew' ? { people } : {}),
        },
      ];
    }
    if (line.kind !== 'state') return [];
    const { by, reason } = line;
    return [
      {
        at,
        step: line.phase,
        ...(by === undefined ? {} : { by }),
        ...(reason === undefined ? {} : { reason }),
      },
    ];
  });
  return steps
    .map((step, index) => {
      const arrived = steps.findIndex((one) => one.step === 'delivered' || one.step === 'seen');
      return way !== undefined && index === Math.max(0, arrived) ? { ...step, afterSeconds: way } : step;
    })
    .slice(0, mostLife);
}

function quietRow(n: number, line: LineOf<'verdict'>, more: RowsWith): QuietRow | undefined {
  if (line.reason === undefined) return undefined;
  const { around } = more;
  const kind = promptOf[line.happening];
  const later = linesOf(around, 'later').find(
    (one) => one.visit === line.visit && one.prompt === kind && one.at >= line.at,
  );
  const waits = line.reason === 'budget' || line.reason === 'staff-near';
  const prompt = linesOf(around, 'prompt').find(({ id }) => id === line.prompt);
  return {
    what: 'quiet',
    n,
    at: line.at,
    happening: line.happening,
    place: line.zone ?? hall,
    ...(line.people === undefined ? {} : { people: line.people }),
    ...(line.waitedSeconds === undefined ? {} : { waitedSeconds: line.waitedSeconds }),
    ...(line.figures === undefined ? {} : { figures: line.figures }),
    ...(line.towards === undefined ? {} : { towards: line.towards }),
    ...(line.visit === undefined ? {} : { visit: line.visit }),
    ...(line.of === undefined ? {} : { of: line.of }),
    ...(line.because === undefined ? {} : { because: line.because }),
    reason: silenceOf(line, more)!,
    ...(line.prompt === undefined
      ? {}
      : { prompt: { id: line.prompt, ...(prompt === undefined ? {} : { at: prompt.raisedAt }) } }),
    ...(later === undefined || !waits
      ? {}
      : {
          later: { at: later.at, became: later.became, ...(later.id === undefined ? {} : { id: later.id }) },
        }),
  };
}

/** Why nothing was said: the code with the figures of that moment. */
function silenceOf(line: LineOf<'verdict'>, { around, rulesAt }: RowsWith): Silence | undefined {
  const { reason: code, metres, metresPerSecond } = line;
  if (code === undefined) return undefined;
  const most = code === 'budget' ? rulesAt(line.at).values['prompts.mostInTenMinutes'] : undefined;
  const by =
    code === 'accepted-elsewhere'
      ? linesOf(around, 'state').findLast(
          ({ id, phase, at }) => id === line.prompt && phase === 'accepted' && at <= line.at,
        )?.by
      : undefined;
  return {
    code,
    ...(metres === undefined ? {} : { metres }),
    ...(metresPerSecond === undefined ? {} : { metresPerSecond }),
    ...(most === undefined ? {} : { most }),
    ...(by === undefined ? {} : { by }),
  };
}

function settingsRow(n: number, line: LineOf<'settings'>, settings: RowsWith['settings']): SettingsRow {
  const paths = [...new Set([...Object.keys(line.from), ...Object.keys(line.to)])];
  return {
    what: 'settings',
    n,
    at: line.at,
    version: line.version,
    ...(line.by === undefined ? {} : { by: line.by }),
    ...(line.why === undefined ? {} : { why: line.why }),
    changes: paths.map((path): ChangedSetting => {
      const known = settings.find((one) => one.path === path);
      const [from, to] = [line.from[path], line.to[path]];
      return {
        path,
        ...(known === undefined ? {} : { title: known.title, mark: known.unit.mark }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      };
    }),
  };
}

/**
 * What changed in the box's health from line to line: places that were not seen any more, cameras that went, the service
 * that began again.
 *
 * @param lines oldest first; what the first one says is told too if nothing came before it
 * @returns oldest first
 */
export function healthRows(lines: readonly NumberedLine[], isBeginning: boolean): HealthRow[] {
  const rows: HealthRow[] = [];
  let states = new Map<string, string>();
  let blind = new Map<string, string | undefined>();
  let nobodySince: string | undefined;
  let isFirst = !isBeginning;
  const passed = (since: string | undefined, at: string) =>
    since === undefined ? {} : { forSeconds: Math.max(0, (Date.parse(at) - Date.parse(since)) / 1000) };

  for (const { n, line } of lines) {
    const { at } = line;
    const tell = (row: Omit<HealthRow, 'what' | 'n' | 'at'>) => rows.push({ what: 'health', n, at, ...row });
    if (line.kind === 'begun') {
      tell({ change: 'begun', why: line.why, version: line.version });
      if (line.why === 'start') {
        states = new Map();
        blind = new Map();
        nobodySince = undefined;
      }
    }
    if (line.kind === 'gap') tell({ change: 'gap', lines: line.lines, since: line.since });
    if (line.kind !== 'health') continue;
    const nowBlind = new Map<string, string | undefined>();
    for (const camera of line.cameras) {
      for (const place of camera.blind ?? []) {
        nowBlind.set(place, blind.has(place) ? blind.get(place) : isFirst ? undefined : at);
        if (blind.has(place) || isFirst) continue;
        tell({
          change: 'unseen',
          place,
          camera: camera.id,
          state: camera.state,
          ...(camera.trouble === undefined ? {} : { trouble: camera.trouble }),
        });
      }
    }
    for (const [place, since] of blind) {
      if (!nowBlind.has(place)) tell({ change: 'seen-again', place, ...passed(since, at) });
    }
    for (const { id, state, trouble } of line.cameras) {
      const was = states.get(id) ?? 'live';
      const isWell = (one: string) => one === 'live' || one === 'starting';
      const toldByPlace = rows.some((row) => row.n === n && row.camera === id);
      states.set(id, state);
      if (isFirst || toldByPlace || was === state || (isWell(was) && isWell(state))) continue;
      if (isWell(state) && rows.some((row) => row.n === n && row.change === 'seen-again')) continue;
      tell({ change: 'camera', camera: id, state, ...(trouble === undefined ? {} : { trouble }) });
    }
    if (line.nobodyOnDuty === true && nobodySince === undefined) {
      nobodySince = at;
      if (!isFirst) tell({ change: 'nobody-on-duty' });
    } else if (line.nobodyOnDuty === undefined && nobodySince !== undefined) {
      tell({ change: 'on-duty-again', ...passed(nobodySince, at) });
      nobodySince = undefined;
    }
    blind = nowBlind;
    isFirst = false;
  }
  return rows;
}

/** Steps of one visit's story, in order of time. */
export function stepsOf(visit: string, more: RowsWith): StoryStep[] {
  const { around } = more;
  const lines = around.map(({ line }) => line);
  const about = lines.filter((line) => 'visit' in line && line.visit === visit);
  const ids = [
    ...new Set(
      about.flatMap(
        (line) => (line.kind === 'verdict' ? line.prompt : line.kind === 'later' ? line.id : []) ?? [],
      ),
    ),
  ];
  const steps: StoryStep[] = [];
  for (const line of about) {
    const { at } = line;
    if (line.kind === 'verdict') {
      const quiet = line.reason === 'nothing-to-ask' ? undefined : silenceOf(line, more);
      steps.push({
        step: 'noticed',
        at,
        happening: line.happening,
        ...(line.zone === undefined ? {} : { place: line.zone }),
        ...(line.people === undefined ? {} : { people: line.people }),
        ...(line.waitedSeconds === undefined ? {} : { waitedSeconds: line.waitedSeconds }),
        ...(line.figures === undefined ? {} : { figures: line.figures }),
        ...(line.towards === undefined ? {} : { towards: line.towards }),
        ...(line.served === undefined ? {} : { served: line.served }),
        ...(line.cameUpTo === undefined ? {} : { cameUpTo: line.cameUpTo }),
        ...(line.of === undefined ? {} : { of: line.of }),
        ...(line.because === undefined ? {} : { because: line.because }),
        ...(quiet === undefined ? {} : { quiet }),
        ...(line.prompt === undefined ? {} : { prompt: line.prompt }),
      });
    }
    if (line.kind === 'later') {
      const { prompt, was, became, waitedSeconds } = line;
      steps.push({ step: 'later', at, prompt, was, became, waitedSeconds });
    }
    if (line.kind === 'stay') steps.push({ step: 'ended', at, how: line.ended ?? 'not-known' });
  }
  for (const id of ids) {
    const raised = linesOf(around, 'prompt').find((one) => one.id === id);
    if (raised === undefined) continue;
    for (const life of lifeOf(id, lines)) {
      steps.push({ step: 'prompt', prompt: raised.prompt, id, place: raised.place, life, at: life.at });
    }
  }
  const order: readonly StoryStep['step'][] = ['noticed', 'later', 'prompt', 'ended'];
  return steps
    .sort((a, b) => a.at.localeCompare(b.at) || order.indexOf(a.step) - order.indexOf(b.step))
    .slice(0, 500);
}

/** The thresholds that count for what was noticed, the one to try another value of first. */
const rulesOf: Partial<Record<HappeningKind, readonly string[]>> = {
  wandering: ['wandering.afterSeconds'],
  'waited-long': ['queue.waitSeconds'],
  'queue-long': ['queue.length'],
  unattended: ['unattended.forSeconds'],
  crowded: ['crowded.people', 'crowded.peoplePerStaff', 'crowded.forSeconds'],
  divert: ['divert.length', 'divert.waitSeconds', 'divert.freeForSeconds'],
  patrol: ['patrol.people', 'patrol.afterSeconds', 'patrol.everySeconds'],
  'machine-trouble': ['machines.shortPercent', 'machines.leastStays'],
  farewell: ['farewell.stayedSeconds'],
  contacted: ['contact.withinMetres', 'contact.forSeconds'],
  arrived: ['contact.targetSeconds'],
};

/** Paths of the thresholds that counted in a story, the one that would change it most likely first. */
export function rulesConcerned(steps: readonly StoryStep[]): readonly string[] {
  const noticed = steps.filter((step) => step.step === 'noticed');
  const kinds = new Set(noticed.map(({ happening }) => happening));
  const limit = noticed.some(({ quiet }) => quiet?.code === 'budget') ? ['prompts.mostInTenMinutes'] : [];
  const paths = (Object.keys(rulesOf) as HappeningKind[]).filter((kind) => kinds.has(kind));
  return [...limit, ...paths.flatMap((kind) => rulesOf[kind]!)];
}
