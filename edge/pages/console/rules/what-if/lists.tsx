import { useState } from 'preact/hooks';
import type { Difference, WhatIf } from '../../../../../src/contract/what-if.ts';
import { duration, type Language, promptWords } from '../../words.ts';
import type { Moments } from './moments.ts';
import { byOutcome, type Filter, outcomeOf } from './state.ts';
import { say, type Word } from './words.ts';

interface ListParts {
  readonly title: Word;
  readonly differences: readonly Difference[];
  readonly opened: Difference | undefined;
  readonly moments: Moments;
  readonly language: Language;
  readonly placeName: (place: string) => string;
  readonly onOpen: (difference: Difference) => void;
}

const pageOf = 12;

/** Differences of one sort, by what became of the customer: never met first. */
export function List({ title, differences, opened, moments, language, placeName, onOpen }: ListParts) {
  const [most, setMost] = useState(pageOf);
  const sorted = byOutcome(differences);
  const shown = sorted.slice(0, most);
  return (
    <section class="difference-list" aria-labelledby={title}>
      <h2 id={title}>
        {say(language, title)} {differences.length}
      </h2>
      {differences.length === 0 ? (
        <p class="second">{say(language, 'none')}</p>
      ) : (
        <ul>
          {shown.map((one) => (
            <li key={`${one.at} ${one.kind} ${one.place}`}>
              <button
                type="button"
                class="difference"
                aria-current={one === opened ? 'true' : undefined}
                onClick={() => onOpen(one)}
              >
                <time>
                  {moments.dayName(moments.day(one.at))} {moments.time(one.at)}
                </time>
                <span>
                  {placeName(one.place)} · {promptWords[one.kind][language]}
                </span>
                <span class="became">{becameOf(one, language)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {sorted.length > most && (
        <button type="button" onClick={() => setMost(most + 5 * pageOf)}>
          {say(language, 'showMore', { n: Math.min(5 * pageOf, sorted.length - most) })}
        </button>
      )}
    </section>
  );
}

function becameOf({ customer }: Difference, language: Language): string {
  if (customer === undefined) return say(language, 'notOne');
  return customer.metAfterSeconds === 'never'
    ? say(language, 'never')
    : say(language, 'metAfter', { t: duration(customer.metAfterSeconds) });
}

interface FilterParts {
  readonly result: WhatIf;
  readonly filter: Filter;
  readonly moments: Moments;
  readonly language: Language;
  readonly placeName: (place: string) => string;
  readonly onFilter: (filter: Filter) => void;
}

const outcomes = [
  ['never', 'outcomeNever'],
  ['late', 'outcomeLate'],
  ['in-time', 'outcomeInTime'],
  ['nobody', 'outcomeNobody'],
] as const;

/** By kind, place, hour, and what became of the customer; only what there is can be chosen. */
export function Filters({ result, filter, moments, language, placeName, onFilter }: FilterParts) {
  const { differences, met } = result;
  const choices = (of: (one: Difference) => string) => [...new Set(differences.map(of))].sort();
  const all: readonly (readonly [keyof Filter, Word, readonly (readonly [string, string])[]])[] = [
    [
      'kind',
      'kind',
      choices(({ kind }) => kind).map((one) => [one, promptWords[one as Difference['kind']][language]]),
    ],
    ['place', 'place', choices(({ place }) => place).map((one) => [one, placeName(one)])],
    ['hour', 'hour', choices(({ at }) => moments.hour(at)).map((one) => [one, `${one}:00`])],
    [
      'outcome',
      'outcome',
      outcomes
        .filter(([one]) => differences.some((difference) => outcomeOf(difference, met.targetSeconds) === one))
        .map(([one, word]) => [one, say(language, word)]),
    ],
  ];
  const isOn = Object.values(filter).some((one) => one !== undefined);
  return (
    <fieldset class="filters">
      <legend>{say(language, 'filters')}</legend>
      {all.map(([name, word, options]) => (
        <label key={name}>
          {say(language, word)}{' '}
          <select
            value={filter[name] ?? ''}
            onChange={({ currentTarget: { value } }) =>
              onFilter({ ...filter, [name]: value === '' ? undefined : value })
            }
          >
            <option value="">{say(language, 'all')}</option>
            {options.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      ))}
      {isOn && (
        <button type="button" onClick={() => onFilter({})}>
          {say(language, 'clear')}
        </button>
      )}
    </fieldset>
  );
}
