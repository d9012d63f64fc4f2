import type { EntranceZone } from '../floor/zones.ts';
import { crossedAt } from '../visits/crossed-at.ts';
import type { Visit } from '../visits/visit.ts';
import type { Behaviour, Happening, Scene } from './behaviour.ts';

/** A customer came in through an entrance. Once a visit; staff coming to work are not arrivals. */
export const arrived: Behaviour<null> = {
  begin: null,
  notice: (_, scene) => [
    null,
    scene.changes
      .filter((change) => change.kind === 'entered' && change.visit.role !== 'staff')
      .map(({ visit, zone }) => ({
        at: scene.at,
        ...since(visit, zone, scene),
        kind: 'arrived' as const,
        visit: visit.id,
        role: visit.role,
        ...(zone === undefined ? {} : { zone }),
        plane: visit.plane,
        where: visit.at,
      })),
  ],
};

function since(visit: Visit, zone: string | undefined, { zones }: Scene): Pick<Happening, 'since'> {
  const door = zones.find((one): one is EntranceZone => one.id === zone && one.kind === 'entrance');
  const crossed = door === undefined ? undefined : crossedAt(visit, door);
  return crossed === undefined ? {} : { since: crossed };
}
