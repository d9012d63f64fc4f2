import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { MinutePayload } from '../../../../src/contract/live.ts';
import type { LobbyPayload } from '../../../../src/contract/topics.ts';
import type { PageParts } from '../page-parts.ts';
import { reasonSentence } from '../reasons/words.ts';
import { duration, happeningWords, type Language, phaseWords, reasonWords, say } from '../words.ts';
import { Floor, type Layers, sentenceOf } from './floor.tsx';
import {
  ageOf,
  boxNow,
  floorShown,
  type LiveEvent,
  type LiveState,
  type Row,
  rowsOf,
  silencesOf,
} from './state.ts';

interface Parts {
  readonly state: LiveState;
  readonly language: Language;
  readonly tell: (
    event: LiveEvent extends infer Event ? (Event extends { at: number } ? Omit<Event, 'at'> : never) : never,
  ) => void;
  readonly go: PageParts['go'];
}

const timeFormat = (state: LiveState) =>
  new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(state.plan?.timezone === undefined ? {} : { timeZone: state.plan.timezone }),
  });

/** The lobby as it is now: the floor, what was just said and kept quiet, and the last hour. */
export function LivePage({ state, language, tell, go }: Parts) {
  const [layers, setLayers] = useState<Layers>({ names: true, labels: true, trails: true });
  const age = ageOf(state);
  const time = timeFormat(state);
  const shown = floorShown(state);
  const isPast = state.heldAt !== undefined;
  const chosen = shown?.people.find(({ visit }) => visit === state.chosen);
  const nameOf = (id: string) =>
    state.lobby?.zones.find((zone) => zone.id === id)?.name[language] ?? say(language, 'hall');
  const isFrozen = isPast && state.floor !== undefined;
  return (
    <div class="live">
      <section class="stage">
        <div class={`floor-frame ${isPast ? 'past' : age.look}`}>
          {state.floor === undefined && state.link !== 'down' ? (
            <p class="floor-note">{say(language, 'reading')}</p>
          ) : (
            <Floor
              state={state}
              language={language}
              layers={layers}
              onChoose={(visit) => tell({ kind: 'chosen', visit })}
            />
          )}
          {!isPast && age.look === 'stopped' && (
            <p class="band stopped" role="status">
              {say(language, 'stopped', {
                t: time.format(state.floor === undefined ? boxNow(state) : Date.parse(state.floor.at)),
              })}
            </p>
          )}
          {isFrozen && (
            <p class="band held" role="status">
              {say(language, 'frozenAt', { t: time.format(state.heldAt) })}
            </p>
          )}
          {!isPast && age.look !== 'stopped' && (
            <FloorNotes state={state} language={language} nameOf={nameOf} />
          )}
          {state.plan !== undefined && state.plan.zones.length === 0 && (
            <p class="floor-note">{say(language, 'noPlan')}</p>
          )}
        </div>
        <div class="under-floor">
          <fieldset class="layers">
            <legend class="unseen-by-eyes">{say(language, 'layers')}</legend>
            {(['names', 'labels', 'trails'] as const).map((layer) => (
              <label key={layer}>
                <input
                  type="checkbox"
                  checked={layers[layer]}
                  onChange={(event) => setLayers({ ...layers, [layer]: event.currentTarget.checked })}
                />
                {say(language, layer)}
              </label>
            ))}
          </fieldset>
          <p class="chosen" aria-live="off">
            {chosen !== undefined && (
              <>
                {sentenceOf(chosen, language, nameOf)}{' '}
                <StoryLink visit={chosen.visit} go={go}>
                  {say(language, 'openStory')}
                </StoryLink>
              </>
            )}
          </p>
          <LookBack state={state} language={language} tell={tell} />
          <button type="button" onClick={() => tell({ kind: isPast ? 'gone-live' : 'frozen' })}>
            {say(language, isPast ? 'goLive' : 'freeze')}
          </button>
        </div>
        <LastHour minutes={state.minutes?.minutes ?? []} language={language} />
        <Counts lobby={state.lobby} language={language} />
      </section>
      <aside class="said">
        <Now state={state} language={language} />
        <Lately state={state} language={language} nameOf={nameOf} time={time} go={go} />
      </aside>
    </div>
  );
}

function StoryLink(props: {
  readonly visit: string;
  readonly go: PageParts['go'];
  readonly children: ComponentChildren;
}) {
  const { visit, go, children } = props;
  return (
    <a
      href={`/journal/${visit}`}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go('journal', `/${visit}`);
      }}
    >
      {children}
    </a>
  );
}

/** Back through what this page has seen, up to an hour. */
function LookBack({ state, language, tell }: Omit<Parts, 'go'>) {
  const first = state.past[0];
  const newest = state.floor;
  if (first === undefined || newest === undefined) return null;
  const span = Math.round((Date.parse(newest.at) - Date.parse(first.at)) / 1000);
  const back = state.heldAt === undefined ? 0 : Math.round((Date.parse(newest.at) - state.heldAt) / 1000);
  return (
    <label class="look-back">
      {say(language, 'lookBack')}
      <input
        type="range"
        min={-span}
        max={0}
        value={-back}
        aria-valuetext={duration(back)}
        onInput={(event) => tell({ kind: 'looked-back', seconds: -Number(event.currentTarget.value) })}
      />
    </label>
  );
}

/** What the floor has to say about itself, when it is not plain to see. */
function FloorNotes({
  state,
  language,
  nameOf,
}: {
  state: LiveState;
  language: Language;
  nameOf: (id: string) => string;
}) {
  const { lobby, health, floor, plan } = state;
  if (lobby === undefined) return null;
  const now = boxNow(state);
  const blind = (health?.cameras ?? []).flatMap((camera) =>
    (camera.blind ?? []).map(({ place }) => ({ place, since: Date.parse(camera.since) })),
  );
  const notes = [
    ...blind.map(({ place, since }) =>
      say(language, 'unseenFor', { place: nameOf(place), t: duration((now - since) / 1000) }),
    ),
    ...(lobby.closed === true
      ? [
          lobby.opensAt === undefined
            ? say(language, 'closed')
            : say(language, 'closedUntil', { t: lobby.opensAt }),
        ]
      : []),
    ...(lobby.onDuty === 0 && lobby.closed !== true ? [say(language, 'nobodyOnDuty')] : []),
    ...(plan?.countsOnly === true
      ? [say(language, 'countsOnly')]
      : floor?.people.length === 0 && blind.length === 0 && lobby.closed !== true
        ? [say(language, 'emptyLobby')]
        : []),
  ];
  if (notes.length === 0) return null;
  return (
    <div class="floor-notes">
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}

/** Prompts that are open, each with where it is in its life. */
function Now({ state, language }: { state: LiveState; language: Language }) {
  const open = state.lobby?.open ?? [];
  return (
    <section aria-labelledby="now">
      <h2 id="now">
        {say(language, 'now')} <span class="figure">{open.length}</span>
      </h2>
      <ul class="cards">
        {open.map((held) => (
          <PromptCard key={held.prompt.id} held={held} state={state} language={language} />
        ))}
      </ul>
    </section>
  );
}

function PromptCard(props: {
  readonly held: LobbyPayload['open'][number];
  readonly state: LiveState;
  readonly language: Language;
}) {
  const { held, state, language } = props;
  const { prompt, phase, by } = held;
  const since = prompt.waitedSeconds + (boxNow(state) - Date.parse(prompt.raisedAt)) / 1000;
  const wrists = prompt.watches?.length;
  const life =
    phase === 'accepted' && by !== undefined
      ? say(language, 'going', { role: say(language, by) })
      : [
          phase === 'raised'
            ? say(language, 'noneYet')
            : wrists === undefined
              ? phaseWords[phase][language]
              : say(language, 'onWrists', { n: wrists }),
          phase === 'seen' ? say(language, 'seenBy') : say(language, 'notTaken'),
        ].join(' · ');
  const [place, ...what] = prompt.say[language].split(' · ');
  return (
    <li class={`card ${prompt.urgency}`}>
      <p class="card-head">
        <b>{place}</b> <span>{what.join(' · ')}</span>
        <span class="spring" />
        <span class="figure">{duration(since)}</span>
      </p>
      <p class="second">{life}</p>
    </li>
  );
}

/** The last ten minutes: what was said, with what became of it, and what was kept quiet, with its reason. */
function Lately(props: {
  readonly state: LiveState;
  readonly language: Language;
  readonly nameOf: (id: string) => string;
  readonly time: Intl.DateTimeFormat;
  readonly go: PageParts['go'];
}) {
  const { state, language, nameOf, time, go } = props;
  const [open, setOpen] = useState(false);
  const rows = rowsOf(state.lines);
  const said = rows.filter(({ line }) => line.decision === 'prompt');
  const silences = silencesOf(state.lines);
  const quiet = silences.reduce((sum, [, count]) => sum + count, 0);
  const listed = open ? rows : said;
  return (
    <section aria-labelledby="lately">
      <h2 id="lately">{say(language, 'lastTen')}</h2>
      {quiet > 0 && (
        <button type="button" class="quiet-line" aria-expanded={open} onClick={() => setOpen(!open)}>
          <b>
            {say(language, 'quietCount', { n: quiet })} {open ? '▾' : '▸'}
          </b>{' '}
          <span class="second">
            {silences
              .slice(0, 4)
              .map(
                ([reason, count]) => `${reasonWords[reason as keyof typeof reasonWords][language]} ${count}`,
              )
              .join(' · ')}
          </span>
        </button>
      )}
      {said.length === 0 && <p class="second">{say(language, 'nothingPrompted')}</p>}
      <ol class="rows">
        {listed.slice(0, 60).map((row) => (
          <LateRow key={row.key} row={row} language={language} nameOf={nameOf} time={time} go={go} />
        ))}
      </ol>
    </section>
  );
}

function LateRow(props: {
  readonly row: Row;
  readonly language: Language;
  readonly nameOf: (id: string) => string;
  readonly time: Intl.DateTimeFormat;
  readonly go: PageParts['go'];
}) {
  const { row, language, nameOf, time, go } = props;
  const { line, outcome } = row;
  const isQuiet = line.decision === 'silence';
  const { reason: code, metres, metresPerSecond } = line;
  const reason =
    code === undefined
      ? ''
      : reasonSentence(language, {
          code,
          ...(metres === undefined ? {} : { metres }),
          ...(metresPerSecond === undefined ? {} : { metresPerSecond }),
        });
  const became =
    outcome === undefined
      ? ''
      : outcome.phase === 'met'
        ? say(language, 'metAfter', { t: duration((Date.parse(outcome.at) - Date.parse(line.at)) / 1000) })
        : outcome.phase === 'accepted' && outcome.by !== undefined
          ? say(language, 'going', { role: say(language, outcome.by) })
          : phaseWords[outcome.phase][language];
  return (
    <li class={isQuiet ? 'row quiet' : 'row'}>
      <time>{time.format(Date.parse(row.at))}</time>
      <span>
        <b>{nameOf(row.place)}</b>{' '}
        {line.visit === undefined ? (
          happeningWords[line.happening][language]
        ) : (
          <StoryLink visit={line.visit} go={go}>
            {happeningWords[line.happening][language]}
          </StoryLink>
        )}
      </span>
      <span class="second">{isQuiet ? `${say(language, 'quiet')} · ${reason}` : became}</span>
    </li>
  );
}

function Counts({ lobby, language }: { lobby: LobbyPayload | undefined; language: Language }) {
  const figures = [
    ['inLobby', lobby?.inLobby],
    ['toGreet', lobby?.toGreet],
    ['inQueue', lobby?.inQueue],
    ['staffSeen', lobby?.staffSeen],
    ...(lobby?.onDuty === undefined ? [] : [['onDuty', lobby.onDuty] as const]),
  ] as const;
  return (
    <dl class="counts">
      {figures.map(([word, value]) => (
        <div key={word}>
          <dt>{say(language, word)}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

const lastHourLanes = ['arrived', 'prompts', 'met'] as const;

/** Sixty minutes in three lanes. */
function LastHour(props: { readonly minutes: readonly MinutePayload[]; readonly language: Language }) {
  const { minutes, language } = props;
  const last = minutes.slice(-60);
  const high = 22;
  return (
    <section class="last-hour" aria-label={say(language, 'lastHour')}>
      <h2>{say(language, 'lastHour')}</h2>
      <div class="lanes">
        {lastHourLanes.map((lane) => {
          const most = Math.max(4, ...last.map((one) => one[lane]));
          const sum = last.reduce((all, one) => all + one[lane], 0);
          return (
            <div key={lane} class={`lane ${lane}`}>
              <span class="lane-name">
                {say(language, lane)} <b>{sum}</b>
              </span>
              <svg
                viewBox={`0 0 240 ${high}`}
                preserveAspectRatio="none"
                role="img"
                aria-label={`${say(language, lane)} ${sum}`}
              >
                {last.map((one, index) => {
                  const x = (index + 60 - last.length) * 4;
                  const height = (high * one[lane]) / most;
                  return (
                    <g key={one.at}>
                      {one.blind.length > 0 && (
                        <rect x={x} width={4} y={0} height={high} fill="url(#hatch)" />
                      )}
                      <rect class="bar" x={x} width={3} y={high - height} height={height} />
                    </g>
                  );
                })}
                <path class="bars-base" d={`M 0 ${high} H 240`} />
              </svg>
            </div>
          );
        })}
      </div>
    </section>
  );
}
