import { parse } from 'yaml';
import { parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { ChangedBy, SettingsChange } from '../../src/contract/settings.ts';
import type {
  DraftCamera,
  SetupBack,
  SetupDraft,
  SetupPayload,
  SetupPreview,
  SetupRemark,
  SetupSave,
} from '../../src/contract/setup.ts';
import type { Size } from '../../src/core/units.ts';
import { checkDraft, type DraftRemarks } from '../../src/service/setup/check-draft.ts';
import { drawnOf, type FileSetup, fileOf } from '../../src/service/setup/draft.ts';
import { sayChanges } from '../../src/service/setup/words.ts';
import { withoutSecrets } from '../cameras/source-address.ts';
import type { BranchStore } from '../settings/branch-store.ts';
import { hideLogins } from '../settings/hide-logins.ts';
import { putSetup, type WrittenSetup } from './put-setup.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface SetupOptions {
  readonly store: BranchStore;
  /** Sizes of the cameras' pictures, as far as they are known. */
  readonly pictures: () => ReadonlyMap<string, Size>;
}

/** Cameras, floor points and zones of the branch file, to be drawn anew. */
export interface Setup {
  view(): SetupPayload;
  /** What a save of this draft would do; nothing changes. */
  preview(draft: SetupDraft): SetupPreview;
  /**
   * @throws {LobbyError} `LOBBY_SETUP_REFUSED`, naming where in the draft, and whatever `BranchStore.rewrite` throws;
   *         nothing has changed then
   */
  save(draft: SetupSave, by: ChangedBy): SettingsChange;
  /** Puts cameras and zones back to how they were in an older version. @throws {LobbyError} as `save`, and `LOBBY_SETUP_FORGOTTEN` */
  goBack(asked: SetupBack, by: ChangedBy): SettingsChange;
}

/** As many as a version says of itself. */
const mostSentences = 60;
const mostDiff = 200_000;

/**
 * Draws up cameras and zones on top of a branch file.
 *
 * An address is told without its login, and one that comes back as it was told keeps it: a page never holds a login
 * that it was not given. One that differs has only the login it comes with, so that a login cannot be sent to another
 * machine by somebody who does not know it.
 */
export function createSetup({ store, pictures }: SetupOptions): Setup {
  const now = (text = store.text) => setupIn(text);
  const drawn = (setup: FileSetup) => drawnOf(setup, withoutSecrets);

  function addressOf(camera: DraftCamera, setup: FileSetup): string {
    const before = setup.cameras.find(({ id }) => id === camera.id)?.source;
    return before !== undefined && withoutSecrets(before) === camera.source && camera.login === undefined
      ? before
      : withLogin(camera, before);
  }

  function remarksOf(draft: SetupDraft, setup: FileSetup): DraftRemarks {
    const trouble = (camera: DraftCamera) => addressTrouble(camera, setup);
    return checkDraft(draft, trouble, pictures());
  }

  function put(draft: SetupDraft, text: string): string | undefined {
    const setup = now(text);
    const file = fileOf(draft, setup, drawn(setup), (camera) => addressOf(camera, setup));
    return putSetup(text, file as unknown as WrittenSetup);
  }

  function rewrite(draft: SetupDraft, why: string, by: ChangedBy): SettingsChange {
    return store.rewrite({
      version: draft.version,
      why,
      by,
      edit: (text) => {
        const setup = now(text);
        const [error] = remarksOf(draft, setup).errors;
        if (error !== undefined) throw refused(error.path, error.say.en);
        const next = put(draft, text);
        if (next === undefined) return undefined;
        try {
          parseBranch(next, 'branch.yaml');
        } catch (cause) {
          if (!(cause instanceof LobbyError)) throw cause;
          throw refused([], String(cause.details.problem), cause);
        }
        return { text: next, setup: [...sayChanges(drawn(setup), draft)].slice(0, mostSentences) };
      },
    });
  }

  return {
    view() {
      const { v, version, latest, keptIn, cannotSave } = store.view();
      const setup = now();
      const { cameras, zones } = drawn(setup);
      const sizes = pictures();
      return {
        v,
        version,
        latest,
        keptIn,
        ...(cannotSave === undefined ? {} : { cannotSave }),
        cameras: cameras.map(({ login: _, ...camera }) => {
          const { source } = setup.cameras.find(({ id }) => id === camera.id)!;
          const picture = sizes.get(camera.id);
          return {
            ...camera,
            hasLogin: hasLogin(source),
            ...(picture === undefined ? {} : { picture: { ...picture } }),
          };
        }),
        zones: [...zones],
        canGoBack: store.textOf(version - 1) !== undefined,
      };
    },
    preview(draft) {
      const text = store.text;
      const setup = now(text);
      const { errors, warnings } = remarksOf(draft, setup);
      const next = errors.length > 0 ? undefined : put(draft, text);
      const rest = next === undefined ? [] : lastWord(next);
      return {
        v: 1,
        version: store.latest.version,
        changes: [...sayChanges(drawn(setup), draft)].slice(0, 200),
        diff: next === undefined ? '' : unifiedDiff(hideLogins(text), hideLogins(next)).slice(0, mostDiff),
        errors: [...errors, ...rest].slice(0, 100),
        warnings: warnings.slice(0, 100),
      };
    },
    save: (draft, by) => rewrite(draft, draft.why, by),
    goBack({ version, to, why }, by) {
      const old = store.textOf(to);
      if (old === undefined) throw new LobbyError('LOBBY_SETUP_FORGOTTEN', { version: to });
      const then = now(old);
      return store.rewrite({
        version,
        why,
        by,
        edit: (text) => {
          const back = withKnownLogins(then, now(text));
          const next = putSetup(text, back.setup as unknown as WrittenSetup);
          const setup = [...back.say, ...sayChanges(drawn(now(text)), drawn(back.setup))];
          return next === undefined ? undefined : { text: next, setup: setup.slice(0, mostSentences) };
        },
      });
    },
  };
}

/**
 * An older set-up whose addresses were kept without their logins: one that is still there has the login it has now, and
 * of another it is said that its login is gone. It is never written as it was kept, `***`.
 */
function withKnownLogins(
  then: FileSetup,
  now: FileSetup,
): { readonly setup: FileSetup; readonly say: readonly SetupRemark['say'][] } {
  const say: SetupRemark['say'][] = [];
  const cameras = then.cameras.map((camera) => {
    const { id, source } = camera;
    if (!source.includes('***')) return camera;
    const today = now.cameras.find((one) => one.id === id)?.source;
    if (today !== undefined && withoutSecrets(today) === withoutSecrets(source)) {
      return { ...camera, source: today };
    }
    say.push({ zh: `${id} 的登录未保存，须重新填写。`, en: `Login of ${id} was not kept: type it anew.` });
    return { ...camera, source: source.replace('://***@', '://').replace('?***', '') };
  });
  return { setup: { ...then, cameras }, say };
}

const refused = (path: SetupRemark['path'], problem: string, cause?: unknown) =>
  new LobbyError(
    'LOBBY_SETUP_REFUSED',
    { path: path.length === 0 ? 'the set-up' : path.join('.'), problem: problem.replace(/\.$/, '') },
    cause === undefined ? undefined : { cause },
  );

/** What reading the file as it would be says of it: nothing, if all was thought of before. */
function lastWord(next: string): SetupRemark[] {
  try {
    parseBranch(next, 'branch.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof LobbyError)) throw error;
    const problem = String(error.details.problem);
    return [{ path: [], say: { zh: problem, en: problem } }];
  }
}

function setupIn(text: string): FileSetup {
  const { cameras = [], zones = [] } = parse(text) as Partial<FileSetup>;
  return { cameras: cameras ?? [], zones: zones ?? [] };
}

const hasLogin = (source: string) => /^[a-z][a-z0-9+.-]+:\/\/.*@/is.test(source);
/** What a set-up page may write: whatever else the service can open is for whoever edits the file. */
const writable = /^(?:rtsps?|https?):\/\/[^\s@]+$|^\/dev\/video\d{1,2}$/i;

/** Whether an address may be tried or written by a page. */
export function isOpenTo(source: string): boolean {
  return (
    writable.test(source) &&
    !source.includes('***') &&
    !(/^https?:|^rtsps?:/i.test(source) && !URL.canParse(source))
  );
}

function addressTrouble(camera: DraftCamera, setup: FileSetup): SetupRemark['say'] | undefined {
  const before = setup.cameras.find(({ id }) => id === camera.id)?.source;
  if (before !== undefined && withoutSecrets(before) === camera.source) return undefined;
  if (isOpenTo(camera.source)) return undefined;
  return {
    zh: `${camera.id} 的地址须以 rtsp(s)://、http(s):// 开头，或为 /dev/video0；登录另填。`,
    en: `The address of ${camera.id} must begin with rtsp(s):// or http(s)://, or be /dev/video0; a login goes beside it.`,
  };
}

/** An address with its login in it, as FFmpeg wants it. */
export function withLogin({ source, login }: Pick<DraftCamera, 'source' | 'login'>, before?: string): string {
  // The same place with another login keeps what stands after the `?`.
  const plain =
    before !== undefined && withoutSecrets(before) === source
      ? before.replace(/^([a-z][a-z0-9+.-]+:\/\/)(?:.*@)?/is, '$1')
      : source;
  if (login === undefined || !/^[a-z][a-z0-9+.-]+:\/\//i.test(plain)) return plain;
  const { user, password } = login;
  return plain.replace('://', `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
}
