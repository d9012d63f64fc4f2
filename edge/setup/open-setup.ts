import { parse } from 'yaml';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Lobby } from '../../src/service/lobby.ts';
import { withoutSecrets } from '../cameras/source-address.ts';
import type { SetupParts } from '../http/setup.ts';
import type { BranchStore } from '../settings/branch-store.ts';
import { viewCameras } from './cameras.ts';
import { createSetup, isOpenTo, withLogin } from './setup.ts';
import { tryCamera } from './try-camera.ts';

export interface OpenSetupOptions {
  readonly store: BranchStore;
  readonly lobby: Lobby;
  readonly clock: Clock;
  /** A camera's source as the branch file means it: paths are relative to the file. */
  readonly sourceOf: (source: string) => string;
}

/** Puts together what the set-up pages are fed with. */
export function openSetup({ store, lobby, clock, sourceOf }: OpenSetupOptions): SetupParts {
  const pictures = () =>
    new Map(
      lobby
        .cameras()
        .flatMap(({ id, health: { picture } }) => (picture === undefined ? [] : [[id, picture]])),
    );
  let isTrying = false;
  return {
    store,
    setup: createSetup({ store, pictures }),
    cameras: () =>
      viewCameras({
        branch: store.branch,
        floorPoints: floorPointsIn(store.text),
        cameras: lobby.cameras(),
        health: lobby.health(),
        at: clock.now(),
      }),
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

  function subjectOf(asked: Parameters<SetupParts['tryCamera']>[0]) {
    if ('camera' in asked) {
      const camera = store.branch.cameras.find(({ id }) => id === asked.camera);
      if (camera === undefined) throw new LobbyError('LOBBY_CAMERA_UNKNOWN', { camera: asked.camera });
      const { id, source, framesPerSecond } = camera;
      return { source: sourceOf(source), shown: withoutSecrets(source), called: id, framesPerSecond };
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
