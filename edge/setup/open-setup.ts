import { parse } from 'yaml';
import type { BranchCamera } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Lobby } from '../../src/service/lobby.ts';
import { createPlates, type Plates } from '../../src/service/setup/plates.ts';
import { createWalk, type Walk } from '../../src/service/setup/walk.ts';
import { withoutSecrets } from '../cameras/source-address.ts';
import type { SetupParts } from '../http/setup.ts';
import type { BranchStore } from '../settings/branch-store.ts';
import { viewCameras } from './cameras.ts';
import { createSetup, isOpenTo, withLogin } from './setup.ts';
import { tryCamera } from './try-camera.ts';
import { writePng } from './write-png.ts';

export interface OpenSetupOptions {
  readonly store: BranchStore;
  readonly lobby: Lobby;
  readonly clock: Clock;
  /** A camera's source as the branch file means it: paths are relative to the file. */
  readonly sourceOf: (source: string) => string;
  /** Absent: made here, told of to no journal. */
  readonly plates?: Plates;
  readonly walk?: Walk;
}

/** Puts together what the set-up pages are fed with. */
export function openSetup(options: OpenSetupOptions): SetupParts {
  const { store, lobby, clock, sourceOf } = options;
  const note = () => undefined;
  const plates = options.plates ?? createPlates({ clock, note });
  const walk =
    options.walk ??
    createWalk({ clock, branch: () => store.branch, version: () => store.latest.version, note });
  const pictures = () =>
    new Map(
      lobby
        .cameras()
        .flatMap(({ id, health: { picture } }) => (picture === undefined ? [] : [[id, picture]])),
    );
  let isTrying = false;
  /** @throws {LobbyError} `LOBBY_PRIVACY_COUNTS` */
  const mayShow = () => {
    if (store.branch.privacy.level === 'counts') throw new LobbyError('LOBBY_PRIVACY_COUNTS');
  };
  return {
    store,
    setup: createSetup({ store, pictures }),
    cameras: () =>
      viewCameras({
        branch: store.branch,
        floorPoints: floorPointsIn(store.text),
        cameras: lobby.cameras(),
        health: lobby.health(),
        ...withWalk(),
        at: clock.now(),
      }),
    plates: {
      begin(camera, by) {
        known(camera);
        mayShow();
        plates.begin(camera, by);
      },
      progress(camera) {
        known(camera);
        return plates.progress(camera);
      },
      png(camera) {
        known(camera);
        const drawn = plates.draw(camera);
        if (drawn === undefined) throw new LobbyError('LOBBY_PLATE_NONE', { camera });
        return writePng(drawn.size, drawn.rgba);
      },
      end: plates.end,
    },
    walk: {
      ...walk,
      start(by) {
        mayShow();
        walk.start(by);
      },
    },
    async tryCamera(asked, signal) {
      const subject = subjectOf(asked);
      if (isTrying) throw new LobbyError('LOBBY_TRY_BUSY');
      isTrying = true;
      try {
        return await tryCamera({ ...subject, clock, signal });
      } finally {
        isTrying = false;
      }
    },
  };

  function withWalk() {
    const walked = walk.walked();
    return walked === undefined ? {} : { walked };
  }

  function known(camera: string) {
    const found = store.branch.cameras.find(({ id }) => id === camera);
    if (found === undefined) throw new LobbyError('LOBBY_CAMERA_UNKNOWN', { camera });
    return found;
  }

  /** A file of an authority lies where a clip would: relative to the branch file. */
  function tlsOf(tls: BranchCamera['tls']) {
    if (tls === undefined) return {};
    return { tls: 'ca' in tls ? { ca: sourceOf(tls.ca) } : tls };
  }

  function subjectOf(asked: Parameters<SetupParts['tryCamera']>[0]) {
    if ('camera' in asked) {
      const { id, source, framesPerSecond, tls } = known(asked.camera);
      const shown = withoutSecrets(source);
      return { source: sourceOf(source), shown, called: id, framesPerSecond, ...tlsOf(tls) };
    }
    const { source, framesPerSecond } = asked;
    if (!isOpenTo(source)) throw new LobbyError('LOBBY_TRY_REFUSED');
    const called = URL.canParse(source) ? new URL(source).host : source;
    const whole = withLogin(asked);
    return { source: whole, shown: withoutSecrets(whole), called: called.slice(0, 100), framesPerSecond };
  }
}

function floorPointsIn(text: string): ReadonlyMap<string, number> {
  const { cameras = [] } = parse(text) as { cameras?: { id: string; floor?: unknown[] | null }[] };
  return new Map(cameras.map(({ id, floor }) => [id, floor?.length ?? 0]));
}
