import { LobbyError } from '../../src/contract/errors.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import {
  type JournalAsk,
  type JournalPage,
  type JournalPart,
  type JournalRow,
  journalParts,
  type Story,
} from '../../src/contract/journal-page.ts';
import { promptOf } from '../../src/core/prompts/prompt.ts';
import type { NumberedLine, QueryValue, ReadableJournal } from '../../src/ports/journal.ts';
import {
  healthRows,
  type RowsWith,
  type RulesThen,
  rulesConcerned,
  stepsOf,
  toRow,
} from '../../src/service/journal-page.ts';
import { toMoment } from '../../src/service/wire.ts';
import type { BranchStore } from '../settings/branch-store.ts';
import { quoted, tablesOf, texted, toLine } from './tables.ts';

export interface JournalPagesOptions {
  readonly journal: Pick<ReadableJournal, 'query'>;
  /** For titles of thresholds, and their values as they were. */
  readonly settings: Pick<BranchStore, 'view' | 'history'>;
  /** Days the journal keeps: `journal.days` of the branch file. */
  readonly keptDays: number;
  readonly now: () => number;
}

/** The journal a page at a time, and the stories in it. */
export interface JournalPages {
  /** @throws {LobbyError} `LOBBY_JOURNAL_GONE`, and what a query throws */
  page(asked: JournalAsk): Promise<JournalPage>;
  /** @throws {LobbyError} `LOBBY_VISIT_UNKNOWN`, and what a query throws */
  story(visit: string): Promise<Story>;
}

type Kind = JournalLine['kind'];
const tables = new Map(tablesOf().map((table) => [table.kind, table]));
const openingSeconds = 3_600;
/** Lines around one page or story: a prompt has a dozen at most. */
const mostAround = 20_000;
const withinSeconds = 5;
/** Kinds whose oldest line says where the journal begins. */
const beginners: readonly Kind[] = ['verdict', 'prompt', 'health', 'begun', 'settings', 'stay', 'zone'];

/** Values for `$1`, `$2`, … of one statement. */
function createBinds() {
  const values: QueryValue[] = [];
  const bind = (value: QueryValue) => `$${values.push(value)}`;
  return { values, bind, list: (all: readonly string[]) => all.map(bind).join(', ') };
}

const part = (kind: Kind, where: string, order = 'DESC', limit = mostAround) =>
  `SELECT n, ${texted(kind)} AS kind, to_json(u)::VARCHAR AS line FROM
    (SELECT * FROM ${quoted(kind)} t WHERE ${where} ORDER BY n ${order} LIMIT ${limit}) u`;

/**
 * Reads the journal for people: filters and bounds are the database's, what comes back is small.
 *
 *     asked ─▶ the newest lines that make a row each ─▶ what else is known of their prompts and visits ─▶ rows
 *              at most limit + 1 of each kind            by id, in one question
 */
export function createJournalPages({ journal, settings, keptDays, now }: JournalPagesOptions): JournalPages {
  async function ask(sql: string, values: readonly QueryValue[]): Promise<readonly (readonly unknown[])[]> {
    const answer = await journal.query(sql, values, { rows: mostAround, seconds: withinSeconds });
    return answer.rows;
  }

  async function lines(parts: readonly string[], values: readonly QueryValue[]): Promise<NumberedLine[]> {
    if (parts.length === 0) return [];
    const rows = await ask(`SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY n`, values);
    return rows.map(([n, kind, text]) => ({
      n: Number(n),
      line: toLine(tables.get(kind as Kind)!, JSON.parse(String(text))),
    }));
  }

  async function begins(): Promise<string | undefined> {
    const parts = beginners.map((kind) => `SELECT min(moment) AS m FROM ${quoted(kind)}`);
    const [row] = await ask(`SELECT min(m) FROM (${parts.join(' UNION ALL ')})`, []);
    return row?.[0] === null || row?.[0] === undefined ? undefined : String(row[0]);
  }

  /** What else there is of prompts and visits. */
  function around(ids: readonly string[], visits: readonly string[]): Promise<NumberedLine[]> {
    const { values, bind } = createBinds();
    const parts: string[] = [];
    const idsSql = ids.map(bind).join(', ');
    if (ids.length > 0) {
      for (const kind of ['prompt', 'state', 'latency'] as const) parts.push(part(kind, `id IN (${idsSql})`));
      parts.push(part('missed', `id IN (${idsSql}) AND message = 'prompt'`));
      parts.push(part('verdict', `prompt IN (${idsSql})`));
    }
    const wanted = [
      ...(ids.length === 0 ? [] : [`id IN (${idsSql})`]),
      ...(visits.length === 0 ? [] : [`visit IN (${visits.map(bind).join(', ')})`]),
    ];
    if (wanted.length > 0) parts.push(part('later', wanted.join(' OR ')));
    return lines(parts, values);
  }

  /** Thresholds as they were: today's with what was changed since taken back. */
  function rulesAt(at: string): RulesThen {
    const { settings: rows, version: newest } = settings.view();
    const values: Record<string, number> = Object.fromEntries(rows.map(({ path, value }) => [path, value]));
    let version: number | undefined = newest;
    for (let before: number | undefined; ; ) {
      const { changes, more } = settings.history(before);
      for (const change of changes) {
        if (change.at <= at) return { version: change.version, values };
        for (const [path, { from }] of Object.entries(change.changes)) values[path] = from;
        version = undefined;
        before = change.version;
      }
      if (!more) return { ...(version === undefined ? {} : { version }), values };
    }
  }

  const rowsWith = (all: readonly NumberedLine[]): RowsWith => {
    const known = new Map<string, RulesThen>();
    return {
      around: all,
      settings: settings.view().settings,
      rulesAt(at) {
        const found = known.get(at) ?? rulesAt(at);
        known.set(at, found);
        return found;
      },
    };
  };

  /** Lines that make a row each, the newest `limit` of every kind; `cut`: below it some may be missing. */
  async function bases(asked: JournalAsk & { from?: string | undefined }) {
    const { from, to, before, place, kind, limit } = asked;
    const wanted = (asked.what?.split(',') ?? journalParts) as readonly JournalPart[];
    const { values, bind } = createBinds();
    const until = [
      ...(before === undefined ? [] : [`n < ${bind(before)}`]),
      ...(to === undefined ? [] : [`moment < ${bind(to)}::TIMESTAMP`]),
    ];
    const since = from === undefined ? [] : [`moment >= ${bind(from)}::TIMESTAMP`];
    const where = (...more: string[]) => [...until, ...more].join(' AND ') || 'true';
    const parts: string[] = [];
    const asks = kind === undefined ? undefined : promptOf[kind];
    if (wanted.includes('prompts') && (kind === undefined || asks !== undefined)) {
      const here =
        place === undefined ? [] : [bind(place)].map((p) => `(place = ${p} OR list_contains(places, ${p}))`);
      const about = asks === undefined ? [] : [`prompt = ${bind(asks)}`];
      const first = 'NOT EXISTS (SELECT 1 FROM prompt e WHERE e.id = t.id AND e.n < t.n)';
      parts.push(part('prompt', where(...since, ...here, ...about, first), 'DESC', limit + 1));
    }
    if (wanted.includes('quiet')) {
      const here = place === undefined ? [] : [place === 'hall' ? 'zone IS NULL' : `zone = ${bind(place)}`];
      const about = kind === undefined ? [] : [`happening = ${bind(kind)}`];
      const quiet = "decision = 'silence' AND reason <> 'nothing-to-ask'";
      parts.push(part('verdict', where(...since, ...here, ...about, quiet), 'DESC', limit + 1));
    }
    if (wanted.includes('settings')) parts.push(part('settings', where(...since), 'DESC', limit + 1));
    if (wanted.includes('health') && kind === undefined) {
      // Also what was so before the first moment: what a line means is how it differs from the one before.
      for (const one of ['health', 'begun'] as const) parts.push(part(one, where(), 'DESC', limit + 1));
      parts.push(part('gap', where(...since), 'DESC', limit + 1));
    }
    const all = await lines(parts, values);
    let cut = 0;
    for (const one of ['prompt', 'verdict', 'settings', 'health', 'begun', 'gap'] as const) {
      const some = all.filter(({ line }) => line.kind === one);
      // Of `limit + 1` the oldest is there to be differed from, or to say that there are more.
      if (some.length > limit) cut = Math.max(cut, some[1]!.n);
    }
    const healthLines = all.filter(({ line }) => ['health', 'begun', 'gap'].includes(line.kind));
    const isBeginning = healthLines.filter(({ line }) => line.kind === 'health').length <= limit;
    const health = healthRows(healthLines, isBeginning).filter(
      (row) =>
        row.n >= cut &&
        (from === undefined || row.at >= from) &&
        (place === undefined || row.place === place),
    );
    const others = all.filter(
      ({ n, line }) => n >= cut && ['prompt', 'verdict', 'settings'].includes(line.kind),
    );
    return { health, others, isCut: cut > 0 };
  }

  return {
    async page(asked) {
      const { to, before, limit } = asked;
      const isOpening = asked.from === undefined && to === undefined && before === undefined;
      const from = isOpening ? toMoment(now() - openingSeconds) : asked.from;
      const beginsAt = await begins();
      const keptFrom = toMoment(now() - keptDays * 86_400);
      const isGone = to !== undefined && to <= keptFrom && (beginsAt === undefined || to <= beginsAt);
      if (isGone) {
        throw new LobbyError('LOBBY_JOURNAL_GONE', { days: keptDays, before: beginsAt ?? keptFrom });
      }
      const { health, others, isCut } = await bases({ ...asked, from });
      const newest = [
        ...health.map((row) => ({ n: row.n, row })),
        ...others.map((numbered) => ({ n: numbered.n, numbered })),
      ].sort((a, b) => b.n - a.n);
      // Rows of one line stay together.
      const last = newest[limit - 1]?.n;
      const shown = newest.filter(({ n }) => last === undefined || n >= last);
      const made = shown.flatMap((one) => ('numbered' in one ? one.numbered : []));
      const ids = made.flatMap(({ line }) =>
        line.kind === 'prompt' ? line.id : line.kind === 'verdict' ? (line.prompt ?? []) : [],
      );
      const visits = made.flatMap(({ line }) => (line.kind === 'verdict' ? (line.visit ?? []) : []));
      const more = rowsWith(await around([...new Set(ids)], [...new Set(visits)]));
      const rows = shown.flatMap((one): JournalRow[] => {
        if (!('numbered' in one)) return [one.row];
        const row = toRow(one.numbered, more);
        return row === undefined ? [] : [row];
      });
      const oldest = shown.at(-1)?.n;
      const isMore = oldest !== undefined && (isCut || shown.length < newest.length);
      return {
        v: 1,
        rows,
        ...(isMore ? { more: oldest } : {}),
        ...(from === undefined ? {} : { from }),
        keptDays,
        ...(beginsAt === undefined ? {} : { begins: beginsAt }),
      };
    },

    async story(visit) {
      const about = createBinds();
      const name = about.bind(visit);
      const own = await lines(
        (['verdict', 'later', 'stay'] as const).map((kind) => part(kind, `visit = ${name}`, 'ASC', 400)),
        about.values,
      );
      const [first] = own;
      if (first === undefined) {
        throw new LobbyError('LOBBY_VISIT_UNKNOWN', { visit, days: keptDays });
      }
      const ids = own.flatMap(({ line }) =>
        line.kind === 'verdict' ? (line.prompt ?? []) : line.kind === 'later' ? (line.id ?? []) : [],
      );
      const others = await around([...new Set(ids)], []);
      const known = new Set(own.map(({ n }) => n));
      const all = [...own, ...others.filter(({ n }) => !known.has(n))].sort((a, b) => a.n - b.n);
      const more = rowsWith(all);
      const steps = stepsOf(visit, more);
      const verdicts = own.flatMap(({ line }) => (line.kind === 'verdict' ? line : []));
      const stay = own.flatMap(({ line }) => (line.kind === 'stay' ? line : [])).at(-1);
      const contact = verdicts.find(({ happening }) => happening === 'contacted');
      const from = stay?.arrivedAt ?? first.line.at;
      const metAt = stay?.metAt ?? contact?.at;
      const afterSeconds = stay?.waitedSeconds ?? contact?.waitedSeconds;
      const paths = rulesConcerned(steps);
      const then = rulesAt(from);
      const { settings: rows } = settings.view();
      const beginsAt = await begins();
      return {
        v: 1,
        visit,
        role: verdicts.at(-1)?.role ?? 'customer',
        from,
        to: steps.at(-1)?.at ?? first.line.at,
        ...(verdicts[0]?.zone === undefined ? {} : { place: verdicts[0].zone }),
        isOver: stay !== undefined,
        ...(metAt === undefined
          ? {}
          : {
              met: {
                at: metAt,
                ...(afterSeconds === undefined ? {} : { afterSeconds: Math.max(0, afterSeconds) }),
                ...(stay?.metBy === undefined ? {} : { by: stay.metBy }),
              },
            }),
        ...(stay?.blindSeconds === undefined ? {} : { blindSeconds: stay.blindSeconds }),
        steps,
        rules: {
          ...(then.version === undefined ? {} : { version: then.version }),
          ...(paths[0] === undefined ? {} : { concerned: paths[0] }),
          values: paths.flatMap((path) => {
            const row = rows.find((one) => one.path === path);
            return row === undefined
              ? []
              : [{ path, title: row.title, mark: row.unit.mark, was: then.values[path]!, now: row.value }];
          }),
        },
        ...(await neighbours(visit, first.n)),
        keptDays,
        ...(beginsAt === undefined ? {} : { begins: beginsAt }),
      };
    },
  };

  /** The stories that begin just before and just after this one, of customers. */
  async function neighbours(visit: string, from: number): Promise<Pick<Story, 'older' | 'newer'>> {
    const stories = `SELECT visit, min(n) AS first FROM verdict
      WHERE visit IS NOT NULL AND role <> 'staff' AND visit <> $1 GROUP BY visit`;
    const [row] = await ask(
      `SELECT arg_max(visit, first) FILTER (first < $2), arg_min(visit, first) FILTER (first > $2) FROM (${stories})`,
      [visit, from],
    );
    const [older, newer] = row ?? [];
    return {
      ...(typeof older === 'string' ? { older } : {}),
      ...(typeof newer === 'string' ? { newer } : {}),
    };
  }
}
