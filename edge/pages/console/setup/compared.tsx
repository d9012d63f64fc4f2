import type { SettingsChange } from '../../../../src/contract/settings.ts';
import { whoOf } from '../rules/history.tsx';
import type { Language } from '../words.ts';
import { frameOf, lensOf, pathOf } from './lens.ts';
import { nameOf } from './names.ts';
import type { CameraDraft, Draft, ZoneDraft } from './state.ts';
import { differences } from './wire.ts';
import { say } from './words.ts';

interface Parts {
  readonly base: Draft;
  readonly theirs: Draft;
  readonly mine: Draft;
  readonly since: readonly SettingsChange[];
  readonly language: Language;
}

type Thing = CameraDraft | ZoneDraft;
const spotsOf = (thing: Thing | undefined) =>
  thing === undefined ? [] : 'floor' in thing ? thing.floor.map(({ metres }) => metres) : thing.corners;

/** Three versions of each camera and zone that differs, drawn small: what both began from, theirs, and mine. */
export function Compared({ base, theirs, mine, since, language }: Parts) {
  const rows = differences(base, theirs, mine);
  return (
    <div class="compare-set-up">
      <table class="compared">
        <thead>
          <tr>
            <th scope="col">{say(language, 'whatHead')}</th>
            <th scope="col">{say(language, 'beforeHead')}</th>
            <th scope="col">{say(language, 'theirsHead')}</th>
            <th scope="col">{say(language, 'mineHead')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const some = row.mine ?? row.theirs ?? row.base!;
            const frame = frameOf([row.base, row.theirs, row.mine].flatMap(spotsOf), 0.5, 1);
            const cell = (thing: Thing | undefined) => (
              <td class={JSON.stringify(thing) === JSON.stringify(row.base) ? '' : 'other'}>
                {thing === undefined ? (
                  say(language, 'notThere')
                ) : (
                  <>
                    <Small thing={thing} before={row.base} frame={frame} />
                    {'floor' in thing
                      ? say(language, 'pointsCount', { n: thing.floor.length })
                      : `${nameOf(thing, language)} · ${say(language, 'cornersCount', { n: thing.corners.length })}`}
                  </>
                )}
              </td>
            );
            return (
              <tr key={`${row.kind}-${row.id}`}>
                <th scope="row">{'floor' in some ? some.id : nameOf(some, language)}</th>
                {cell(row.base)}
                {cell(row.theirs)}
                {cell(row.mine)}
              </tr>
            );
          })}
        </tbody>
      </table>
      {since.map(
        (one) =>
          one.why !== undefined && (
            <p key={one.version} class="second">
              {whoOf(one, language)} · {one.why}
            </p>
          ),
      )}
    </div>
  );
}

const size = { width: 120, height: 72 };

function Small({
  thing,
  before,
  frame,
}: {
  readonly thing: Thing;
  readonly before: Thing | undefined;
  readonly frame: ReturnType<typeof frameOf>;
}) {
  const lens = lensOf('metres', frame, size);
  const shape = (one: Thing) => {
    const spots = spotsOf(one).map(lens.toScreen);
    if ('floor' in one) {
      return spots.map(({ x, y }) => `M ${x - 3} ${y} h 6 M ${x} ${y - 3} v 6`).join(' ');
    }
    return pathOf(spots, one.kind !== 'entrance');
  };
  return (
    <svg class="small-shape" width={size.width} height={size.height} aria-hidden="true">
      {before !== undefined && <path class="before" d={shape(before)} />}
      <path class="now" d={shape(thing)} />
    </svg>
  );
}
