import { useState } from 'preact/hooks';
import type { SettingsPayload } from '../../../../../src/contract/settings.ts';
import type { Quantities, Suggestion } from '../../../../../src/contract/what-if.ts';
import type { Language } from '../../words.ts';
import { withUnit } from '../row.tsx';
import type { Moments } from './moments.ts';
import { troubleInWords } from './trouble.ts';
import { useWhatIf } from './use-what-if.ts';
import { say } from './words.ts';

interface Parts {
  readonly settings: SettingsPayload;
  readonly from: string;
  readonly to: string;
  readonly moments: Moments;
  readonly language: Language;
  readonly onUse: (path: string, value: number) => void;
}

/** A sentence with blanks: which value of a threshold satisfies it? */
export function Suggest({ settings, from, to, moments, language, onUse }: Parts) {
  const [path, setPath] = useState('prompts.mostInTenMinutes');
  const [aim, setAim] = useState({ buzzes: 6, percent: 95, seconds: 5 });
  const [question, setQuestion] = useState<object>();
  const [{ payload, trouble, isOpen }, cancel, again] = useWhatIf('/api/v1/what-if/suggest', question, 0);
  const row = settings.settings.find((one) => one.path === path) ?? settings.settings[0]!;
  const suggestion = isOpen ? undefined : payload?.suggestion;
  const blank = (name: keyof typeof aim, least: number, most: number) => (
    <input
      id={`aim-${name}`}
      class="number"
      type="number"
      min={least}
      max={most}
      required
      value={aim[name]}
      onInput={({ currentTarget: { valueAsNumber } }) => setAim({ ...aim, [name]: valueAsNumber })}
    />
  );
  return (
    <section class="suggest" aria-labelledby="suggest">
      <h2 id="suggest">{say(language, 'suggest')}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const next = { version: settings.version, from, to, path, aim };
          if (JSON.stringify(next) === JSON.stringify(question)) again();
          else setQuestion(next);
        }}
      >
        <p>
          <select
            aria-label={say(language, 'choose')}
            value={path}
            onChange={({ currentTarget: { value } }) => setPath(value)}
          >
            {settings.settings.map((one) => (
              <option key={one.path} value={one.path}>
                {one.group[language]} · {one.title[language]}
              </option>
            ))}
          </select>
        </p>
        <p class="blank">
          <label for="aim-buzzes">{say(language, 'aimBuzzes')}</label> {blank('buzzes', 1, 120)}
        </p>
        <p class="blank">
          <label for="aim-percent">{say(language, 'aimPercent')}</label>
          <span>{blank('percent', 1, 100)} %</span>
        </p>
        <p class="blank">
          <label for="aim-seconds">{say(language, 'aimSeconds')}</label>
          <span>
            {blank('seconds', 1, 600)} {language === 'zh' ? '秒' : 's'}
          </span>
        </p>
        <p class="choices">
          <button type="submit">{say(language, 'suggestAsk')}</button>
          {isOpen && (
            <button type="button" onClick={cancel}>
              {say(language, 'cancel')}
            </button>
          )}
        </p>
      </form>
      <div role="status">
        {isOpen && (
          <p class="second">
            {payload === undefined || payload.progress.daysLeft === 0
              ? say(language, 'starting')
              : say(language, 'suggesting', { n: payload.progress.daysLeft })}
          </p>
        )}
        {trouble !== undefined && (
          <p class="refused">
            {troubleInWords(trouble, settings, language)} <span class="code">{trouble.code}</span>
          </p>
        )}
        {suggestion !== undefined && (
          <Answer
            suggestion={suggestion}
            row={settings.settings.find((one) => one.path === suggestion.path) ?? row}
            {...{ moments, language, onUse }}
          />
        )}
      </div>
    </section>
  );
}

const percentOf = ({ arrivals, inTime }: Quantities) => (arrivals === 0 ? 100 : (inTime / arrivals) * 100);

interface AnswerParts {
  readonly suggestion: Suggestion;
  readonly row: SettingsPayload['settings'][number];
  readonly moments: Moments;
  readonly language: Language;
  readonly onUse: (path: string, value: number) => void;
}

function Answer({ suggestion, row, moments, language, onUse }: AnswerParts) {
  const { answer, tried, today, path, chosenOn, checkedOn } = suggestion;
  const value = withUnit(answer.value, row, language);
  const check = tried.find((one) => one.value === answer.value)!.checkedOn;
  const moment = (at: string) => `${moments.dayName(moments.day(at))} ${moments.time(at).slice(0, 5)}`;
  return (
    <>
      <p class="answer">
        {answer.found ? (
          <>
            <b>{say(language, answer.value === today ? 'answerToday' : 'answerIs', { value })}</b>{' '}
            {answer.holds
              ? say(language, 'answerHolds')
              : say(language, 'answerFails', { buzzes: check.buzzes, percent: Math.round(percentOf(check)) })}
          </>
        ) : (
          <>
            <b>{say(language, 'answerNone', { value })}</b>{' '}
            {[
              answer.buzzesOver > 0 && say(language, 'missBuzzes', { n: answer.buzzesOver }),
              answer.percentShort > 0 && say(language, 'missPercent', { n: answer.percentShort.toFixed(1) }),
            ]
              .filter((one) => one !== false)
              .join(say(language, 'sep'))}
            {say(language, 'stop')}
          </>
        )}
      </p>
      <p class="second">
        {say(language, 'chosenOn', { from: moment(chosenOn.from), to: moment(chosenOn.to) })}
        <br />
        {say(language, 'checkedOn', { from: moment(checkedOn.from), to: moment(checkedOn.to) })}
      </p>
      <Curve {...{ suggestion, row, language }} />
      {answer.value !== today && (
        <button type="button" onClick={() => onUse(path, answer.value)}>
          {say(language, 'use', { value })}
        </button>
      )}
    </>
  );
}

const wide = 340;
const left = 34;
const right = 10;
const high = 84;

/** Both quantities against the value, one above the other, with the feasible stretch shaded; the check is dashed. */
function Curve({ suggestion, row, language }: Pick<AnswerParts, 'suggestion' | 'row' | 'language'>) {
  const { tried, aim, answer } = suggestion;
  const x = (index: number) => left + ((index + 0.5) / tried.length) * (wide - left - right);
  const half = (wide - left - right) / tried.length / 2;
  const most = Math.max(
    aim.buzzes,
    ...tried.flatMap(({ chosenOn, checkedOn }) => [chosenOn.buzzes, checkedOn.buzzes]),
  );
  const panels = [
    {
      title: say(language, 'curveBuzzes'),
      top: 18,
      limit: aim.buzzes,
      mark: String(aim.buzzes),
      of: ({ buzzes }: Quantities) => buzzes,
      most: most * 1.1,
    },
    {
      title: `${say(language, 'curvePercent')} ${language === 'zh' ? '' : 'within '}${aim.seconds} ${language === 'zh' ? '秒' : 's'}, %`,
      top: 132,
      limit: aim.percent,
      mark: String(aim.percent),
      of: percentOf,
      most: 105,
    },
  ];
  return (
    <>
      <svg class="curve" viewBox={`0 0 ${wide} 250`} role="img" aria-label={say(language, 'suggest')}>
        {tried.map(
          ({ value, isFeasible }, index) =>
            isFeasible && (
              <rect
                key={value}
                class="feasible"
                x={x(index) - half}
                y={18}
                width={2 * half}
                height={114 + high}
              />
            ),
        )}
        {panels.map(({ title, top, limit, mark, of, most: largest }) => {
          const y = (value: number) => top + high - (value / largest) * (high - 4);
          const path = (which: 'chosenOn' | 'checkedOn') =>
            tried
              .map((one, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(of(one[which])).toFixed(1)}`)
              .join('');
          return (
            <g key={title}>
              <text class="hour start" x={left} y={top - 5}>
                {title}
              </text>
              <path class="lane" d={`M${left} ${top + high}H${wide - right}M${left} ${top}V${top + high}`} />
              <path class="limit" d={`M${left} ${y(limit)}H${wide - right}`} />
              <text class="hour end" x={left - 4} y={y(limit) + 4}>
                {mark}
              </text>
              <path class="chosen" d={path('chosenOn')} />
              <path class="checked" d={path('checkedOn')} />
              {tried.map((one, index) => (
                <circle
                  key={one.value}
                  class={one.value === answer.value ? 'answer-dot' : 'dot'}
                  cx={x(index)}
                  cy={y(of(one.chosenOn))}
                  r={one.value === answer.value ? 5 : 2.5}
                />
              ))}
            </g>
          );
        })}
        {tried.map(
          ({ value }, index) =>
            (tried.length <= 7 || index % 2 === 0 || value === answer.value) && (
              <text key={value} class={value === answer.value ? 'hour strong' : 'hour'} x={x(index)} y={232}>
                {value}
              </text>
            ),
        )}
        <text class="hour" x={(left + wide - right) / 2} y={247}>
          {row.unit[language]}
        </text>
      </svg>
      <table class="unseen-by-eyes">
        <thead>
          <tr>
            <th scope="col">{say(language, 'value')}</th>
            <th scope="col">{say(language, 'curveBuzzes')}</th>
            <th scope="col">{say(language, 'curvePercent')}</th>
            <th scope="col">{say(language, 'feasible')}</th>
          </tr>
        </thead>
        <tbody>
          {tried.map(({ value, chosenOn, checkedOn, isFeasible }) => (
            <tr key={value}>
              <th scope="row">{withUnit(value, row, language)}</th>
              <td>
                {chosenOn.buzzes} / {checkedOn.buzzes}
              </td>
              <td>
                {Math.round(percentOf(chosenOn))}% / {Math.round(percentOf(checkedOn))}%
              </td>
              <td>{isFeasible ? '✓' : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="legend">
        <span>
          <svg width="22" height="10" aria-hidden="true">
            <path class="chosen" d="M0 5H22" />
          </svg>{' '}
          {say(language, 'onChosen')}
        </span>
        <span>
          <svg width="22" height="10" aria-hidden="true">
            <path class="checked" d="M0 5H22" />
          </svg>{' '}
          {say(language, 'onChecked')}
        </span>
        <span>
          <svg width="14" height="12" aria-hidden="true" class="curve-key">
            <rect class="feasible" width={14} height={12} />
          </svg>{' '}
          {say(language, 'feasible')}
        </span>
      </p>
    </>
  );
}
