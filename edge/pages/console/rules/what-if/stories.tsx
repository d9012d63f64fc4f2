import { useEffect, useRef, useState } from 'preact/hooks';
import type { PlanPayload } from '../../../../../src/contract/live.ts';
import type { Difference, WhatIf } from '../../../../../src/contract/what-if.ts';
import type { Language } from '../../words.ts';
import { Opened } from './difference.tsx';
import { Lanes } from './lanes.tsx';
import { Filters, List } from './lists.tsx';
import type { Moments } from './moments.ts';
import { Basis, Figures, Sentence, Sources } from './results.tsx';
import { type Filter, filtered } from './state.ts';
import { say } from './words.ts';

interface Parts {
  readonly result: WhatIf;
  readonly version: number;
  /** `20 s`: what the draft changes to. */
  readonly values: string;
  readonly plan: PlanPayload | undefined;
  readonly moments: Moments;
  readonly language: Language;
  /** Single keys act. */
  readonly keys: boolean;
  readonly placeName: (place: string) => string;
}

const keyOf = ({ how, at, kind, place }: Difference) => `${how} ${at} ${kind} ${place}`;

/** Both stories: the sentence, the figures, the very prompts that differ, and where they come from. */
export function Results({ result, version, values, plan, moments, language, keys, placeName }: Parts) {
  const [filter, setFilter] = useState<Filter>({});
  const [openedKey, setOpened] = useState<string>();
  const [dayChosen, setDay] = useState<string>();
  const { targetSeconds } = result.met;
  const differences = filtered(result.differences, filter, moments.hour, targetSeconds);
  const index = differences.findIndex((one) => keyOf(one) === openedKey);
  const opened = differences[index];
  const days = result.days.map(({ day }) => day);
  const firstDay = differences[0] === undefined ? days[0] : moments.day(differences[0].at);
  const day = dayChosen !== undefined && days.includes(dayChosen) ? dayChosen : firstDay;
  const open = (one: Difference | undefined) => {
    if (one === undefined) return;
    setOpened(keyOf(one));
    setDay(moments.day(one.at));
  };
  const step = (by: number) => {
    if (differences.length === 0) return;
    open(
      differences[
        index < 0
          ? by > 0
            ? 0
            : differences.length - 1
          : Math.min(differences.length - 1, Math.max(0, index + by))
      ],
    );
  };
  const act = useRef<(event: KeyboardEvent) => void>(() => undefined);
  act.current = (event) => {
    const isTyped = /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName);
    if (!keys || isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j' || event.key === 'J') step(1);
    if (event.key === 'k' || event.key === 'K') step(-1);
  };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => act.current(event);
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  const lists = [
    ['gone', 'vanishing'],
    ['new', 'appearing'],
    ['moved', 'movedList'],
  ] as const;
  const { gone, new: added, moved } = result.differing;
  const all = gone + added + moved;
  const dayIndex = day === undefined ? -1 : days.indexOf(day);
  return (
    <>
      <Basis {...{ result, language, placeName, version }} />
      <Sentence {...{ result, language, placeName, values }} />
      <div class="figures-and-sources">
        <Figures {...{ result, language, placeName }} />
        <Sources {...{ result, language, placeName }} />
      </div>
      <p class="cannot-know">⚠ {say(language, 'cannotKnow')}</p>
      {all > 0 && <Filters {...{ result, filter, moments, language, placeName }} onFilter={setFilter} />}
      {day !== undefined && (
        <section class="stories" aria-label={say(language, 'lanes')}>
          <div class="stories-head">
            <button
              type="button"
              class="tool"
              aria-label={say(language, 'dayBack')}
              disabled={dayIndex <= 0}
              onClick={() => setDay(days[dayIndex - 1])}
            >
              ◂
            </button>
            <b>{moments.dayName(day)}</b>
            <button
              type="button"
              class="tool"
              aria-label={say(language, 'dayOn')}
              disabled={dayIndex < 0 || dayIndex >= days.length - 1}
              onClick={() => setDay(days[dayIndex + 1])}
            >
              ▸
            </button>
            <span class="spring" />
            {differences.length > 0 && (
              <>
                <span aria-live="polite">
                  {say(language, 'step', { at: index < 0 ? '–' : index + 1, n: differences.length })}
                </span>
                <button
                  type="button"
                  class="tool"
                  aria-keyshortcuts="K"
                  disabled={index === 0}
                  onClick={() => step(-1)}
                >
                  <span aria-hidden="true">◂</span>{' '}
                  <span class="unseen-by-eyes">{say(language, 'previous')}</span> K
                </button>
                <button
                  type="button"
                  class="tool"
                  aria-keyshortcuts="J"
                  disabled={index === differences.length - 1}
                  onClick={() => step(1)}
                >
                  <span class="unseen-by-eyes">{say(language, 'next')}</span> J{' '}
                  <span aria-hidden="true">▸</span>
                </button>
              </>
            )}
          </div>
          <Lanes {...{ result, day, differences, opened, moments, language }} onOpen={open} />
          {result.differences.length < all && (
            <p class="second">{say(language, 'cutDifferences', { n: result.differences.length, all })}</p>
          )}
          {opened !== undefined && <Opened difference={opened} {...{ plan, moments, language, placeName }} />}
        </section>
      )}
      {all > 0 && (
        <div class="lists">
          {lists.map(([how, title]) => (
            <List
              key={how}
              title={title}
              differences={differences.filter((one) => one.how === how)}
              {...{ opened, moments, language, placeName }}
              onOpen={open}
            />
          ))}
        </div>
      )}
    </>
  );
}
