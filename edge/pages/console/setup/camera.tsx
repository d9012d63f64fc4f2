import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SettingsChange } from '../../../../src/contract/settings.ts';
import type { PlateProgress, SetupPayload } from '../../../../src/contract/setup.ts';
import { floorPlane } from '../../../../src/core/floor/zones.ts';
import type { DrawnView, ZoneRemark } from '../../../../src/core/setup/check-zones.ts';
import type { FloorFit } from '../../../../src/core/setup/floor-fit.ts';
import { ask, send, type Trouble } from '../api.ts';
import type { PageParts } from '../page-parts.ts';
import { useCameras } from './cameras.tsx';
import type { Change, Ruler } from './canvas.tsx';
import { fitOf, floorState, partnerOf, remarksOf, viewsOf } from './checks.ts';
import { FloorStep } from './floor.tsx';
import { type Frame, frameOf } from './lens.ts';
import { coordinate, nameOf, stepName } from './names.ts';
import { PictureStep } from './picture.tsx';
import { SaveStep } from './save.tsx';
import {
  cameraOf,
  canFinish,
  chooseTool,
  type EditorState,
  flip,
  guess,
  letGo,
  pairOf,
  redo,
  removeSelected,
  settled,
  type Tool,
  undo,
  zoneOf,
} from './state.ts';
import { useWalk, WalkStep } from './walk.tsx';
import { isChanged } from './wire.ts';
import { type SetupWord, say } from './words.ts';
import { ZonesStep } from './zones.tsx';

interface Parts extends PageParts {
  readonly id: string;
  readonly setup: SetupPayload;
  readonly editor: EditorState;
  readonly change: Change;
  readonly timeOf: (at: string) => string;
  readonly why: string;
  readonly onWhy: (why: string) => void;
  readonly saved: SettingsChange | undefined;
  readonly refused: Trouble | undefined;
  readonly isSaving: boolean;
  readonly hasConflict: boolean;
  readonly onSave: () => void;
  readonly onTakeBack: () => void;
  readonly onDrop: () => void;
}

export const steps = [1, 2, 3, 4, 5] as const;
export type StepNumber = (typeof steps)[number];

/** A tape check of a camera's floor: two spots on the plate, and what somebody measured between them. */
export interface Tape {
  readonly ruler?: Ruler | undefined;
  readonly typed: string;
}

/** Which of the two pictures are shown: one alone is larger. */
export type Views = 'both' | 'pixel' | 'metres';

/** What all steps of one camera are given. */
export interface StepParts extends Parts {
  readonly fit: FloorFit;
  readonly views: readonly DrawnView[];
  readonly remarks: readonly ZoneRemark[];
  readonly plate: PlateProgress | undefined;
  readonly plateTrouble: boolean;
  readonly beginPlate: () => void;
  /** Of the picture, in its pixels. */
  readonly pictureFrame: Frame;
  /** Of the plan, in metres. */
  readonly planFrame: Frame;
  readonly tape: Tape;
  readonly onTape: (tape: Tape) => void;
  readonly isSnapping: boolean;
  readonly onSnapping: (isSnapping: boolean) => void;
  readonly isZoomHeld: boolean;
  readonly shown: Views;
  readonly onShown: (shown: Views) => void;
  readonly trouble: 'hintSky' | 'hintNoFloor' | undefined;
  readonly onTrouble: (trouble: 'hintSky' | 'hintNoFloor' | undefined) => void;
  readonly partnerAt: (side: 'pixel' | 'metres', at: { x: number; y: number }) => { x: number; y: number };
  readonly walk: ReturnType<typeof useWalk>;
  readonly toStep: (step: StepNumber) => void;
  readonly isTaped: boolean;
}

/** The empty-lobby plate of a camera: begun with the page, and kept being built as long as it is looked at. */
function usePlate(camera: string, isKnown: boolean) {
  const [plate, setPlate] = useState<PlateProgress>();
  const [hasTrouble, setTrouble] = useState(false);
  const path = `/api/v1/setup/cameras/${camera}/plate`;
  const begin = async () => {
    const reply = await send<PlateProgress>('POST', path);
    setTrouble(!reply.ok);
    if (reply.ok) setPlate(reply.value);
  };
  useEffect(() => {
    if (!isKnown) return;
    let isOpen = true;
    const read = async () => {
      const reply = await ask<PlateProgress>(`${path}/progress`);
      if (!isOpen) return;
      setTrouble(!reply.ok);
      if (!reply.ok) return;
      if (reply.value.phase === 'off') void begin();
      else setPlate(reply.value);
    };
    void read();
    const reading = setInterval(() => void read(), 1_000);
    return () => {
      isOpen = false;
      clearInterval(reading);
    };
  }, [camera, isKnown]);
  return { plate, hasTrouble, begin };
}

const toolKeys: Readonly<Record<string, Tool>> = {
  v: 'select',
  z: 'zone',
  e: 'entrance',
  p: 'point',
  r: 'ruler',
};

/** One camera, in five steps that can be taken in any order. */
export function CameraPage(parts: Parts) {
  const { id, setup, editor, change, language, address, go, keys } = parts;
  const { draft } = editor;
  const known = setup.cameras.find((camera) => camera.id === id);
  const camera = cameraOf(draft, id);
  const asked = Number(new URLSearchParams(address.split('?')[1] ?? '').get('step'));
  const step: StepNumber = steps.find((one) => one === asked) ?? 1;
  const [tapes, setTapes] = useState<Tape>({ typed: '' });
  const [isSnapping, setSnapping] = useState(true);
  const [isZoomHeld, setZoomHeld] = useState(false);
  const [shown, setShown] = useState<Views>('both');
  const [trouble, setTrouble] = useState<'hintSky' | 'hintNoFloor'>();
  const { plate, hasTrouble, begin } = usePlate(id, known !== undefined);
  const listed = useCameras(setup.version);
  const walk = useWalk(step === 4 || step === 5);

  const fit = useMemo(() => fitOf(draft, id), [draft, id]);
  const views = useMemo(() => viewsOf(draft, setup), [draft, setup]);
  const remarks = useMemo(() => remarksOf(draft, views), [draft, views]);
  const pairs = camera?.floor ?? [];
  const picture = plate?.picture ?? known?.picture;
  const pictureFrame = useMemo<Frame>(() => {
    const size = picture ?? {
      width: Math.max(640, ...pairs.map(({ pixel }) => pixel.x + 40)),
      height: Math.max(360, ...pairs.map(({ pixel }) => pixel.y + 40)),
    };
    return { left: 0, top: 0, right: size.width, bottom: size.height };
  }, [picture?.width, picture?.height, picture === undefined ? pairs : undefined]);
  // The plan grows by whole metres, and never while somebody drags: it must not move under the pointer.
  const plan = useRef<Frame | undefined>(undefined);
  const wanted = useMemo(() => {
    const spots = [
      ...draft.cameras.flatMap(({ floor }) => floor.map(({ metres }) => metres)),
      ...draft.zones
        .filter(({ plane }) => plane === floorPlane)
        .flatMap(({ corners, inside }) => [...corners, ...(inside === undefined ? [] : [inside])]),
    ];
    return frameOf(spots, 1, 6);
  }, [draft]);
  const isDragging = editor.past.at(-1)?.isOpen === true;
  if (plan.current === undefined || !isDragging) plan.current = grown(plan.current, wanted);
  const planFrame = plan.current;

  // A side that nobody has placed goes where the fit would put it.
  useEffect(() => {
    for (const pair of pairs) {
      if (pair.guessed === undefined) continue;
      const side = pair.guessed === 'pixel' ? 'metres' : 'pixel';
      const at = partnerOf(fit, pairs, side, pair[side], pair[pair.guessed]);
      change((before) => guess(before, id, pair.key, at));
    }
  }, [fit]);

  const toStep = (to: StepNumber) => {
    change((before) => ({ ...chooseTool(before, 'select'), selected: undefined }));
    setTrouble(undefined);
    go('setup', `/${id}?step=${to}`);
  };

  const act = useRef<(event: KeyboardEvent) => void>(() => undefined);
  act.current = (event) => {
    const target = event.target as HTMLElement;
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    const name = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (name === 's') {
        event.preventDefault();
        toStep(5);
      } else if (name === 'z' && !isTyping) {
        event.preventDefault();
        change(event.shiftKey ? redo : undo);
      }
      return;
    }
    if (event.key === 'Escape') return void change(letGo);
    if (isTyping || event.altKey || (step !== 2 && step !== 3)) return;
    if (event.key === 'Delete' || event.key === 'Backspace') return void change(removeSelected);
    if (!keys) return;
    const tool = toolKeys[name];
    if (tool !== undefined) {
      if (step === 2 && (tool === 'zone' || tool === 'entrance')) return;
      return void change((before) => chooseTool(before, tool));
    }
    if (name === 'f') {
      change((before) => {
        const { selected } = before;
        return selected?.kind === 'zone' ? flip(before, selected.zone) : before;
      });
    }
    if (name === 'x') setZoomHeld(true);
  };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => act.current(event);
    const left = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'x') setZoomHeld(false);
      if (event.key.startsWith('Arrow')) change(settled);
    };
    const blurred = () => setZoomHeld(false);
    addEventListener('keydown', pressed);
    addEventListener('keyup', left);
    addEventListener('blur', blurred);
    return () => {
      removeEventListener('keydown', pressed);
      removeEventListener('keyup', left);
      removeEventListener('blur', blurred);
    };
  }, []);

  if (known === undefined || camera === undefined) {
    return <p class="empty-page">{say(language, 'noSuchCamera')}</p>;
  }
  const errors = remarks.filter(({ severity }) => severity === 'error').length;
  const found = listed?.cameras.find((one) => one.id === id);
  const looks: Readonly<Record<StepNumber, Look>> = {
    1: plate?.phase === 'ready' || found?.state === 'live' ? done : found === undefined ? none : checks(1),
    2: { none, done, checks: checks(1), errors: wrong(1) }[floorState(fit)],
    3:
      errors > 0
        ? wrong(errors)
        : remarks.length > 0
          ? checks(remarks.length)
          : draft.zones.length > 0
            ? done
            : none,
    4: found?.walked !== undefined || walk.walk?.phase === 'accepted' ? done : none,
    5:
      errors > 0 || fit.state === 'crossed'
        ? wrong(errors + (fit.state === 'crossed' ? 1 : 0))
        : isChanged(editor)
          ? changed
          : same,
  };
  const view = 'view' in fit && fit.state !== 'crossed' ? fit.view : undefined;
  const isTaped = tapes.ruler?.to !== undefined && Number(tapes.typed.replace(',', '.')) > 0;
  const stepParts: StepParts = {
    ...parts,
    fit,
    views,
    remarks,
    plate,
    plateTrouble: hasTrouble,
    beginPlate: () => void begin(),
    pictureFrame,
    planFrame,
    tape: tapes,
    onTape: setTapes,
    isSnapping,
    onSnapping: setSnapping,
    isZoomHeld,
    shown,
    onShown: setShown,
    trouble:
      trouble ?? (step === 3 && view === undefined && editor.tool !== 'select' ? 'hintNoFloor' : undefined),
    onTrouble: setTrouble,
    partnerAt: (side, at) =>
      partnerOf(fit, pairs, side, at, {
        x:
          side === 'pixel'
            ? (planFrame.left + planFrame.right) / 2
            : (pictureFrame.left + pictureFrame.right) / 2,
        y:
          side === 'pixel'
            ? (planFrame.top + planFrame.bottom) / 2
            : (pictureFrame.top + pictureFrame.bottom) / 2,
      }),
    walk,
    toStep,
    isTaped,
  };
  // What stops a save, or was not begun, comes first; what was changed waits for its save.
  const toDo =
    steps.find((one) => one < 5 && looks[one].look !== 'done') ?? (isChanged(editor) ? 5 : undefined);
  const last = editor.past.at(-1);
  const next = editor.future.at(-1);

  return (
    <div class="one-camera">
      <div class="set-up-head">
        <a
          href="/setup"
          class="back"
          title={say(language, 'allCameras')}
          onClick={(event) => {
            event.preventDefault();
            go('setup');
          }}
        >
          <span aria-hidden="true">←</span>
          <span class="unseen-by-eyes">{say(language, 'allCameras')}</span>
        </a>
        <h2>{id}</h2>
        <nav class="step-bar" aria-label={say(language, 'steps')}>
          <ol>
            {steps.map((one) => {
              const look = looks[one];
              return (
                <li key={one}>
                  <button
                    type="button"
                    class={`is-${look.look}`}
                    aria-current={one === step ? 'step' : undefined}
                    onClick={() => toStep(one)}
                  >
                    <span class="step-name">
                      {one} {say(language, `step${one}` as SetupWord)}
                    </span>
                    <span class="step-state">
                      <span aria-hidden="true">{look.mark}</span>{' '}
                      {say(language, look.word, { n: look.count })}
                    </span>
                  </button>
                </li>
              );
            })}
          </ol>
        </nav>
        {toDo !== undefined && toDo !== step && step !== 5 && (
          <button type="button" class="next-step" onClick={() => toStep(toDo)}>
            {say(language, 'nextIs', { name: `${toDo} ${say(language, `step${toDo}` as SetupWord)}` })} →
          </button>
        )}
        <div class="undo-line">
          <button
            type="button"
            disabled={last === undefined && editor.drawing === undefined}
            aria-keyshortcuts="Control+Z"
            onClick={() => change(undo)}
          >
            {last === undefined
              ? say(language, 'undo')
              : say(language, 'undoStep', { name: stepName(last, draft, language) })}
          </button>
          <button
            type="button"
            disabled={next === undefined}
            aria-keyshortcuts="Control+Shift+Z"
            onClick={() => change(redo)}
          >
            {next === undefined
              ? say(language, 'redo')
              : say(language, 'redoStep', { name: stepName(next, draft, language) })}
          </button>
        </div>
      </div>
      {step === 1 && <PictureStep {...stepParts} />}
      {step === 2 && <FloorStep {...stepParts} />}
      {step === 3 && <ZonesStep {...stepParts} />}
      {step === 4 && <WalkStep {...stepParts} />}
      {step === 5 && <SaveStep {...stepParts} listed={found} />}
      <p class="unseen-by-eyes" aria-live="polite">
        {step === 2 || step === 3 ? spoken(editor, id, parts) : ''}
      </p>
    </div>
  );
}

interface Look {
  readonly look: string;
  readonly mark: string;
  readonly word: SetupWord;
  readonly count: number;
}
const done: Look = { look: 'done', mark: '✓', word: 'stateDone', count: 0 };
const none: Look = { look: 'none', mark: '–', word: 'stateNone', count: 0 };
const checks = (count: number): Look => ({ look: 'checks', mark: '▲', word: 'stateChecks', count });
const wrong = (count: number): Look => ({ look: 'errors', mark: '✕', word: 'stateErrors', count });
const changed: Look = { look: 'changed', mark: '●', word: 'stateChanged', count: 0 };
const same: Look = { look: 'none', mark: '–', word: 'stateSame', count: 0 };

function grown(before: Frame | undefined, now: Frame): Frame {
  const next = {
    left: Math.min(before?.left ?? now.left, Math.floor(now.left)),
    top: Math.min(before?.top ?? now.top, Math.floor(now.top)),
    right: Math.max(before?.right ?? now.right, Math.ceil(now.right)),
    bottom: Math.max(before?.bottom ?? now.bottom, Math.ceil(now.bottom)),
  };
  const isSame =
    before !== undefined &&
    (['left', 'top', 'right', 'bottom'] as const).every((key) => before[key] === next[key]);
  return isSame ? before : next;
}

/** "Cash, corner 2 of 4, 1.75, −3.20 metres": what is selected, for those who do not see it. */
export function spoken(
  { draft, selected }: EditorState,
  camera: string,
  { language }: Pick<Parts, 'language'>,
): string {
  if (selected === undefined) return '';
  if (selected.kind === 'pair') {
    const pair = pairOf(draft, selected);
    const pairs = cameraOf(draft, camera)?.floor ?? [];
    if (pair === undefined) return '';
    return say(language, 'pairSays', {
      at: pairs.indexOf(pair) + 1,
      all: pairs.length,
      px: coordinate(pair.pixel.x, false),
      py: coordinate(pair.pixel.y, false),
      x: coordinate(pair.metres.x, true),
      y: coordinate(pair.metres.y, true),
    });
  }
  const zone = zoneOf(draft, selected.zone);
  const spot = zone?.corners[selected.corner ?? -1];
  if (zone === undefined) return '';
  const name = nameOf(zone, language);
  if (spot === undefined) return name;
  const isFloor = zone.plane === floorPlane;
  return say(language, 'cornerSays', {
    name,
    at: selected.corner! + 1,
    all: zone.corners.length,
    x: coordinate(spot.x, isFloor),
    y: coordinate(spot.y, isFloor),
    unit: say(language, isFloor ? 'metres' : 'pixels'),
  });
}

/** What the next click does, and which key ends it: it is the whole manual. */
export function hintOf(
  editor: EditorState,
  edits: 'points' | 'zones',
  camera: string,
  hasRulerEnd: boolean,
  language: StepParts['language'],
): string {
  const blanks = {
    esc: 'Esc',
    enter: 'Enter',
    shift: 'Shift',
    alt: 'Alt',
    del: 'Delete',
    undo: 'Ctrl Z',
    flip: 'F',
    zone: 'Z',
    door: 'E',
    point: 'P',
    zoom: 'X',
  };
  const { tool, drawing, selected, draft } = editor;
  if (tool === 'zone') {
    if (drawing === undefined) return say(language, 'hintFirst', blanks);
    return say(language, canFinish(editor) ? 'hintClose' : 'hintMore', blanks);
  }
  if (tool === 'entrance') return say(language, drawing === undefined ? 'hintDoor' : 'hintDoorEnd', blanks);
  if (tool === 'ruler') return say(language, hasRulerEnd ? 'hintRuler' : 'hintRulerEnd', blanks);
  if (tool === 'point' || (selected?.kind === 'pair' && pairOf(draft, selected)?.guessed !== undefined)) {
    const waiting = cameraOf(draft, camera)?.floor.find(({ guessed }) => guessed !== undefined);
    if (waiting === undefined) return say(language, 'hintPoint', blanks);
    const place = say(language, waiting.guessed === 'metres' ? 'floorPlace' : 'picturePlace');
    return say(language, 'hintPointOn', { ...blanks, place });
  }
  if (editor.isPickedUp) return say(language, 'hintPicked', blanks);
  if (selected?.kind === 'pair') return say(language, 'hintPair', blanks);
  const zone = selected?.kind === 'zone' ? zoneOf(draft, selected.zone) : undefined;
  if (zone !== undefined) {
    const name = nameOf(zone, language);
    if (selected?.kind === 'zone' && selected.corner !== undefined)
      return say(language, 'hintCorner', blanks);
    return say(language, zone.kind === 'entrance' ? 'hintEntrance' : 'hintZone', { ...blanks, name });
  }
  return say(language, edits === 'points' ? 'hintFloor' : 'hintNone', blanks);
}
