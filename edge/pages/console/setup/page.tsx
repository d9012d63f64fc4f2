import './setup.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SettingsChange } from '../../../../src/contract/settings.ts';
import type { SetupConflict, SetupPayload } from '../../../../src/contract/setup.ts';
import { ask, send, type Trouble } from '../api.ts';
import { boxNow } from '../live/state.ts';
import type { PageParts } from '../page-parts.ts';
import { momentOf, whoOf } from '../rules/history.tsx';
import { CameraPage } from './camera.tsx';
import { CameraList } from './cameras.tsx';
import { Compared } from './compared.tsx';
import { beginEditor, type Draft, dropAll, type EditorState } from './state.ts';
import { isChanged, merged, sameDraft, toDraft, toWire } from './wire.ts';
import { say } from './words.ts';

/** What is so on the box, what is drawn on top, and whether somebody else has saved meanwhile. */
export interface Held {
  readonly setup: SetupPayload;
  readonly editor: EditorState;
  readonly why: string;
  readonly conflict?:
    | { readonly current: SetupPayload; readonly since: readonly SettingsChange[] }
    | undefined;
}

/** What was drawn outlasts a look at another page, and a reload, in this tab alone. */
const draftName = 'lobby.setup';

interface Kept {
  readonly version: number;
  readonly base: Draft;
  readonly draft: Draft;
  readonly why: string;
}

function keptDraft(): Kept | undefined {
  try {
    const text = sessionStorage.getItem(draftName);
    return text === null ? undefined : (JSON.parse(text) as Kept);
  } catch {
    return undefined;
  }
}

function keepDraft({ setup, editor, why }: Held): void {
  try {
    if (!isChanged(editor) && why === '') return void sessionStorage.removeItem(draftName);
    // A password is kept nowhere but in the field it was typed into.
    const cameras = editor.draft.cameras.map(({ login: _, ...camera }) => camera);
    const kept: Kept = {
      version: setup.version,
      base: editor.base,
      draft: { ...editor.draft, cameras },
      why,
    };
    sessionStorage.setItem(draftName, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing loses it with the page.
  }
}

/** Begins on what the box has, with what was kept of an earlier look at the page. */
function begin(setup: SetupPayload): Held {
  const base = toDraft(setup);
  const kept = keptDraft();
  if (kept === undefined) return { setup, editor: beginEditor(base), why: '' };
  if (kept.version === setup.version || sameDraft(kept.base, base)) {
    return { setup, editor: beginEditor(base, kept.draft), why: kept.why };
  }
  const was: SetupPayload = { ...setup, version: kept.version };
  return {
    setup: was,
    editor: beginEditor(kept.base, kept.draft),
    why: kept.why,
    conflict: { current: setup, since: [setup.latest] },
  };
}

/** The box has another version: taken over while nothing is drawn, else told of. */
function heard(held: Held, current: SetupPayload, since: readonly SettingsChange[]): Held {
  const base = toDraft(current);
  if (current.version === held.setup.version) return { ...held, setup: current };
  // Thresholds were changed, and nothing of the set-up: what is drawn stands on the same floor.
  if (sameDraft(base, held.editor.base)) return { ...held, setup: current };
  if (!isChanged(held.editor)) return { setup: current, editor: beginEditor(base), why: held.why };
  return { ...held, conflict: { current, since } };
}

export function Page({ live, language, session, keys, address, go }: PageParts) {
  const [held, setHeld] = useState<Held>();
  const [unread, setUnread] = useState(false);
  const [isComparing, setComparing] = useState(false);
  const [refused, setRefused] = useState<Trouble>();
  const [saved, setSaved] = useState<SettingsChange>();
  const [isSaving, setSaving] = useState(false);
  const newest = useRef(held);
  newest.current = held;

  const change = (next: (before: EditorState) => EditorState) =>
    setHeld((before) => {
      if (before === undefined) return before;
      const editor = next(before.editor);
      return editor === before.editor ? before : { ...before, editor };
    });

  async function read(): Promise<void> {
    const reply = await ask<SetupPayload>('/api/v1/setup');
    if (!reply.ok) return setUnread(true);
    setUnread(false);
    setHeld((before) =>
      before === undefined ? begin(reply.value) : heard(before, reply.value, [reply.value.latest]),
    );
  }
  // The box tells its version each second; another than this page's is read.
  useEffect(() => void read(), [live.settings, live.link]);
  useEffect(() => {
    if (held !== undefined) keepDraft(held);
  }, [held]);

  /** @returns whether it was saved */
  async function save(
    from: Held,
    draft: Draft,
    why: string,
    afterwards: (setup: SetupPayload) => EditorState,
    version = from.setup.version,
  ): Promise<boolean> {
    setSaving(true);
    setRefused(undefined);
    const reply = await send<SetupPayload>('PUT', '/api/v1/setup', { version, ...toWire(draft), why });
    setSaving(false);
    return came(reply, afterwards);
  }
  function came(
    reply: Awaited<ReturnType<typeof send<SetupPayload>>>,
    afterwards: (setup: SetupPayload) => EditorState,
  ): boolean {
    if (reply.ok) {
      const { value } = reply;
      setSaved(value.latest);
      setComparing(false);
      setHeld({ setup: value, editor: afterwards(value), why: '' });
      return true;
    }
    const { trouble } = reply;
    if (trouble.code === 'LOBBY_SETTINGS_STALE') {
      const { current, since } = trouble as Trouble & SetupConflict;
      setHeld((before) => (before === undefined ? before : { ...before, conflict: { current, since } }));
      setComparing(true);
    } else {
      setRefused(trouble);
    }
    return false;
  }
  /** What was drawn is the box's now; steps can still be undone, onto a new draft. */
  const keepSteps =
    (from: Held) =>
    (setup: SetupPayload): EditorState => {
      const base = toDraft(setup);
      const { editor } = newest.current ?? from;
      return { ...editor, base, draft: sameDraft(editor.draft, from.editor.draft) ? base : editor.draft };
    };
  const saveDraft = (from: Held) => save(from, from.editor.draft, from.why, keepSteps(from));

  async function takeBack(from: Held): Promise<void> {
    setSaving(true);
    setRefused(undefined);
    const { version } = from.setup;
    const reply = await send<SetupPayload>('POST', '/api/v1/setup/back', {
      version,
      to: version - 1,
      why: say(language, 'undoneWhy', { version }),
    });
    setSaving(false);
    came(reply, (setup) => beginEditor(toDraft(setup)));
  }

  function takeTheirs(): void {
    setComparing(false);
    setHeld((before) => {
      if (before?.conflict === undefined) return before;
      const { current } = before.conflict;
      const { editor } = before;
      const base = toDraft(current);
      // Mine comes back by undoing.
      const past = [...editor.past, { deed: 'take-theirs' as const, about: '', draft: editor.draft }];
      return { setup: current, why: '', editor: { ...beginEditor(base), past } };
    });
  }
  function putOnTop(): void {
    setComparing(false);
    setHeld((before) => {
      if (before?.conflict === undefined) return before;
      const { current } = before.conflict;
      const { editor } = before;
      const base = toDraft(current);
      const past = [...editor.past, { deed: 'put-on-top' as const, about: '', draft: editor.draft }];
      return {
        setup: current,
        why: before.why,
        editor: { ...editor, base, draft: merged(editor.base, base, editor.draft), past, future: [] },
      };
    });
  }

  if (held === undefined) {
    return (
      <p class="empty-page" role={unread ? 'alert' : undefined}>
        {say(language, unread ? 'unread' : 'reading')}
      </p>
    );
  }
  const { setup, editor, conflict } = held;
  const path = address.split('?')[0]!;
  const id = decodeURIComponent(path.replace(/^\/setup\/?/, ''));
  const timeOf = (at: string) => momentOf(at, language, live.plan?.timezone, boxNow(live));
  const somebody =
    conflict &&
    say(language, 'somebodySaved', {
      who: whoOf(conflict.current.latest, language),
      version: conflict.current.version,
      t: timeOf(conflict.current.latest.at),
    });
  const choices = (
    <>
      <button type="button" onClick={takeTheirs}>
        {say(language, 'takeTheirs')}
      </button>
      <button type="button" onClick={putOnTop}>
        {say(language, 'putMineOnTop')}
      </button>
    </>
  );
  const parts = { live, language, session, keys, address, go, setup, editor, change, timeOf };

  return (
    <div class="set-up">
      <div class="notes">
        {setup.keptIn === 'memory' && <p class="note">{say(language, 'keptInMemory')}</p>}
        {setup.cannotSave !== undefined && (
          <p class="note strong" role="alert">
            {say(
              language,
              setup.cannotSave.code === 'LOBBY_SETTINGS_FILE_BROKEN' ? 'fileBroken' : 'fileUnwritable',
            )}{' '}
            <span class="code">{setup.cannotSave.code}</span>
          </p>
        )}
        {conflict !== undefined && (
          <div class="note strong" role="alert">
            <p>{somebody}</p>
            <div class="choices">
              <button type="button" aria-expanded={isComparing} onClick={() => setComparing(!isComparing)}>
                {say(language, 'compare')}
              </button>
              {choices}
            </div>
            {isComparing && (
              <Compared
                base={editor.base}
                theirs={toDraft(conflict.current)}
                mine={editor.draft}
                since={conflict.since}
                language={language}
              />
            )}
          </div>
        )}
      </div>
      {id === '' ? (
        <CameraList
          {...parts}
          onAdd={(camera) =>
            save(
              held,
              { ...editor.base, cameras: [...editor.base.cameras, camera] },
              say(language, 'addWhy', { place: camera.id }),
              (after) => {
                const base = toDraft(after);
                return { ...editor, base, draft: merged(editor.base, base, editor.draft) };
              },
            )
          }
          refused={refused}
        />
      ) : (
        <CameraPage
          {...parts}
          key={id}
          id={id}
          why={held.why}
          onWhy={(why) => setHeld((before) => before && { ...before, why })}
          saved={saved?.version === setup.version ? saved : undefined}
          refused={refused}
          isSaving={isSaving}
          hasConflict={conflict !== undefined}
          onSave={() => void saveDraft(held)}
          onTakeBack={() => void takeBack(held)}
          onDrop={() => change(dropAll)}
        />
      )}
    </div>
  );
}
