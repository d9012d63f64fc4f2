import { useEffect, useState } from 'preact/hooks';
import type { PlanPayload } from '../../../../../src/contract/live.ts';
import type { Difference, Said, WhatIfScenes } from '../../../../../src/contract/what-if.ts';
import { ask } from '../../api.ts';
import { extentOf, viewOf } from '../../live/plan.ts';
import { duration, type Language, phaseWords, promptWords, reasonWords } from '../../words.ts';
import type { Moments } from './moments.ts';
import { figureNames, say } from './words.ts';

interface Parts {
  readonly difference: Difference;
  readonly plan: PlanPayload | undefined;
  readonly moments: Moments;
  readonly language: Language;
  readonly placeName: (place: string) => string;
}

/** One difference: both verdicts with their reasons, what was known then, and the floor around it. */
export function Opened({ difference, plan, moments, language, placeName }: Parts) {
  const { at, how, kind, place, now, draft, customer, laterSeconds = 0 } = difference;
  const told = (said: Said): string => {
    if (said.what === 'prompt') {
      return [
        say(language, 'saidPrompt', { t: moments.time(said.at) }),
        said.waitedSeconds >= 1 ? say(language, 'afterWait', { t: duration(said.waitedSeconds) }) : '',
        said.ended === undefined
          ? ''
          : say(language, 'endedAs', {
              phase: phaseWords[said.ended.phase][language],
              t: moments.time(said.ended.at),
            }),
      ].join('');
    }
    if (said.what === 'silence') {
      return [
        say(language, 'saidSilence', {
          t: moments.time(said.at),
          reason: reasonWords[said.reason][language],
        }),
        said.metres === undefined ? '' : say(language, 'metresAway', { n: said.metres }),
      ].join('');
    }
    const until =
      customer?.metAt !== undefined && customer.metAt > at
        ? say(language, 'untilMet', { t: moments.time(customer.metAt) })
        : customer?.endedAt !== undefined && customer.metAt === undefined
          ? say(language, 'untilLeft', { t: moments.time(customer.endedAt) })
          : '';
    return say(language, 'saidNothing') + until;
  };
  const figures =
    now.what === 'nothing' ? (draft.what === 'nothing' ? undefined : draft.figures) : now.figures;
  const known = figureNames.filter((name) => figures?.[name] !== undefined);
  const became =
    customer === undefined
      ? say(language, 'customerNone')
      : customer.metAfterSeconds === 'never'
        ? say(language, 'customerNever', { at: moments.time(customer.arrivedAt) })
        : say(language, 'customerMet', {
            at: moments.time(customer.arrivedAt),
            t: duration(customer.metAfterSeconds),
          });
  return (
    <section class="opened" aria-live="polite">
      <div class="opened-words">
        <h2>
          <time>{moments.time(at)}</time> {placeName(place)} · {promptWords[kind][language]} ·{' '}
          {how === 'moved'
            ? say(language, laterSeconds > 0 ? 'movedLater' : 'movedEarlier', { n: Math.abs(laterSeconds) })
            : say(language, how)}
        </h2>
        <dl class="verdicts">
          <dt>{say(language, 'now')}</dt>
          <dd>{told(now)}</dd>
          <dt>{say(language, 'draft')}</dt>
          <dd>{told(draft)}</dd>
        </dl>
        <p>{became}</p>
        {known.length > 0 && (
          <>
            <h3>{say(language, 'knownThen')}</h3>
            <dl class="known">
              {known.map((name) => (
                <div key={name}>
                  <dt>{say(language, name)}</dt>
                  <dd>{figures![name]}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
      <MiniFloor
        key={at}
        at={now.what === 'prompt' ? now.at : at}
        plan={plan}
        moments={moments}
        language={language}
      />
    </section>
  );
}

const floorWide = 320;
const floorHigh = 220;
const beforeMs = 7_000;
const afterMs = 3_000;

interface FloorParts {
  readonly at: string;
  readonly plan: PlanPayload | undefined;
  readonly moments: Moments;
  readonly language: Language;
}

/** The floor in the ten seconds around a moment, from the journal's scenes. */
function MiniFloor({ at, plan, moments, language }: FloorParts) {
  const [scenes, setScenes] = useState<WhatIfScenes['scenes']>();
  const [index, setIndex] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const middle = Date.parse(at);
  useEffect(() => {
    let isOver = false;
    void ask<WhatIfScenes>(`/api/v1/what-if/scenes?at=${encodeURIComponent(at)}`).then((reply) => {
      if (isOver) return;
      const around = (reply.ok ? reply.value.scenes : []).filter((scene) => {
        const apart = Date.parse(scene.at) - middle;
        return apart >= -beforeMs && apart <= afterMs;
      });
      setScenes(around);
      const then = around.findLastIndex((scene) => Date.parse(scene.at) <= middle);
      setIndex(Math.max(0, then));
    });
    return () => {
      isOver = true;
    };
  }, [at]);
  useEffect(() => {
    if (!isPlaying || scenes === undefined) return;
    const timer = setInterval(
      () =>
        setIndex((before) => {
          if (before + 1 < scenes.length) return before + 1;
          setPlaying(false);
          return before;
        }),
      1_000,
    );
    return () => clearInterval(timer);
  }, [isPlaying, scenes]);
  if (scenes === undefined) return <div class="mini-floor" aria-busy="true" />;
  const scene = scenes[index];
  if (scene === undefined) return <p class="mini-floor second">{say(language, 'noScenes')}</p>;
  const view = viewOf(
    extentOf(
      plan,
      scenes.flatMap(({ people }) => people.map((one) => ({ ...one, standing: 'met' as const }))),
    ),
    floorWide,
    floorHigh,
  );
  const points = (all: readonly (readonly [number, number])[]) =>
    all.map(([x, y]) => `${view.x(x).toFixed(1)},${view.y(y).toFixed(1)}`).join(' ');
  return (
    <div class="mini-floor">
      <svg
        width={floorWide}
        height={floorHigh}
        viewBox={`0 0 ${floorWide} ${floorHigh}`}
        role="img"
        aria-label={say(language, 'floor', { t: moments.time(scene.at) })}
      >
        {plan?.zones.map(({ id, polygon, line, name }) => (
          <g key={id}>
            {polygon !== undefined && <polygon class="mini-zone" points={points(polygon)} />}
            {line !== undefined && <polyline class="mini-door" points={points(line)} />}
            {polygon !== undefined && (
              <text class="mini-name" x={view.x(polygon[0]![0]) + 4} y={view.y(polygon[0]![1]) + 14}>
                {name[language]}
              </text>
            )}
          </g>
        ))}
        {scene.people.map(({ visit, role, x, y }) =>
          role === 'staff' ? (
            <rect key={visit} class="mini-staff" x={view.x(x) - 5} y={view.y(y) - 5} width={10} height={10} />
          ) : (
            <circle key={visit} class={`mini-${role}`} cx={view.x(x)} cy={view.y(y)} r={5} />
          ),
        )}
      </svg>
      <div class="mini-line">
        <button
          type="button"
          onClick={() => {
            if (!isPlaying && index + 1 >= scenes.length) setIndex(0);
            setPlaying(!isPlaying);
          }}
        >
          {say(language, isPlaying ? 'pause' : 'play')}
        </button>
        <input
          type="range"
          min={0}
          max={scenes.length - 1}
          value={index}
          aria-label={say(language, 'moment')}
          aria-valuetext={moments.time(scene.at)}
          onInput={({ currentTarget }) => {
            setPlaying(false);
            setIndex(Number(currentTarget.value));
          }}
        />
        <time>{moments.time(scene.at)}</time>
      </div>
    </div>
  );
}
