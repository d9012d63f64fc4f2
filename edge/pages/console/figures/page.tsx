import './figures.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FiguresPayload } from '../../../../src/contract/figures.ts';
import { few, leastPeople } from '../../../../src/core/figures/share.ts';
import { ask, type Trouble } from '../api.ts';
import { Sheet } from '../frame.tsx';
import { boxNow } from '../live/state.ts';
import type { PageParts } from '../page-parts.ts';
import { duration } from '../words.ts';
import { Chart } from './chart.tsx';
import { doorsOf, drawArrivals, drawCurve, drawHeat, drawQueue, heatBounds } from './drawing.ts';
import { addressOf, daysOf, queryOf, type Shown, shownOf, stepped } from './state.ts';
import {
  amount,
  cardsOf,
  comparisonOf,
  dash,
  equalOf,
  type Info,
  mainQueue,
  notesOf,
  sentenceOf,
  sqlOf,
  type Telling,
} from './told.ts';
import { type FiguresWord, periodWords, say } from './words.ts';

const againAfterMs = 60_000;
const mostTableRows = 400;

/** The figures of a day or a period: what happened, in a sentence, six figures, charts, and whether all were treated alike. */
export function Page({ live, language, keys, address, go }: PageParts) {
  const shown = shownOf(address);
  const timezone = live.plan?.timezone;
  const today = todayOf(live.link === 'connecting' ? undefined : boxNow(live), timezone);
  const query = today === undefined ? undefined : queryOf(shown, today);
  const [answer, setAnswer] = useState<{ query: string; figures: FiguresPayload }>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [info, setInfo] = useState<Info>();
  const [queue, setQueue] = useState<string>();
  const [role, setRole] = useState<'customers' | 'staff'>('customers');
  const asked = useRef<string | undefined>(undefined);
  asked.current = query;

  useEffect(() => {
    if (query === undefined) return;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let isLeft = false;
    const read = async () => {
      const reply = await ask<FiguresPayload>(`/api/v1/figures?${query}`);
      if (isLeft || asked.current !== query) return;
      if (reply.ok) setAnswer({ query, figures: reply.value });
      setTrouble(reply.ok ? undefined : reply.trouble);
      const isRunning = !reply.ok || !reply.value.isOver;
      if (isRunning) waiting = setTimeout(read, againAfterMs);
    };
    void read();
    return () => {
      isLeft = true;
      clearTimeout(waiting);
    };
  }, [query]);

  const show = (next: Shown) => go('figures', addressOf(next));
  const act = useRef<(event: KeyboardEvent) => void>(() => undefined);
  act.current = (event) => {
    const target = event.target as HTMLElement;
    if (!keys || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest('dialog') !== null) return;
    const { day: _, ...now } = shown;
    const key = event.key.toLowerCase();
    if (key === 't') show({ ...now, kind: 'day' });
    else if (key === 'w') show({ ...now, kind: 'week' });
    else if (key === 'm') show({ ...now, kind: 'month' });
    else if (key === 'x') show({ ...shown, compare: shown.compare === 'none' ? 'same-weekday' : 'none' });
    else if (today !== undefined && event.key === 'ArrowLeft') show(stepped(shown, today, -1));
    else if (today !== undefined && event.key === 'ArrowRight') show(stepped(shown, today, 1));
  };
  useEffect(() => {
    const heard = (event: KeyboardEvent) => act.current(event);
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  }, []);

  const nameOf = (zone: string) =>
    live.plan?.zones.find(({ id }) => id === zone)?.name[language] ??
    live.lobby?.zones.find(({ id }) => id === zone)?.name[language] ??
    zone;
  const isStale = answer !== undefined && answer.query !== query;
  const telling: Telling | undefined = answer && { figures: answer.figures, language, nameOf };
  const problem =
    trouble === undefined
      ? undefined
      : trouble.status === 404
        ? say(language, 'noJournal')
        : say(language, 'notRead', { why: trouble.message });
  return (
    <div class="figures">
      <Bar
        {...{ shown, today, language, show, query }}
        figures={answer?.figures}
        short={answer?.figures.contact.short ?? 0}
      />
      {problem !== undefined && (
        <p class="note strong" role="alert">
          {problem}
        </p>
      )}
      {telling === undefined ? (
        problem === undefined && <p class="empty-page">{say(language, 'reading')}</p>
      ) : (
        <div class={`figures-body ${isStale ? 'stale' : ''}`} aria-busy={isStale}>
          <section class="told" aria-live="polite">
            <h2 class="first-line">{sentenceOf(telling)}</h2>
            {comparisonOf(telling) !== undefined && <p class="compared-line">{comparisonOf(telling)}</p>}
            {notesOf(telling).map((note) => (
              <p key={note} class="figures-note">
                {note}
              </p>
            ))}
          </section>
          {telling.figures.hasLines && (
            <Body {...{ telling, language, queue, setQueue, role, setRole, setInfo }} plan={live.plan} />
          )}
        </div>
      )}
      {info !== undefined && telling !== undefined && (
        <Sheet title={titleOf(info, telling)} language={language} onClose={() => setInfo(undefined)}>
          <h3>{say(language, 'inWords')}</h3>
          <p>{say(language, `${info}What` as FiguresWord)}</p>
          <h3>{say(language, 'howReckoned')}</h3>
          <p>{say(language, `${info}How` as FiguresWord)}</p>
          <h3>{say(language, 'leftOut')}</h3>
          <p>{say(language, `${info}Out` as FiguresWord)}</p>
          <h3>{say(language, 'theQuestion')}</h3>
          <p class="second">{say(language, 'queryHelp')}</p>
          <pre class="sql" lang="en">
            {sqlOf(telling.figures, info)}
          </pre>
        </Sheet>
      )}
    </div>
  );
}

/** Today by the branch's clock; not known before the box has told its time. */
function todayOf(now: number | undefined, timezone: string | undefined): string | undefined {
  if (now === undefined) return undefined;
  return new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...(timezone === undefined ? {} : { timeZone: timezone }),
  }).format(now);
}

function titleOf(info: Info, telling: Telling): string {
  const { figures, language, nameOf } = telling;
  const card = cardsOf(telling).find((one) => one.info === info);
  if (card !== undefined) return card.title;
  const titles: Partial<Record<Info, string>> = {
    curve: say(language, 'curveTitle'),
    heat: say(language, 'heatTitle'),
    queue: say(language, 'queueTitle'),
    arrivals: say(language, 'arrivalsTitle'),
    ends: say(language, 'endsTitle'),
    latency: say(language, 'toWristTitle'),
    equal: say(language, 'equalTitle'),
  };
  const queue = mainQueue(figures);
  return titles[info] ?? nameOf(queue?.zone ?? '');
}

interface BarParts {
  readonly shown: Shown;
  readonly today: string | undefined;
  readonly query: string | undefined;
  readonly figures: FiguresPayload | undefined;
  readonly short: number;
  readonly language: PageParts['language'];
  readonly show: (next: Shown) => void;
}

function Bar({ shown, today, query, figures, short, language, show }: BarParts) {
  const days = today === undefined ? undefined : daysOf(shown.kind, shown.day ?? today);
  const isLast = days === undefined || today === undefined || days.to >= today;
  const before = figures?.before;
  const compareWords = (word: 'compareSame' | 'compareBefore', isChosen: boolean) =>
    say(language, word, {
      period: isChosen && before !== undefined ? periodWords(before.from, before.to, language) : dash,
    }).replace(/^– ?/, '');
  return (
    <div class="figures-bar">
      <fieldset class="bare period">
        <legend class="unseen-by-eyes">{say(language, shown.kind)}</legend>
        <button
          type="button"
          class="tool"
          aria-label={say(language, 'earlier')}
          title={say(language, 'earlier')}
          aria-keyshortcuts="ArrowLeft"
          disabled={today === undefined}
          onClick={() => today !== undefined && show(stepped(shown, today, -1))}
        >
          ◂
        </button>
        <b class="period-words">{days === undefined ? dash : periodWords(days.from, days.to, language)}</b>
        <button
          type="button"
          class="tool"
          aria-label={say(language, 'later')}
          title={say(language, 'later')}
          aria-keyshortcuts="ArrowRight"
          disabled={isLast}
          onClick={() => today !== undefined && show(stepped(shown, today, 1))}
        >
          ▸
        </button>
      </fieldset>
      <fieldset class="bare kinds">
        <legend class="unseen-by-eyes">{say(language, 'periodKind')}</legend>
        {(['day', 'week', 'month'] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={shown.kind === kind}
            aria-keyshortcuts={{ day: 'T', week: 'W', month: 'M' }[kind]}
            onClick={() => show({ ...shown, kind })}
          >
            {say(language, kind)}
          </button>
        ))}
      </fieldset>
      <label class="choice">
        {say(language, 'compare')}
        <select
          value={shown.compare}
          aria-keyshortcuts="X"
          onChange={({ currentTarget }) =>
            show({ ...shown, compare: currentTarget.value as Shown['compare'] })
          }
        >
          <option value="same-weekday">
            {compareWords('compareSame', shown.compare === 'same-weekday')}
          </option>
          <option value="before">{compareWords('compareBefore', shown.compare === 'before')}</option>
          <option value="none">{say(language, 'compareNone')}</option>
        </select>
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={shown.withoutShort}
          onChange={({ currentTarget }) => show({ ...shown, withoutShort: currentTarget.checked })}
        />
        {say(language, 'leaveOutShort', { n: short })}
      </label>
      <span class="spring" />
      <a
        class="button"
        href={`/api/v1/report?${query ?? ''}&lang=${language}`}
        target="_blank"
        rel="noopener"
      >
        {say(language, 'report')}
      </a>
      <a class="button" href={`/api/v1/figures.csv?${query ?? ''}`} download>
        {say(language, 'csv')}
      </a>
    </div>
  );
}

interface BodyParts {
  readonly telling: Telling;
  readonly language: PageParts['language'];
  readonly plan: PageParts['live']['plan'];
  readonly queue: string | undefined;
  readonly setQueue: (zone: string) => void;
  readonly role: 'customers' | 'staff';
  readonly setRole: (role: 'customers' | 'staff') => void;
  readonly setInfo: (info: Info) => void;
}

function Body({ telling, language, plan, queue, setQueue, role, setRole, setInfo }: BodyParts) {
  const { figures, nameOf } = telling;
  const queues = [...new Set(figures.hours.waits.map(({ zone }) => zone))];
  const chosen =
    queue !== undefined && queues.includes(queue) ? queue : (mainQueue(figures)?.zone ?? queues[0]);
  const cells = figures.heat.cells.filter((cell) => cell.role === role);
  const bounds = heatBounds(cells);
  const doors = doorsOf(figures);
  const about = (info: Info, title: string) => <About {...{ info, title, language, setInfo }} />;
  return (
    <>
      <div class="figure-cards">
        {cardsOf(telling).map(({ info, title, main, unit, second, of, was }) => (
          <section key={info} class="figure-card" data-figure={info}>
            <h3>
              {title}
              {about(info, title)}
            </h3>
            <p class="main-figure">
              <b>{main}</b> <span>{unit}</span>
            </p>
            <p>{second ?? '\u00a0'}</p>
            <p class="second">{of}</p>
            <p class="second">{was ?? '\u00a0'}</p>
          </section>
        ))}
      </div>
      <div class="panels">
        <Panel title={say(language, 'curveTitle')} about={about('curve', say(language, 'curveTitle'))}>
          {figures.contact.came < leastPeople ? (
            <p class="nothing-here">{say(language, 'fewer')}</p>
          ) : (
            <Chart height={300} draw={(size) => drawCurve(figures, language, size)} />
          )}
        </Panel>
        <Panel
          title={say(language, 'heatTitle')}
          about={about('heat', say(language, 'heatTitle'))}
          tools={
            <fieldset class="bare kinds small">
              <legend class="unseen-by-eyes">{say(language, 'heatTitle')}</legend>
              {(['customers', 'staff'] as const).map((one) => (
                <button key={one} type="button" aria-pressed={role === one} onClick={() => setRole(one)}>
                  {say(language, one)}
                </button>
              ))}
            </fieldset>
          }
        >
          {cells.length === 0 ? (
            <p class="nothing-here">{say(language, 'heatNone')}</p>
          ) : (
            <>
              <Chart height={264} draw={(size) => drawHeat(figures, plan, role, language, size, nameOf)} />
              <p class="legend">
                {bounds.map((bound, index) => (
                  <span key={index}>
                    <svg width="14" height="14" aria-hidden="true">
                      <rect width="14" height="14" class={`heat heat-${index + 1}`} />
                    </svg>
                    {say(language, 'upTo', { t: amount(bound) })}
                  </span>
                ))}
              </p>
            </>
          )}
          {figures.heat.hidden > 0 && (
            <p class="second">{say(language, 'heatHidden', { n: figures.heat.hidden })}</p>
          )}
          {cells.length > 0 && <HeatTable {...{ cells, language }} />}
        </Panel>
        <Panel
          title={say(language, 'queueTitle')}
          about={about('queue', say(language, 'queueTitle'))}
          tools={
            queues.length < 2 ? null : (
              <select
                aria-label={say(language, 'queue')}
                value={chosen}
                onChange={({ currentTarget }) => setQueue(currentTarget.value)}
              >
                {queues.map((zone) => (
                  <option key={zone} value={zone}>
                    {nameOf(zone)}
                  </option>
                ))}
              </select>
            )
          }
        >
          {chosen === undefined ? (
            <p class="nothing-here">{say(language, 'noWaits')}</p>
          ) : (
            <>
              <Chart height={240} draw={(size) => drawQueue(figures, chosen, language, size)} />
              <Legend
                {...{ language, figures }}
                marks={[
                  ['wait-band', 'bandLegend'],
                  ['length-line', 'lengthLegend'],
                ]}
              />
            </>
          )}
        </Panel>
        <Panel
          title={say(language, 'arrivalsTitle')}
          about={about('arrivals', say(language, 'arrivalsTitle'))}
        >
          {figures.contact.came < leastPeople ? (
            <p class="nothing-here">{say(language, 'fewer')}</p>
          ) : (
            <Chart height={240} draw={(size) => drawArrivals(figures, language, size)} />
          )}
          <p class="legend" hidden={figures.contact.came < leastPeople}>
            {doors.map((door, index) => (
              <span key={door}>
                <svg width="14" height="14" aria-hidden="true">
                  <rect width="14" height="14" class={`door-bar door-${Math.min(index, 2)}`} />
                </svg>
                {door === null ? say(language, 'doorUnknown') : nameOf(door)}{' '}
                {few(
                  figures.hours.arrivals
                    .filter((row) => row.door === door)
                    .reduce((sum, { came }) => sum + came, 0),
                )}
              </span>
            ))}
          </p>
        </Panel>
        <Ends {...{ figures, language }} about={about} />
        <Panel title={say(language, 'equalTitle')} about={about('equal', say(language, 'equalTitle'))}>
          <div class="equal" data-figure="equal">
            {equalOf(telling).map((sentence, index) => (
              <p key={sentence} class={index === 0 ? 'equal-first' : ''}>
                {sentence}
              </p>
            ))}
            <Groups {...{ figures, language, nameOf }} />
          </div>
        </Panel>
      </div>
    </>
  );
}

function About(props: {
  readonly info: Info;
  readonly title: string;
  readonly language: PageParts['language'];
  readonly setInfo: (info: Info) => void;
}) {
  return (
    <button
      type="button"
      class="about"
      aria-label={`${say(props.language, 'explain')}: ${props.title}`}
      title={say(props.language, 'explain')}
      onClick={() => props.setInfo(props.info)}
    >
      i
    </button>
  );
}

function Panel(props: {
  readonly title: string;
  readonly about: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="panel">
      <div class="panel-head">
        <h3>{props.title}</h3>
        {props.about}
        <span class="spring" />
        {props.tools}
      </div>
      {props.children}
    </section>
  );
}

function Legend(props: {
  readonly figures: FiguresPayload;
  readonly language: PageParts['language'];
  readonly marks: readonly (readonly [name: string, word: FiguresWord])[];
}) {
  const { figures, language } = props;
  return (
    <p class="legend">
      {props.marks.map(([name, word]) => (
        <span key={word}>
          <svg width="18" height="12" aria-hidden="true">
            {name.endsWith('line') ? (
              <path d="M0 6h18" class={name} />
            ) : (
              <rect width="18" height="12" class={name} />
            )}
          </svg>
          {say(language, word)}
        </span>
      ))}
      {(figures.unseen.zones.length > 0 || figures.unrecorded.length > 0) && (
        <span>
          <svg width="18" height="12" aria-hidden="true">
            <path d="M0 12L12 0M6 12L18 0" class="hatching" />
          </svg>
          {say(language, 'unseenLegend')}
        </span>
      )}
      {!figures.isOver && (
        <span>
          <svg width="18" height="12" aria-hidden="true">
            <rect x="1" y="1" width="16" height="10" class="wait-band unfinished" />
          </svg>
          {say(language, 'unfinishedLegend')}
        </span>
      )}
      {figures.changes.length > 0 && figures.from === figures.to && (
        <span>
          <svg width="12" height="12" aria-hidden="true">
            <path d="M1 2h10l-5 8z" class="change-tip" />
          </svg>
          {say(language, 'changeLegend')}
        </span>
      )}
    </p>
  );
}

function HeatTable(props: {
  readonly cells: FiguresPayload['heat']['cells'];
  readonly language: PageParts['language'];
}) {
  const { cells, language } = props;
  const [isOpen, setOpen] = useState(false);
  const rows = [...cells].sort((a, b) => b.personMinutes - a.personMinutes);
  return (
    <details class="heat-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say(language, 'heatTable')}</summary>
      {isOpen && (
        <table>
          <thead>
            <tr>
              <th scope="col">{say(language, 'acrossMetres')}</th>
              <th scope="col">{say(language, 'downMetres')}</th>
              <th scope="col">{say(language, 'personMinutes')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, mostTableRows).map(({ x, y, personMinutes }) => (
              <tr key={`${x} ${y}`}>
                <td>{x.toFixed(2)}</td>
                <td>{y.toFixed(2)}</td>
                <td>{personMinutes.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isOpen && rows.length > mostTableRows && (
        <p class="second">{say(language, 'rowsMore', { n: rows.length - mostTableRows })}</p>
      )}
    </details>
  );
}

/** Doors and hours that were compared, each with when half had been met. */
function Groups({ figures, language, nameOf }: Pick<Telling, 'figures' | 'language' | 'nameOf'>) {
  const { doors, hours } = figures.equal;
  const rows = [
    ...doors.groups.map(({ group, ...row }) => ({ ...row, name: nameOf(group) })),
    ...[...hours.groups]
      .sort((a, b) => Number(a.group) - Number(b.group))
      .map(({ group, ...row }) => ({ ...row, name: `${group}:00` })),
  ];
  if (rows.length === 0) return null;
  return (
    <table class="groups">
      <thead>
        <tr>
          <th scope="col">{say(language, 'group')}</th>
          {rows.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{say(language, 'halfMet')}</th>
          {rows.map(({ name, medianSeconds }) => (
            <td key={name}>{medianSeconds === null ? dash : duration(medianSeconds)}</td>
          ))}
        </tr>
        <tr>
          <th scope="row">{say(language, 'visits')}</th>
          {rows.map(({ name, visits }) => (
            <td key={name}>{visits}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Ends(props: {
  readonly figures: FiguresPayload;
  readonly language: PageParts['language'];
  readonly about: (info: Info, title: string) => ComponentChildren;
}) {
  const { figures, language, about } = props;
  const { raised, ends, passedOn } = figures.prompts;
  const { prompts, p50Seconds, p95Seconds } = figures.latency;
  const most = Math.max(1, ...ends.map((one) => one.prompts));
  return (
    <Panel title={say(language, 'endsTitle')} about={about('ends', say(language, 'endsTitle'))}>
      {raised === 0 ? (
        <p class="nothing-here">{say(language, 'noPrompts')}</p>
      ) : (
        <>
          <p class="second">
            {say(language, 'raised', { n: raised })} · {say(language, 'passedOn', { n: passedOn })}
          </p>
          <table class="ends">
            <tbody>
              {ends
                .filter((one) => one.prompts > 0 || one.end !== 'open')
                .map(({ end, prompts: count, withoutTap }) => (
                  <tr key={end} data-end={end}>
                    <th scope="row">{say(language, `end_${end}`)}</th>
                    <td class="count">{count}</td>
                    <td class="bar">
                      <svg width="100%" height="14" aria-hidden="true" preserveAspectRatio="none">
                        <rect width={`${(count / most) * 100}%`} height="14" class="end-bar" />
                        <rect
                          width={`${((count - withoutTap) / most) * 100}%`}
                          height="14"
                          class="end-bar tapped"
                        />
                      </svg>
                    </td>
                    <td>{end === 'met' ? say(language, 'withoutTap', { n: withoutTap }) : ''}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </>
      )}
      {prompts > 0 && (
        <p class="to-wrist">
          {say(language, 'toWrist', {
            half: secondsWords(p50Seconds),
            most: secondsWords(p95Seconds),
            n: prompts,
          })}
          {about('latency', say(language, 'toWristTitle'))}
        </p>
      )}
    </Panel>
  );
}

/** `0.6`, `12`: tenths where they matter. */
const secondsWords = (seconds: number | null): string =>
  seconds === null ? dash : seconds < 10 ? seconds.toFixed(1) : duration(seconds);
