import type { Difference, WhatIf } from '../../../../../src/contract/what-if.ts';
import type { Language } from '../../words.ts';
import type { Moments } from './moments.ts';
import { say } from './words.ts';

interface Parts {
  readonly result: WhatIf;
  readonly day: string;
  readonly differences: readonly Difference[];
  readonly opened: Difference | undefined;
  readonly moments: Moments;
  readonly language: Language;
  readonly onOpen: (difference: Difference) => void;
}

const wide = 1000;
const left = 56;
const right = 16;
const above = 26;
const below = 66;

const down = (x: number, y: number, size: number) => `M${x - size} ${y - size}H${x + size}L${x} ${y + size}Z`;
const up = (x: number, y: number, size: number) => `M${x - size} ${y + size}H${x + size}L${x} ${y - size}Z`;

/**
 * One day on one time axis: above what is said by today's values, below what the draft says.
 *
 *     now    ▾   ▾      ▾
 *            │    ╲     ┊
 *     draft  ▴     ▴    △    ▲
 *          same  later gone  new
 */
export function Lanes({ result, day, differences, opened, moments, language, onOpen }: Parts) {
  const same = result.same.filter(({ at }) => moments.day(at) === day);
  const here = differences.filter(({ at }) => moments.day(at) === day);
  const hours = [...same, ...here].map(({ at }) => moments.hours(at));
  const from = Math.max(0, Math.floor(Math.min(...hours, 23)));
  const to = Math.min(24, Math.max(from + 1, Math.ceil(Math.max(...hours, 0) + 0.01)));
  const x = (at: string) => left + ((moments.hours(at) - from) / (to - from)) * (wide - left - right);
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const later = ({ now, draft }: Difference) =>
    now.what === 'prompt' && draft.what === 'prompt' ? ([x(now.at), x(draft.at)] as const) : undefined;
  return (
    <div class="two-lanes">
      <svg
        viewBox={`0 0 ${wide} 96`}
        role="img"
        aria-label={`${say(language, 'lanes')}, ${moments.dayName(day)}`}
        onPointerUp={({ currentTarget, clientX }) => {
          const { left: edge, width } = currentTarget.getBoundingClientRect();
          const pressed = nearest(here, x, ((clientX - edge) / width) * wide);
          if (pressed !== undefined) onOpen(pressed);
        }}
      >
        <text class="lane-name" x={0} y={above + 5}>
          {say(language, 'now')}
        </text>
        <text class="lane-name" x={0} y={below + 5}>
          {say(language, 'draft')}
        </text>
        <path class="lane" d={`M${left} ${above + 9}H${wide - right}M${left} ${below - 9}H${wide - right}`} />
        {ticks.map((hour) => {
          const at = left + ((hour - from) / (to - from)) * (wide - left - right);
          return (
            <g key={hour}>
              <path class="tick" d={`M${at} ${below + 12}v5`} />
              <text class="hour" x={at} y={94}>
                {String(hour).padStart(2, '0')}
              </text>
            </g>
          );
        })}
        {same.map(({ at, kind, place }) => (
          <path
            key={`${at} ${kind} ${place}`}
            class="same"
            d={`${down(x(at), above, 4)}${up(x(at), below, 4)}M${x(at)} ${above + 9}V${below - 9}`}
          />
        ))}
        {here.map((one) => {
          const isOpened = one === opened;
          const apart = one.how === 'moved' ? later(one) : undefined;
          const at = x(one.at);
          return (
            <g
              key={`${one.how} ${one.at} ${one.kind} ${one.place}`}
              class={`differs ${one.how} ${isOpened ? 'opened' : ''}`}
            >
              {one.how === 'gone' && (
                <>
                  <path class="was" d={down(at, above, 6)} />
                  <path class="hair" d={`M${at} ${above + 9}V${below - 9}`} />
                  <path class="hollow" d={up(at, below, 6)} />
                </>
              )}
              {one.how === 'new' && <path class="filled" d={up(at, below, 7)} />}
              {apart !== undefined && (
                <>
                  <path class="was" d={down(apart[0], above, 5)} />
                  <path class="slant" d={`M${apart[0]} ${above + 8}L${apart[1]} ${below - 8}`} />
                  <path class="was" d={up(apart[1], below, 5)} />
                </>
              )}
              {isOpened && (
                <rect class="ring" x={at - 11} y={above - 14} width={22} height={below - above + 28} rx={5} />
              )}
            </g>
          );
        })}
      </svg>
      <p class="legend">
        <span>
          <svg width="14" height="14" aria-hidden="true">
            <path class="same" d={up(7, 7, 4)} />
          </svg>{' '}
          {say(language, 'sameMark')}
        </span>
        <span>
          <svg width="14" height="14" aria-hidden="true">
            <path class="slant" d="M3 1L11 13" />
          </svg>{' '}
          {say(language, 'laterMark')}
        </span>
        <span>
          <svg width="14" height="14" aria-hidden="true">
            <path class="hollow" d={up(7, 7, 5)} />
          </svg>{' '}
          {say(language, 'goneMark')}
        </span>
        <span>
          <svg width="14" height="14" aria-hidden="true">
            <path class="filled" d={up(7, 7, 5)} />
          </svg>{' '}
          {say(language, 'newMark')}
        </span>
      </p>
    </div>
  );
}

/** How far beside a mark a press may be and still mean it, in the units of the drawing. */
const reach = 12;

/** The difference that was pressed. The lists below are its twin for keys and for who listens. */
function nearest(
  differences: readonly Difference[],
  x: (at: string) => number,
  pressed: number,
): Difference | undefined {
  const far = ({ at }: Difference) => Math.abs(x(at) - pressed);
  const found = differences.toSorted((a, b) => far(a) - far(b))[0];
  return found !== undefined && far(found) <= reach ? found : undefined;
}
