import type { Branch } from '../../src/contract/branch.ts';
import type { SetupCameras } from '../../src/contract/setup.ts';
import type { HealthPayload } from '../../src/contract/topics.ts';
import type { CameraHealth } from '../../src/service/run-camera.ts';
import { toMoment } from '../../src/service/wire.ts';
import { withoutSecrets } from '../cameras/source-address.ts';

type Camera = SetupCameras['cameras'][number];

export interface CamerasAsked {
  readonly branch: Branch;
  /** Floor points of each camera, as the file says them. */
  readonly floorPoints: ReadonlyMap<string, number>;
  readonly cameras: readonly { readonly id: string; readonly health: CameraHealth }[];
  readonly health: HealthPayload;
  /** The last walk test that was accepted and still holds. */
  readonly walked?: Camera['walked'];
  readonly at: number;
}

/** The cameras of a branch as they are now, and what each still lacks. */
export function viewCameras({
  branch,
  floorPoints,
  cameras,
  health,
  walked,
  at,
}: CamerasAsked): SetupCameras {
  const hasEntrance = branch.zones.some(({ zone }) => zone.kind === 'entrance');
  return {
    v: 1,
    at: toMoment(at),
    cameras: branch.cameras.flatMap(({ id, source, framesPerSecond }): Camera[] => {
      const own = cameras.find((one) => one.id === id)?.health;
      const told = health.cameras.find((one) => one.id === id);
      if (own === undefined || told === undefined) return [];
      const points = floorPoints.get(id) ?? 0;
      const zones = [...(told.places ?? [])];
      const missing: Camera['missing'] = [
        ...(points === 0 ? (['floor'] as const) : []),
        ...(points === 4 ? (['fifth-point'] as const) : []),
        ...(zones.length === 0 ? (['zones'] as const) : []),
        ...(hasEntrance ? [] : (['entrance'] as const)),
        ...(walked === undefined ? (['walk-test'] as const) : []),
      ];
      return [
        {
          id,
          source: withoutSecrets(source),
          state: own.state,
          since: toMoment(own.since),
          ...(own.picture === undefined ? {} : { picture: { ...own.picture } }),
          ...(own.codec === undefined ? {} : { codec: own.codec.slice(0, 40) }),
          framesPerSecond: Number(own.framesPerSecond.toFixed(1)),
          asked: framesPerSecond,
          ...(told.trouble === undefined ? {} : { trouble: { ...told.trouble } }),
          floorPoints: points,
          zones,
          missing,
          ...(walked === undefined ? {} : { walked }),
        },
      ];
    }),
  };
}
