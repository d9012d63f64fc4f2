import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type JournalPage, type JournalRow, journalParts } from '../../../../src/contract/journal-page.ts';
import { ask, type Trouble } from '../api.ts';
import type { PageParts } from '../page-parts.ts';
import { happeningWords, say as sayFrame } from '../words.ts';
import {
  type Asked,
  begun,
  byDay,
  continued,
  dayBounds,
  type Filter,
  filterOf,
  keyOf,
  type List,
  queryOf,
  refreshed,
  shown,
} from './list.ts';
import {
  changesInWords,
  codeOf,
  healthInWords,
  lifeInWords,
  outcomeOf,
  putBackAddress,
  quietInWords,
  whatOf,
  whoAndWhy,
} from './phrases.ts';
import { StoryPage } from './story.tsx';
import { type JournalTelling, tellingOf } from './telling.ts';
import { say } from './words.ts';
import './journal.css';

const refreshAfterMs = 800;
/** Nearer to the top than this, the newest row is in view. */
const topPx = 60;
/** What nothing can be asked about is not offered to filter by. */
const quietKinds = ['arrived', 'wandering', 'waited-long', 'queue-long', 'unattended', 'crowded'] as const;
const otherKinds = ['divert', 'patrol', 'farewell', 'machine-trouble'] as const;

/** The journal, and the stories in it. */
export function Page(parts: PageParts) {
  const { address } = parts;
  const visit = /^\/journal\/([0-9a-z]{4}-\d{1,9})/.exec(address)?.[1];
  const list = useJournal(parts, visit === undefined);
  if (visit !== undefined) return <StoryPage key={visit} {...parts} visit={visit} />;
  return <Journal {...parts} {...list} />;
}

interface Reading {
  readonly list: List | undefined;
  readonly trouble: Trouble | undefined;
  readonly filter: Filter;
  readonly isLoading: boolean;
  readonly loadOlder: () => void;
  readonly showHeld: () => void;
  readonly hold: (isHeld: boolean) => void;
}

/** Reads the journal by the filter in the address, and goes on reading as it is written. */
function useJournal({ live, address }: PageParts, isShown: boolean): Reading {
  const lastFilter = useRef(filterOf(address));
  if (isShown) lastFilter.current = filterOf(address);
  const filter = lastFilter.current;
  const timezone = live.plan?.timezone;
  const [list, setList] = useState<List>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [isLoading, setLoading] = useState(false);
  const isHeld = useRef(false);
  const scrolled = useRef(0);
  const query = queryOf(filter);
  const current = useRef('');
  current.current = `${query} ${timezone ?? ''}`;

  const read = useCallback(
    async (asked: Asked): Promise<JournalPage | undefined> => {
      const wanted = new URLSearchParams();
      const { day: _, ...rest } = filter;
      for (const [name, value] of Object.entries({ ...rest, ...asked })) wanted.set(name, String(value));
      const before = current.current;
      const reply = await ask<JournalPage>(`/api/v1/journal?${wanted}`);
      // Another filter was chosen meanwhile.
      if (before !== current.current) return undefined;
      setTrouble(reply.ok ? undefined : reply.trouble);
      return reply.ok ? reply.value : undefined;
    },
    [current.current],
  );
  const firstAsk: Asked = filter.day === undefined ? {} : dayBounds(filter.day, timezone);
  const isReady = live.plan !== undefined || live.link === 'down';

  async function readAnew(): Promise<void> {
    const page = await read(firstAsk);
    if (page === undefined) return;
    let next = begun(firstAsk, page);
    // A quiet hour is not an empty page.
    if (next.rows.length < 20 && next.next !== undefined) {
      const asked = next.next;
      const older = await read(asked);
      if (older !== undefined) next = continued(next, asked, older);
    }
    setList(next);
  }
  useEffect(() => {
    if (!isReady) return;
    setList(undefined);
    void readAnew();
  }, [current.current, isReady]);

  // What has come is read with what became of what was there.
  const newest = live.lines.at(-1);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    if (list === undefined && trouble === undefined) return;
    const soon = setTimeout(async () => {
      if (trouble !== undefined || list === undefined) return readAnew();
      const page = await read(firstAsk);
      if (page === undefined) return;
      const mayMove = isShown && scrollY < topPx && !isHeld.current;
      setList((known) => (known === undefined ? begun(firstAsk, page) : refreshed(known, page, mayMove)));
    }, refreshAfterMs);
    return () => clearTimeout(soon);
  }, [newest, live.settings, live.link === 'up']);

  // Back from a story, to where one was.
  useLayoutEffect(() => {
    if (!isShown) return;
    scrollTo(0, scrolled.current);
    const remember = () => {
      scrolled.current = scrollY;
    };
    addEventListener('scroll', remember, { passive: true });
    return () => removeEventListener('scroll', remember);
  }, [isShown]);

  const loading = useRef(false);
  const loadOlder = async () => {
    if (loading.current || list?.next === undefined) return;
    loading.current = true;
    setLoading(true);
    const { next } = list;
    const page = await read(next);
    loading.current = false;
    setLoading(false);
    if (page !== undefined) setList((known) => known && continued(known, next, page));
  };
  return {
    list,
    trouble,
    filter,
    isLoading,
    loadOlder: () => void loadOlder(),
    showHeld() {
      scrollTo(0, 0);
      if (list?.isApart === true) void readAnew();
      else setList((known) => known && shown(known));
    },
    hold(held) {
      isHeld.current = held;
    },
  };
}

function Journal(props: PageParts & Reading) {
  const { live, language, keys, list, trouble, filter, go, isLoading, loadOlder, showHeld, hold } = props;
  const telling = tellingOf({ live, language });
  const foot = useRef<HTMLDivElement>(null);
  const filterBox = useRef<HTMLDetailsElement>(null);
  const older = useRef(loadOlder);
  older.current = loadOlder;
  useEffect(() => {
    const { current } = foot;
    if (current === null) return;
    const watching = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) older.current();
      },
      { rootMargin: '400px' },
    );
    watching.observe(current);
    return () => watching.disconnect();
  }, [list?.rows.length]);

  const change = (changes: Partial<Record<keyof Filter, string | undefined>>) => {
    const next = Object.fromEntries(
      Object.entries({ ...filter, ...changes }).filter(([, value]) => value !== undefined && value !== ''),
    ) as Filter;
    go('journal', queryOf(next));
  };
  const clear = () => go('journal');
  const isFiltered = Object.keys(filter).length > 0;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null)
        return;
      if (event.key === 'Escape' && filterBox.current?.open === true) {
        filterBox.current.open = false;
        filterBox.current.querySelector('summary')?.focus();
      } else if (event.key === 'Escape' && isFiltered) clear();
      if (!keys || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || event.key !== '/') return;
      event.preventDefault();
      if (filterBox.current !== null) filterBox.current.open = true;
      filterBox.current?.querySelector('select')?.focus();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });

  const days = list === undefined ? [] : byDay(list.rows, telling.dayOf);
  const held = list?.held.length ?? 0;
  return (
    <div class="journal">
      <FilterBar {...{ filter, change, clear, telling, box: filterBox }} zones={live.lobby?.zones ?? []} />
      <div class="pill-place" role="status">
        {held > 0 && (
          <button type="button" class="pill" onClick={showHeld}>
            ▲ {say(language, 'newRows', { n: held })}
          </button>
        )}
      </div>
      {trouble !== undefined && <Unread trouble={trouble} telling={telling} />}
      {list === undefined && trouble === undefined && <p class="empty-page">{say(language, 'reading')}</p>}
      <div onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)}>
        {days.map(({ day, rows }) => (
          <section key={day} class="day" aria-labelledby={`day-${day}`}>
            <h2 id={`day-${day}`}>{telling.dayText(day)}</h2>
            <ol class="entries">
              {rows.map((row) => (
                <Entry key={keyOf(row)} row={row} telling={telling} go={go} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      {list !== undefined && (
        <div class="foot" ref={foot}>
          <Foot {...{ list, telling, isFiltered, isLoading, clear, loadOlder }} />
        </div>
      )}
    </div>
  );
}

function Unread({ trouble, telling }: { readonly trouble: Trouble; readonly telling: JournalTelling }) {
  const { language } = telling;
  const kept = trouble as Trouble & { details?: { days?: number; before?: string } };
  const { days, before } = kept.details ?? {};
  const text =
    trouble.code === 'LOBBY_JOURNAL_NOT_KEPT'
      ? say(language, 'notKept')
      : trouble.code === 'LOBBY_JOURNAL_GONE' && days !== undefined && before !== undefined
        ? say(language, 'pastKeeping', { n: days, t: telling.dayText(telling.dayOf(before)) })
        : trouble.status === 0
          ? say(language, 'unread')
          : `${trouble.message}${language === 'zh' ? '。' : '.'} ${trouble.remedy}`;
  return (
    <p class="empty-page" role="alert">
      {text} <span class="code">{trouble.code}</span>
    </p>
  );
}

/** How far the list goes, and how to see more. */
function Foot(props: {
  readonly list: List;
  readonly telling: JournalTelling;
  readonly isFiltered: boolean;
  readonly isLoading: boolean;
  readonly clear: () => void;
  readonly loadOlder: () => void;
}) {
  const { list, telling, isFiltered, isLoading, clear, loadOlder } = props;
  const { language, dayText, dayOf, momentOf } = telling;
  const last = list.rows.at(-1);
  if (list.next !== undefined) {
    return (
      <p>
        {last !== undefined && say(language, 'reachesTo', { t: momentOf(last.at), n: list.rows.length })}{' '}
        <button type="button" disabled={isLoading} onClick={loadOlder}>
          {say(language, 'older')}
        </button>
      </p>
    );
  }
  const keptFor = Date.now() - list.keptDays * 86_400_000;
  const isDropped = list.begins !== undefined && Date.parse(list.begins) < keptFor + 2 * 86_400_000;
  return (
    <>
      {last === undefined ? (
        <p class="none">
          {say(language, isFiltered ? 'nothingFits' : 'nothingYet')}{' '}
          {isFiltered && (
            <button type="button" onClick={clear}>
              {say(language, 'clearFilter')}
            </button>
          )}
        </p>
      ) : (
        <p>{say(language, 'reachesTo', { t: momentOf(last.at), n: list.rows.length })}</p>
      )}
      {list.begins !== undefined && (
        <p>
          {isDropped
            ? say(language, 'pastKeeping', { n: list.keptDays, t: dayText(dayOf(list.begins)) })
            : say(language, 'beginsAt', { t: momentOf(list.begins) })}
        </p>
      )}
    </>
  );
}

function FilterBar(props: {
  readonly filter: Filter;
  readonly change: (changes: Partial<Record<keyof Filter, string | undefined>>) => void;
  readonly clear: () => void;
  readonly telling: JournalTelling;
  readonly zones: readonly { readonly id: string }[];
  readonly box: { current: HTMLDetailsElement | null };
}) {
  const { filter, change, telling, zones, box } = props;
  const { language, nameOf, dayText } = telling;
  const chosen = filter.what?.split(',') ?? [...journalParts];
  const places = [...zones.map(({ id }) => id), 'hall'];
  const kindName = (kind: string) => happeningWords[kind as keyof typeof happeningWords]?.[language] ?? kind;
  const chips = [
    ...(filter.day === undefined ? [] : [['day', dayText(filter.day)] as const]),
    ...(filter.place === undefined ? [] : [['place', nameOf(filter.place)] as const]),
    ...(filter.kind === undefined ? [] : [['kind', kindName(filter.kind)] as const]),
  ];
  return (
    <div class="filter-bar">
      {chips.map(([name, text]) => (
        <button
          key={name}
          type="button"
          class="chip"
          aria-label={say(language, 'removeFilter', { name: text })}
          onClick={() => change({ [name]: undefined })}
        >
          {text} <span aria-hidden="true">✕</span>
        </button>
      ))}
      <details class="add-filter" ref={box}>
        <summary>+ {say(language, 'addFilter')}</summary>
        <div class="choices">
          <label>
            {say(language, 'placeIs')}
            <select
              value={filter.place ?? ''}
              onChange={(event) => change({ place: event.currentTarget.value })}
            >
              <option value="">{say(language, 'everywhere')}</option>
              {places.map((id) => (
                <option key={id} value={id}>
                  {nameOf(id)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {say(language, 'kindIs')}
            <select
              value={filter.kind ?? ''}
              onChange={(event) => change({ kind: event.currentTarget.value })}
            >
              <option value="">{say(language, 'everything')}</option>
              {[...quietKinds, ...otherKinds].map((kind) => (
                <option key={kind} value={kind}>
                  {kindName(kind)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {say(language, 'dayIs')}
            <input
              type="date"
              value={filter.day ?? ''}
              onChange={(event) => change({ day: event.currentTarget.value })}
            />
          </label>
        </div>
      </details>
      <span class="spring" />
      <fieldset class="layers">
        <legend class="unseen-by-eyes">{say(language, 'show')}</legend>
        {journalParts.map((part) => (
          <label key={part}>
            <input
              type="checkbox"
              checked={chosen.includes(part)}
              // One always stays: a journal of nothing helps nobody.
              disabled={chosen.length === 1 && chosen[0] === part}
              onChange={(event) => {
                const isOn = event.currentTarget.checked;
                const next = journalParts.filter((one) => (one === part ? isOn : chosen.includes(one)));
                change({ what: next.length === journalParts.length ? undefined : next.join(',') });
              }}
            />
            {say(language, part)}
          </label>
        ))}
      </fieldset>
    </div>
  );
}

/** What is told of health without anything being wrong. */
const calm: readonly string[] = ['seen-again', 'on-duty-again', 'begun'];
const marks = { prompt: '●', quiet: '○', health: '▲', settings: '⚙' } as const;

/** One row: time, place, what, what became of it, and why. */
function Entry({
  row,
  telling,
  go,
}: {
  readonly row: JournalRow;
  readonly telling: JournalTelling;
  readonly go: PageParts['go'];
}) {
  const { language, nameOf, timeOf } = telling;
  const isUnseen = row.what === 'health' && row.change === 'unseen';
  const health = row.what === 'health' ? healthInWords(row, telling) : undefined;
  const putBack = row.what === 'settings' ? putBackAddress(row) : undefined;
  const where =
    row.what === 'settings'
      ? say(language, 'settings')
      : (health?.where ?? nameOf((row as { place: string }).place));
  const what =
    row.what === 'settings'
      ? changesInWords(row, language)
      : row.what === 'health'
        ? health!.what
        : whatOf(row, telling);
  const outcome =
    row.what === 'prompt'
      ? outcomeOf(row, telling)
      : row.what === 'quiet'
        ? sayFrame(language, 'quiet')
        : row.what === 'settings'
          ? say(language, 'rulesVersion', { n: row.version })
          : '–';
  const details =
    row.what === 'prompt'
      ? lifeInWords(row, telling)
      : row.what === 'quiet'
        ? quietInWords(row, telling)
        : row.what === 'settings'
          ? whoAndWhy(row, language)
          : health!.details;
  const visits = row.what === 'prompt' ? row.visits : row.what === 'quiet' && row.visit ? [row.visit] : [];
  const story = (visit: string, text: string, many?: string) => (
    <a
      key={visit}
      href={`/journal/${visit}`}
      class={many === undefined ? undefined : 'each'}
      aria-label={many}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go('journal', `/${visit}`);
      }}
    >
      {text}
    </a>
  );
  const [only] = visits;
  const mark = isUnseen ? '▨' : row.what === 'health' && calm.includes(row.change) ? '△' : marks[row.what];
  return (
    <li class={`entry ${row.what} ${isUnseen ? 'unseen' : ''}`} title={codeOf(row)}>
      <time dateTime={row.at}>{timeOf(row.at)}</time>
      <span class="mark-cell" aria-hidden="true">
        {mark}
      </span>
      <span class="where">{where}</span>
      <span class="what">
        {visits.length > 1
          ? [
              what,
              ...visits.map((visit, index) =>
                story(visit, String(index + 1), say(language, 'toStory', { n: index + 1 })),
              ),
            ]
          : only === undefined
            ? what
            : story(only, what)}
      </span>
      <span class="outcome">{outcome}</span>
      <span class="details">{details}</span>
      {putBack !== undefined && row.what === 'settings' && (
        <a
          class="button"
          href={`/rules${putBack}`}
          aria-label={`${say(language, 'putBackLabel', { n: row.version })}`}
          onClick={(event) => {
            event.preventDefault();
            go('rules', putBack);
          }}
        >
          {say(language, 'putBack')}
        </a>
      )}
    </li>
  );
}
