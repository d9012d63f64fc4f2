import { useLayoutEffect, useRef } from 'preact/hooks';
import { floorPlane, type ZoneKind, zoneKinds } from '../../../../src/core/floor/zones.ts';
import { mostLetters, seenBy, sureTo } from '../../../../src/core/setup/check-zones.ts';
import { guessSpot } from '../../../../src/core/setup/floor-fit.ts';
import type { Language } from '../words.ts';
import { hintOf, type StepParts } from './camera.tsx';
import { Canvas } from './canvas.tsx';
import { inWords, marksOf } from './checks.ts';
import { NumberField } from './fields.tsx';
import { kindWord, length, nameOf, usualName } from './names.ts';
import type { Spot } from './shape.ts';
import {
  changeKind,
  changePlaces,
  flip,
  insertAfter,
  moveCorner,
  removeCorner,
  removeZone,
  rename,
  select,
  settled,
  toggleLock,
  toMetres,
  type ZoneDraft,
  zoneOf,
} from './state.ts';
import { Toolbar } from './toolbar.tsx';
import { toWire } from './wire.ts';
import { say } from './words.ts';

/** Zones on plate and plan at once, and everything about the one that is selected. */
export function ZonesStep(parts: StepParts) {
  const { id, editor, change, language, fit, remarks, tape, onTape } = parts;
  const { draft, selected } = editor;
  const view = 'view' in fit && fit.state !== 'crossed' ? fit.view : undefined;
  const zone = selected?.kind === 'zone' ? zoneOf(draft, selected.zone) : undefined;
  const both = {
    ...parts,
    camera: id,
    floor: parts.planFrame,
    state: editor,
    edits: 'zones' as const,
    view,
    marks: marksOf(draft, remarks, language),
    ruler: editor.tool === 'ruler' ? tape.ruler : undefined,
    onRuler: (ruler: typeof tape.ruler) => onTape({ ...tape, ruler }),
    partnerOf: parts.partnerAt,
  };
  return (
    <div class="step zones-step">
      <Toolbar {...parts} tools={['select', 'zone', 'entrance', 'point', 'ruler']} hasSnap />
      <div class="zones-main">
        <div class={`two-views ${parts.shown}`}>
          {parts.shown !== 'metres' && (
            <section class="canvas-panel">
              <h3>{say(language, 'plate')}</h3>
              <Canvas {...both} side="pixel" frame={parts.pictureFrame} />
            </section>
          )}

          {parts.shown !== 'pixel' && (
            <section class="canvas-panel">
              <h3>{say(language, 'plan')}</h3>
              <Canvas {...both} side="metres" frame={parts.planFrame} />
            </section>
          )}
        </div>
        <p class="hint-line">
          {parts.trouble === undefined
            ? hintOf(editor, 'zones', id, tape.ruler === undefined || tape.ruler.to !== undefined, language)
            : say(language, parts.trouble)}
        </p>
        <section class="checks" aria-labelledby="checks-title">
          <h3 id="checks-title">{say(language, 'checks')}</h3>
          {remarks.length === 0 && (
            <p class="good">
              <span aria-hidden="true">✓</span> {say(language, 'checkNone')}
            </p>
          )}
          <div role="status">
            <ul>
              {remarks.map((remark) => (
                <li key={`${remark.zone}-${remark.kind}`} class={remark.severity}>
                  <span aria-hidden="true">{remark.severity === 'error' ? '✕' : '▲'}</span>
                  <button
                    type="button"
                    onClick={() => change((before) => select(before, { kind: 'zone', zone: remark.zone }))}
                  >
                    {inWords(remark, draft, language)}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        </section>
      </div>
      <aside class="panel zone-panel" aria-label={say(language, 'zones')}>
        <h3>{say(language, 'zones')}</h3>
        {draft.zones.length === 0 && <p class="second">{say(language, 'noZones')}</p>}
        <ul class="zone-list">
          {draft.zones.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                aria-pressed={one.id === zone?.id}
                onClick={() => change((before) => select(before, { kind: 'zone', zone: one.id }))}
              >
                {nameOf(one, language)} <span class="second">{say(language, kindWord(one.kind))}</span>
              </button>
            </li>
          ))}
        </ul>
        {zone !== undefined && <ZonePanel key={zone.id} zone={zone} {...parts} />}
      </aside>
    </div>
  );
}

function ZonePanel({
  zone,
  editor,
  change,
  language,
  views,
  onTrouble,
}: StepParts & { readonly zone: ZoneDraft }) {
  const { id, kind } = zone;
  const isDoor = kind === 'entrance';
  const isFloor = zone.plane === floorPlane;
  const view = views.find(({ camera }) => camera === zone.plane)?.view;
  const isUnlocked = editor.unlocked.includes(id);
  const corner = editor.selected?.kind === 'zone' ? editor.selected.corner : undefined;
  const drawn = toWire({ cameras: [], zones: [zone] }).zones[0]!;
  const seen = seenBy(drawn, views);
  const sure = sureTo(drawn, views);
  const settle = () => change(settled);
  const nameField = (language_: Language, label: 'nameZh' | 'nameEn') => {
    const value = zone.name?.[language_] ?? '';
    const most = mostLetters[language_];
    const letters = [...value].length;
    return (
      <>
        <label for={`name-${language_}`}>{say(language, label)}</label>
        <div class="name-line">
          <input
            id={`name-${language_}`}
            class="text"
            lang={language_ === 'zh' ? 'zh-CN' : 'en'}
            autocomplete="off"
            value={value}
            placeholder={usualName(kind, language_)}
            aria-invalid={letters > most}
            aria-describedby="name-help"
            onInput={({ currentTarget }) => {
              const next = {
                zh: zone.name?.zh ?? '',
                en: zone.name?.en ?? '',
                [language_]: currentTarget.value,
              };
              change((before) => rename(before, id, next));
            }}
            onBlur={settle}
          />
          <span class="second figure">{say(language, 'lettersOf', { n: letters, t: most })}</span>
        </div>
      </>
    );
  };
  return (
    <div class="zone-fields">
      <label for="zone-kind">{say(language, 'kindIs')}</label>
      <select
        id="zone-kind"
        value={kind}
        disabled={isDoor}
        onChange={({ currentTarget }) =>
          change((before) => changeKind(before, id, currentTarget.value as ZoneKind))
        }
      >
        {zoneKinds
          .filter((one) => isDoor || one !== 'entrance')
          .map((one) => (
            <option key={one} value={one}>
              {say(language, kindWord(one))}
            </option>
          ))}
      </select>
      {nameField('zh', 'nameZh')}
      {nameField('en', 'nameEn')}
      <p id="name-help" class="second wide">
        {say(language, 'nameHelp')}
      </p>
      <span class="field-name">{say(language, 'onWrist')}</span>
      <WristPreview name={nameOf(zone, language)} language={language} />
      {(kind === 'queue' || kind === 'service') && (
        <>
          <label for="zone-places">{say(language, 'placesIs')}</label>
          <input
            id="zone-places"
            class="number"
            type="number"
            min={1}
            max={50}
            value={zone.places ?? 1}
            onInput={({ currentTarget }) => {
              const places = Math.round(Number(currentTarget.value));
              if (places >= 1 && places <= 50) {
                change((before) => changePlaces(before, id, places === 1 ? undefined : places));
              }
            }}
            onBlur={settle}
          />
        </>
      )}
      <span class="field-name">{say(language, 'seenBy')}</span>
      <span>
        {seen.length === 0
          ? say(language, 'seenByNone')
          : seen.map(({ camera, share }) => `${camera} ${Math.round(share * 100)}%`).join(' · ')}
      </span>
      {sure !== undefined && (
        <>
          <span class="field-name">{say(language, 'sureTo')}</span>
          <span>
            {say(language, 'sureToIs', {
              near: length(sure.near, language),
              far: length(sure.far, language),
            })}
          </span>
        </>
      )}
      <div class="choices wide">
        <button
          type="button"
          aria-pressed={!isUnlocked}
          title={say(language, isUnlocked ? 'unlocked' : 'locked')}
          onClick={() => change((before) => toggleLock(before, id))}
        >
          {say(language, isUnlocked ? 'unlocked' : 'locked')} ·{' '}
          {say(language, isUnlocked ? 'lock' : 'unlock')}
        </button>
        {isDoor && (
          <button type="button" aria-keyshortcuts="F" onClick={() => change((before) => flip(before, id))}>
            <kbd>F</kbd> {say(language, 'flipIt')}
          </button>
        )}
      </div>
      {view !== undefined && !isFloor && (
        <div class="wide">
          <p class="refused">{say(language, 'inPixels')}</p>
          <button
            type="button"
            onClick={() => {
              const onFloor = (spot: Spot) => guessSpot(view, spot);
              const corners = zone.corners.map(onFloor);
              if (corners.some((spot) => spot === undefined)) return onTrouble('hintSky');
              const inside = zone.inside && onFloor(zone.inside);
              change((before) => toMetres(before, id, { corners: corners as Spot[], inside }));
            }}
          >
            {say(language, 'changeToMetres')}
          </button>
        </div>
      )}
      <table class="corners wide">
        <caption>
          {say(
            language,
            isDoor ? (isFloor ? 'endsHead' : 'endsPixels') : isFloor ? 'cornersHead' : 'cornersPixels',
          )}
        </caption>
        <tbody>
          {zone.corners.map((spot, index) => {
            const number = index + 1;
            const field = (axis: 'x' | 'y') => (
              <NumberField
                label={say(language, axis === 'x' ? 'cornerX' : 'cornerY', {
                  n: number,
                  axis: axis.toUpperCase(),
                })}
                value={spot[axis]}
                isFloor={isFloor}
                onFocus={() => change((before) => select(before, { kind: 'zone', zone: id, corner: index }))}
                onType={(value) =>
                  change((before) => moveCorner(before, id, index, { ...spot, [axis]: value }))
                }
                onLeave={settle}
              />
            );
            return (
              <tr key={index} class={index === corner ? 'chosen' : ''}>
                <th scope="row">{number}</th>
                <td>{field('x')}</td>
                <td>{field('y')}</td>
                {!isDoor && (
                  <td class="corner-tools">
                    <button
                      type="button"
                      class="tool"
                      aria-label={say(language, 'addAfter', { n: number })}
                      onClick={() => change((before) => insertAfter(before, id, index))}
                    >
                      +
                    </button>
                    <button
                      type="button"
                      class="tool"
                      disabled={zone.corners.length <= 3}
                      aria-label={say(language, 'removeCorner', { n: number })}
                      onClick={() => change((before) => removeCorner(before, id, index))}
                    >
                      ×
                    </button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      <button type="button" class="wide" onClick={() => change((before) => removeZone(before, id))}>
        {say(language, 'removeZone')}
      </button>
    </div>
  );
}

/** The name as a wrist shows it: white on black, its type smaller until it fits, and cut if nothing helps. */
function WristPreview({ name, language }: { readonly name: string; readonly language: Language }) {
  const line = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const { current } = line;
    if (current === null) return;
    let size = 24;
    current.style.fontSize = `${size}px`;
    while (current.scrollWidth > current.clientWidth && size > 14) {
      size -= 1;
      current.style.fontSize = `${size}px`;
    }
  });
  return (
    <span class="wrist-preview" role="img" aria-label={`${say(language, 'onWrist')}: ${name}`}>
      <span ref={line} class="wrist-name">
        {name}
      </span>
      <span class="wrist-what">{say(language, 'sampleLine')}</span>
    </span>
  );
}
