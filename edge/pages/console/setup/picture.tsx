import { useEffect, useState } from 'preact/hooks';
import { AddressFields, Try, type Typed, toSource, useTry } from './address.tsx';
import type { StepParts } from './camera.tsx';
import { Canvas } from './canvas.tsx';
import { cameraOf, changeSource, settled } from './state.ts';
import { say } from './words.ts';

/** How far the plate is, in words. */
export function plateSays({ plate, plateTrouble, language }: StepParts): string {
  if (plateTrouble) return say(language, 'plateUnread');
  if (plate === undefined || plate.phase === 'off') return say(language, 'plateOff');
  if (plate.blind && plate.phase !== 'ready') return say(language, 'plateBlind');
  if (plate.phase === 'waiting') return say(language, 'plateWaiting');
  if (plate.phase === 'ready') return say(language, 'plateReady');
  return say(language, 'plateBuilding', { n: Math.floor(plate.ready * 100) });
}

/** Where the picture comes from, whether it decodes, and the plate as it builds up. */
export function PictureStep(parts: StepParts) {
  const { id, editor, change, language, setup, plate } = parts;
  const camera = cameraOf(editor.draft, id)!;
  const known = setup.cameras.find((one) => one.id === id)!;
  const trial = useTry();
  const [typed, setTyped] = useState<Typed>({
    source: camera.source,
    user: camera.login?.user ?? '',
    password: camera.login?.password ?? '',
  });
  // Undo, or somebody else's save, changes the address below the field.
  useEffect(() => {
    setTyped((before) =>
      toSource(before).source === camera.source ? before : { ...before, source: camera.source },
    );
  }, [camera.source]);
  const isAsSaved = camera.source === known.source && camera.login === undefined;
  return (
    <div class="step picture-step">
      <section class="canvas-panel">
        <h3>{say(language, 'plate')}</h3>
        <Canvas
          {...parts}
          side="pixel"
          camera={id}
          frame={parts.pictureFrame}
          floor={parts.planFrame}
          state={editor}
          edits="look"
          view={undefined}
          isZoomHeld={false}
        />
        <p class="plate-says" role="status">
          {plateSays(parts)}
        </p>
        <div class="plate-line">
          <progress class="plate-bar" max={1} value={plate?.ready ?? 0} aria-label={say(language, 'plate')} />
          <button type="button" onClick={parts.beginPlate}>
            {say(language, 'plateNew')}
          </button>
        </div>
        <p class="second">{say(language, 'plateWhy')}</p>
      </section>
      <section class="panel">
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault();
            void trial.begin(
              isAsSaved ? { camera: id } : { ...toSource(typed), framesPerSecond: camera.framesPerSecond },
            );
          }}
        >
          <AddressFields
            language={language}
            typed={typed}
            hasLogin={known.hasLogin}
            onType={(next) => {
              setTyped(next);
              if (next.source.trim() !== '') change((before) => changeSource(before, id, toSource(next)));
            }}
            onLeave={() => change(settled)}
          />
          <div class="choices">
            <button type="submit" class="main-button" disabled={trial.isTrying || typed.source.trim() === ''}>
              {say(language, trial.result === undefined ? 'tryIt' : 'tryAgain')}
            </button>
          </div>
        </form>
        <Try trial={trial} language={language} />
      </section>
    </div>
  );
}
