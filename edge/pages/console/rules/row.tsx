import type { ComponentChildren } from 'preact';
import { type Language, say } from '../words.ts';
import {
  fromSlider,
  type Problem,
  type SettingRow,
  sliderSteps,
  toNumber,
  toSlider,
  toStep,
} from './state.ts';

/** `180 s`, `33%`, `5`: a count has no unit in English, where it would take a plural. */
export function withUnit(value: number | string, { unit }: SettingRow, language: Language): string {
  const mark = unit.mark[language];
  return mark === '' ? String(value) : mark === '%' ? `${value}%` : `${value} ${mark}`;
}

/** `10–3600 s`, `1–100 people`. */
export const rangeOf = (row: SettingRow, language: Language): string =>
  row.unit.mark[language] === ''
    ? `${row.least}–${row.most} ${row.unit[language]}`
    : withUnit(`${row.least}–${row.most}`, row, language);

interface Parts {
  readonly row: SettingRow;
  readonly text: string;
  readonly problem: Problem | undefined;
  readonly isChanged: boolean;
  readonly language: Language;
  readonly onType: (text: string) => void;
  readonly onLeave: () => void;
  readonly onReset: () => void;
  /** Stands in the names of its parts where the same setting is on the page twice. */
  readonly within?: string;
  /** What it is when nothing is set here, in words; absent: its default. */
  readonly otherwise?: string;
  /** What else there is to say or do of it. */
  readonly children?: ComponentChildren;
}

const keySteps: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};

/** One setting: what it is, its value as a number and on a slider, and what happens when it goes each way. */
export function Row(parts: Parts) {
  const { row, text, problem, isChanged, language, onType, onLeave, onReset, within, otherwise } = parts;
  const path = within === undefined ? row.path : `${within}/${row.path}`;
  const value = toNumber(text) ?? row.value;
  const unit = row.unit.mark[language] || row.unit[language];
  const move = (event: KeyboardEvent, keys: readonly string[]) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys.includes(event.key)) return;
    event.preventDefault();
    onType(String(toStep(value + keySteps[event.key]! * row.step, row)));
  };
  return (
    <div class={`setting ${isChanged ? 'changed' : ''}`}>
      <div class="setting-head">
        <label for={`value-${path}`}>{row.title[language]}</label>
        {isChanged && (
          <span class="change-mark">
            <span aria-hidden="true">●</span> {withUnit(row.value, row, language)} →{' '}
            {problem === undefined ? withUnit(text.trim(), row, language) : '?'}
            <button
              type="button"
              class="tool"
              aria-label={`${say(language, 'reset')}: ${row.title[language]}`}
              onClick={onReset}
            >
              {say(language, 'reset')}
            </button>
          </span>
        )}
      </div>
      <div class="setting-value">
        <input
          id={`value-${path}`}
          class="number"
          inputMode="decimal"
          autocomplete="off"
          value={text}
          aria-invalid={problem !== undefined}
          aria-describedby={`facts-${path} ways-${path}`}
          onInput={({ currentTarget }) => onType(currentTarget.value)}
          onBlur={onLeave}
          onKeyDown={(event) => move(event, ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'])}
        />
        <span class="unit">{unit}</span>
        <input
          type="range"
          min={0}
          max={sliderSteps}
          step={1}
          value={toSlider(value, row)}
          aria-label={row.title[language]}
          aria-valuetext={withUnit(value, row, language)}
          onInput={({ currentTarget }) => onType(String(fromSlider(Number(currentTarget.value), row)))}
          onChange={onLeave}
          onBlur={onLeave}
          onKeyDown={(event) => move(event, Object.keys(keySteps))}
        />
      </div>
      {problem !== undefined && (
        <p class="refused" role="alert">
          {say(language, problem === 'whole' ? 'mustBeWhole' : 'mustBe', {
            range: rangeOf(row, language),
            value: text.trim() === '' ? '–' : text.trim(),
          })}
        </p>
      )}
      <p id={`facts-${path}`} class="facts">
        {rangeOf(row, language)} ·{' '}
        {otherwise ?? say(language, 'defaultIs', { n: withUnit(row.default, row, language) })} ·{' '}
        {say(language, row.takesEffect === 'at once' ? 'atOnce' : 'afterRestart')}
      </p>
      <p id={`ways-${path}`} class="ways">
        <span>{row.less[language]}</span> <span>{row.more[language]}</span>
      </p>
      {parts.children}
    </div>
  );
}
