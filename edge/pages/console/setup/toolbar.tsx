import type { StepParts } from './camera.tsx';
import { chooseTool, type Tool } from './state.ts';
import { say } from './words.ts';

const letters: Readonly<Record<Tool, string>> = {
  select: 'V',
  zone: 'Z',
  entrance: 'E',
  point: 'P',
  ruler: 'R',
};

/** What the next click does is chosen here, or by its letter. */
export function Toolbar({
  editor,
  change,
  language,
  tools,
  isSnapping,
  onSnapping,
  hasSnap = false,
  shown,
  onShown,
}: StepParts & { readonly tools: readonly Tool[]; readonly hasSnap?: boolean }) {
  return (
    <div class="tool-line" role="toolbar" aria-label={say(language, 'tools')}>
      {tools.map((tool) => (
        <button
          key={tool}
          type="button"
          aria-pressed={editor.tool === tool}
          aria-keyshortcuts={letters[tool]}
          onClick={() => change((before) => chooseTool(before, tool))}
        >
          <kbd>{letters[tool]}</kbd> {say(language, tool)}
        </button>
      ))}
      {hasSnap && (
        <button
          type="button"
          aria-pressed={isSnapping}
          title={say(language, 'snapHelp', { key: 'Ctrl' })}
          onClick={() => onSnapping(!isSnapping)}
        >
          {say(language, isSnapping ? 'snapOn' : 'snapOff')}
        </button>
      )}
      <span class="spring" />
      <fieldset class="view-choice bare">
        <legend class="unseen-by-eyes">{say(language, 'views')}</legend>
        {(['both', 'pixel', 'metres'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={shown === one} onClick={() => onShown(one)}>
            {say(language, one === 'both' ? 'viewBoth' : one === 'pixel' ? 'viewPlate' : 'viewPlan')}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
