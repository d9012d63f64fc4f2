import { useEffect, useState } from 'preact/hooks';
import type { SetupCameras, SetupPreview } from '../../../../src/contract/setup.ts';
import { send } from '../api.ts';
import type { StepNumber, StepParts } from './camera.tsx';
import { inWords } from './checks.ts';
import { fitInWords } from './floor.tsx';
import { isChanged, toWire } from './wire.ts';
import { type SetupWord, say } from './words.ts';

interface Parts extends StepParts {
  readonly listed: SetupCameras['cameras'][number] | undefined;
}

interface Point {
  readonly key: string;
  readonly text: string;
  readonly step: StepNumber;
}

/** What a save would change, in words and in the file; what stops it, what should be looked at first, and why. */
export function SaveStep(parts: Parts) {
  const { editor, setup, language, fit, remarks, listed, saved, refused, isSaving, hasConflict } = parts;
  const [preview, setPreview] = useState<SetupPreview>();
  const [asksWhy, setAsksWhy] = useState(false);
  const hasChanged = isChanged(editor);
  const text = JSON.stringify(toWire(editor.draft));
  useEffect(() => {
    if (!hasChanged) return setPreview(undefined);
    let isOpen = true;
    void send<SetupPreview>('POST', '/api/v1/setup/preview', {
      version: setup.version,
      ...toWire(editor.draft),
    }).then((reply) => {
      if (isOpen && reply.ok) setPreview(reply.value);
    });
    return () => {
      isOpen = false;
    };
  }, [text, setup.version, hasChanged]);

  const own: Point[] = remarks
    .filter(({ severity }) => severity === 'error')
    .map((remark) => ({
      key: `${remark.zone}-${remark.kind}`,
      text: inWords(remark, editor.draft, language),
      step: 3,
    }));
  if (fit.state === 'crossed') own.push({ key: 'fit', text: fitInWords(fit, language), step: 2 });
  // What the box finds besides: of other cameras, and of the file.
  const theirs: Point[] =
    own.length > 0
      ? []
      : (preview?.errors ?? []).map(({ say: words, path }) => ({
          key: `box-${path.join('.')}`,
          text: words[language],
          step: path[0] === 'zones' ? 3 : path[2] === 'floor' ? 2 : 1,
        }));
  const errors = [...own, ...theirs];
  const warnings: Point[] = remarks
    .filter(({ severity }) => severity === 'warning')
    .map((remark) => ({
      key: `${remark.zone}-${remark.kind}`,
      text: inWords(remark, editor.draft, language),
      step: 3,
    }));
  if (fit.state === 'four') warnings.push({ key: 'four', text: say(language, 'saveFour'), step: 2 });
  if (fit.state === 'weak') warnings.push({ key: 'weak', text: fitInWords(fit, language), step: 2 });
  if (!parts.isTaped) warnings.push({ key: 'tape', text: say(language, 'saveNoTape'), step: 2 });
  if (listed?.walked === undefined || hasChanged) {
    warnings.push({ key: 'walk', text: say(language, 'saveNoWalk'), step: 4 });
  }
  const canSave =
    hasChanged && errors.length === 0 && !isSaving && !hasConflict && setup.cannotSave === undefined;
  const lacksWhy = asksWhy && parts.why.trim() === '';

  return (
    <div class="step save-step">
      <section class="panel" aria-labelledby="save-title">
        <h3 id="save-title">{say(language, 'saveTitle')}</h3>
        {!hasChanged && <p>{say(language, 'saveNothing')}</p>}
        {hasChanged && preview === undefined && <p class="second">{say(language, 'saveChecking')}</p>}
        <ul class="what-changes">
          {preview?.changes.map((one) => (
            <li key={one.en}>{one[language]}</li>
          ))}
        </ul>
        {preview !== undefined && preview.diff !== '' && (
          <details class="diff-fold">
            <summary>{say(language, 'saveDiff')}</summary>
            <Diff text={preview.diff} label={say(language, 'saveDiff')} />
          </details>
        )}
      </section>
      <section class="panel save-panel">
        {errors.length > 0 && (
          <div class="save-points errors" role="alert">
            <p>
              <span aria-hidden="true">✕</span> {say(language, 'saveStopped')}
            </p>
            <Points points={errors} {...parts} />
          </div>
        )}
        {warnings.length > 0 && (
          <div class="save-points warnings">
            <p>
              <span aria-hidden="true">▲</span> {say(language, hasChanged ? 'saveLook' : 'saveOpen')}
            </p>
            <Points points={warnings} {...parts} />
          </div>
        )}
        {errors.length + warnings.length === 0 && (
          <p class="good">
            <span aria-hidden="true">✓</span> {say(language, 'saveReady')}
          </p>
        )}
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault();
            if (parts.why.trim() === '') {
              setAsksWhy(true);
              document.getElementById('set-up-why')?.focus();
            } else if (canSave) parts.onSave();
          }}
        >
          <label for="set-up-why">{say(language, 'saveWhy')}</label>
          <input
            id="set-up-why"
            class="text"
            autocomplete="off"
            maxLength={300}
            value={parts.why}
            placeholder={say(language, 'saveWhyExample')}
            aria-invalid={lacksWhy}
            aria-describedby="set-up-why-asked"
            onInput={({ currentTarget }) => parts.onWhy(currentTarget.value)}
          />
          <p id="set-up-why-asked" class={lacksWhy ? 'refused' : 'unseen-by-eyes'}>
            {say(language, 'saveWhyAsked')}
          </p>
          <div class="choices">
            <button type="submit" class="main-button" disabled={!canSave}>
              {say(language, isSaving ? 'saving' : 'save')}
            </button>
            {hasChanged && (
              <button type="button" onClick={parts.onDrop}>
                {say(language, 'dropDraft')}
              </button>
            )}
          </div>
        </form>
        <p role="status" class="saved">
          {saved !== undefined && (
            <>
              <span class="saved-mark" aria-hidden="true">
                ✓
              </span>{' '}
              {say(language, 'saved', { t: parts.timeOf(saved.at) })}{' '}
              {setup.canGoBack && (
                <button type="button" disabled={isSaving} onClick={parts.onTakeBack}>
                  {say(language, 'undoSave')}
                </button>
              )}
            </>
          )}
        </p>
        {refused !== undefined && (
          <p class="refused" role="alert">
            {refused.status === 0
              ? say(language, 'notSavedOffline')
              : `${say(language, 'notSaved')} ${refused.message} ${refused.remedy}`}{' '}
            <span class="code">{refused.code}</span>
          </p>
        )}
        {hasChanged && <p class="second">{say(language, 'draftKept')}</p>}
      </section>
    </div>
  );
}

function Points({ points, language, toStep }: StepParts & { readonly points: readonly Point[] }) {
  return (
    <ul>
      {points.map(({ key, text, step }) => (
        <li key={key}>
          {text}{' '}
          <button type="button" class="link-button" onClick={() => toStep(step)}>
            {step} {say(language, `step${step}` as SetupWord)}
          </button>
        </li>
      ))}
    </ul>
  );
}

const lookOfLine = (line: string): string =>
  /^(\+\+\+|---|@@)/.test(line)
    ? 'second'
    : line.startsWith('+')
      ? 'put-in'
      : line.startsWith('-')
        ? 'taken-out'
        : '';

/** A unified diff: lines taken out and put in are told apart by their sign first. */
function Diff({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <section class="diff" tabindex={0} aria-label={label}>
      <pre>
        {text.split('\n').map((line, index) => (
          <span key={index} class={lookOfLine(line)}>
            {line}
            {'\n'}
          </span>
        ))}
      </pre>
    </section>
  );
}
