import { measured } from '../../../../src/core/setup/floor-fit.ts';
import type { Language } from '../words.ts';
import { hintOf, type StepParts } from './camera.tsx';
import { Canvas } from './canvas.tsx';
import { zoneNear } from './checks.ts';
import { lookOf } from './drawn.tsx';
import { NumberField } from './fields.tsx';
import { length, nameOf } from './names.ts';
import { plateSays } from './picture.tsx';
import {
  acceptGuess,
  cameraOf,
  chooseTool,
  movePoint,
  type PairDraft,
  removePoint,
  select,
  settled,
  usePoint,
} from './state.ts';
import { Toolbar } from './toolbar.tsx';
import { say } from './words.ts';

/** Points on the plate and where they lie on the floor, and how well they fit. */
export function FloorStep(parts: StepParts) {
  const { id, editor, change, language, fit, tape, onTape } = parts;
  const view = 'view' in fit && fit.state !== 'crossed' ? fit.view : undefined;
  const both = {
    ...parts,
    camera: id,
    floor: parts.planFrame,
    state: editor,
    edits: 'points' as const,
    view,
    ruler: tape.ruler,
    onRuler: (ruler: typeof tape.ruler) => onTape({ ...tape, ruler }),
    partnerOf: parts.partnerAt,
  };
  const pairs = cameraOf(editor.draft, id)?.floor ?? [];
  return (
    <div class="step floor-step">
      <Toolbar {...parts} tools={['select', 'point', 'ruler']} />
      <div class={`two-views ${parts.shown}`}>
        {parts.shown !== 'metres' && (
          <section class="canvas-panel">
            <h3>
              {say(language, 'plate')} <span class="second">{plateSays(parts)}</span>
            </h3>
            <Canvas {...both} side="pixel" frame={parts.pictureFrame} />
          </section>
        )}

        {parts.shown !== 'pixel' && (
          <section class="canvas-panel">
            <h3>
              {say(language, 'plan')}{' '}
              <span class="second legend">
                {say(language, 'gridIs')} · {say(language, 'arrowsAre')} · <span class="swatch dots" />{' '}
                {say(language, 'unsure')} · <span class="swatch hatch" /> {say(language, 'notSeen')}
              </span>
            </h3>
            <Canvas {...both} side="metres" frame={parts.planFrame} />
          </section>
        )}
      </div>
      <p class="hint-line">
        {parts.trouble === undefined
          ? hintOf(editor, 'points', id, tape.ruler === undefined || tape.ruler.to !== undefined, language)
          : say(language, parts.trouble)}
      </p>
      <div class="floor-below">
        <div class="fit-side">
          <FitSays {...parts} />
          <TapeCheck {...parts} />
        </div>
        <PointTable pairs={pairs} {...parts} />
      </div>
      <div class="choices">
        <button type="button" onClick={() => change((before) => chooseTool(before, 'point'))}>
          + {say(language, 'addPoint')}
        </button>
      </div>
    </div>
  );
}

/** What the fit is like, in words and with a look that needs no colour. */
export function fitInWords(fit: StepParts['fit'], language: Language): string {
  switch (fit.state) {
    case 'too-few':
      return say(language, 'fitFew', { n: fit.lacking });
    case 'fits':
      return say(language, 'fitFits');
    case 'four':
      return say(language, 'fitFour');
    case 'weak':
      return say(language, fit.why === 'coarse' ? 'fitCoarse' : 'fitBunched');
    case 'crossed':
      return fit.why === 'far-off'
        ? say(language, 'fitFarOff', { point: fit.point ?? '', off: length(fit.offMetres ?? 0, language) })
        : say(language, fit.why === 'in-a-line' ? 'fitInLine' : 'fitCrossed');
  }
}

const fitMarks = { fits: '●', weak: '▲', crossed: '✕' } as const;

function FitSays({ fit, editor, language, id }: StepParts) {
  const look = fit.state === 'too-few' ? 'weak' : lookOf(fit);
  const used = cameraOf(editor.draft, id)!.floor;
  const numberOf = (index: number) =>
    used.findIndex(
      (pair) => pair === used.filter(({ guessed, isOff }) => guessed === undefined && isOff !== true)[index],
    ) + 1;
  const isProved = fit.state === 'fits' || fit.state === 'weak';
  const worst =
    isProved && 'points' in fit
      ? fit.points.reduce(
          (most, point, index) => (point.offMetres > fit.points[most]!.offMetres ? index : most),
          0,
        )
      : undefined;
  const without = worst === undefined || !('points' in fit) ? undefined : fit.points[worst]?.withoutMetres;
  return (
    <div class={`fit-says ${look}`} role="status">
      <p class="fit-word">
        <span class="fit-mark" aria-hidden="true">
          {fitMarks[look]}
        </span>{' '}
        <span class="fit-sample" aria-hidden="true" />
        <b>{fitInWords(fit, language)}</b>
      </p>
      {isProved && fit.points.length > 4 && (
        <p>
          {say(language, 'fitFigures', {
            n: fit.points.length,
            average: length(fit.averageMetres, language),
            t: length(fit.worstMetres, language),
          })}
          {worst !== undefined &&
            without !== undefined &&
            ` · ${say(language, 'fitWithout', { point: numberOf(worst), off: length(without, language) })}`}
        </p>
      )}
      {(isProved || fit.state === 'four') && 'finest' in fit && (
        <p>
          {say(language, 'finePixel', {
            near: placeOf(fit.finest.at, 'finePlace'),
            fine: length(fit.finest.metresPerPixel, language),
            far: placeOf(fit.coarsest.at, 'farPlace'),
            coarse: length(fit.coarsest.metresPerPixel, language),
          })}
        </p>
      )}
    </div>
  );
  function placeOf(at: { x: number; y: number }, otherwise: 'finePlace' | 'farPlace'): string {
    const zone = zoneNear(editor.draft, at);
    return zone === undefined ? say(language, otherwise) : nameOf(zone, language);
  }
}

/** A length that somebody measured, against what the floor says. */
function TapeCheck({ tape, onTape, fit, language, change }: StepParts) {
  const view = 'view' in fit && fit.state !== 'crossed' ? fit.view : undefined;
  const { ruler } = tape;
  const says =
    ruler?.to === undefined
      ? undefined
      : ruler.side === 'metres'
        ? Math.hypot(ruler.to.x - ruler.from.x, ruler.to.y - ruler.from.y)
        : view === undefined
          ? undefined
          : measured(view, ruler.from, ruler.to);
  const typed = Number(tape.typed.trim().replace(',', '.'));
  const off = says === undefined || !(typed > 0) ? undefined : Math.abs(says - typed);
  // A tenth of a metre, or five hundredths of a long stretch, is what points and a tape are good for.
  const isGood = off !== undefined && off <= Math.max(0.1, typed * 0.05);
  return (
    <fieldset class="tape-check">
      <legend>{say(language, 'tape')}</legend>
      <p class="second">{say(language, 'tapeHelp')}</p>
      <div class="tape-line">
        <button
          type="button"
          onClick={() => {
            onTape({ ...tape, ruler: undefined });
            change((before) => chooseTool(before, 'ruler'));
          }}
        >
          {say(language, 'tapeStart')}
        </button>
        <label for="tape-length">{say(language, 'tapeLength')}</label>
        <input
          id="tape-length"
          class="number"
          inputMode="decimal"
          autocomplete="off"
          value={tape.typed}
          onInput={({ currentTarget }) => onTape({ ...tape, typed: currentTarget.value })}
        />
        {says !== undefined && (
          <output class="figure">→ {say(language, 'tapeSays', { t: length(says, language) })}</output>
        )}
      </div>
      {ruler?.to !== undefined && says === undefined && <p class="refused">{say(language, 'tapeSky')}</p>}
      {off !== undefined && (
        <p class={isGood ? 'good' : 'refused'}>
          {isGood && <span aria-hidden="true">✓ </span>}
          {say(language, isGood ? 'tapeGood' : 'tapeBad', { off: length(off, language) })}
        </p>
      )}
    </fieldset>
  );
}

/** Every point as numbers: typed, left out, taken out. */
function PointTable({
  pairs,
  id,
  editor,
  change,
  fit,
  language,
}: StepParts & { readonly pairs: readonly PairDraft[] }) {
  const fitted = 'points' in fit ? fit.points : [];
  let order = 0;
  const isProved = pairs.filter(({ guessed, isOff }) => guessed === undefined && isOff !== true).length > 4;
  const cm = (metres: number | undefined) =>
    metres === undefined || !isProved
      ? '–'
      : metres > 9.99
        ? '> 999'
        : (metres * 100).toFixed(metres < 0.1 ? 1 : 0);
  const field = (pair: PairDraft, number: number, side: 'pixel' | 'metres', axis: 'x' | 'y') => (
    <NumberField
      label={say(language, `${side}${axis.toUpperCase()}` as 'pixelX', {
        n: number,
        axis: axis.toUpperCase(),
      })}
      value={pair[side][axis]}
      isFloor={side === 'metres'}
      isDoubtful={pair.guessed === side}
      onFocus={() => change((before) => select(before, { kind: 'pair', camera: id, pair: pair.key }))}
      onType={(value) =>
        change((before) => movePoint(before, id, pair.key, side, { ...pair[side], [axis]: value }))
      }
      onLeave={() => change(settled)}
    />
  );
  return (
    <div class="table-holder">
      <table class="points">
        <thead>
          <tr>
            <th scope="col">{say(language, 'pointHead')}</th>
            <th scope="col" colSpan={2}>
              {say(language, 'pixelHead')}
            </th>
            <th scope="col" colSpan={2}>
              {say(language, 'metresHead')}
            </th>
            <th scope="col" class="right">
              {say(language, 'offHead')}
            </th>
            <th scope="col" class="right">
              {say(language, 'withoutHead')}
            </th>
            <th scope="col">{say(language, 'useHead')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair, index) => {
            const number = index + 1;
            const isUsed = pair.guessed === undefined && pair.isOff !== true;
            const found = isUsed ? fitted[order] : undefined;
            if (isUsed) order += 1;
            const isChosen = editor.selected?.kind === 'pair' && editor.selected.pair === pair.key;
            return (
              <tr key={pair.key} class={isChosen ? 'chosen' : ''}>
                <th scope="row">{number}</th>
                <td>{field(pair, number, 'pixel', 'x')}</td>
                <td>{field(pair, number, 'pixel', 'y')}</td>
                <td>{field(pair, number, 'metres', 'x')}</td>
                <td>{field(pair, number, 'metres', 'y')}</td>
                {pair.guessed !== undefined ? (
                  <td colSpan={3}>
                    <span class="second">{say(language, 'guessed')}</span>{' '}
                    <button
                      type="button"
                      aria-label={say(language, 'acceptPoint', { n: number })}
                      onClick={() => change((before) => acceptGuess(before, id, pair.key))}
                    >
                      {say(language, 'accept')}
                    </button>
                  </td>
                ) : (
                  <>
                    <td class="right figure">{cm(found?.offMetres)}</td>
                    <td class="right figure">{cm(found?.withoutMetres)}</td>
                    <td>
                      <input
                        type="checkbox"
                        checked={pair.isOff !== true}
                        aria-label={say(language, 'usePoint', { n: number })}
                        onChange={({ currentTarget }) =>
                          change((before) => usePoint(before, id, pair.key, currentTarget.checked))
                        }
                      />
                    </td>
                  </>
                )}
                <td>
                  <button
                    type="button"
                    class="tool"
                    aria-label={say(language, 'removePoint', { n: number })}
                    onClick={() => change((before) => removePoint(before, id, pair.key))}
                  >
                    ×
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
