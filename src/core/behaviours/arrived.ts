import type { Behaviour } from './behaviour.ts';

/** A customer came in through an entrance. Once a visit; staff coming to work are not arrivals. */
export const arrived: Behaviour<null> = {
  begin: null,
  notice: (_, scene) => [
    null,
    scene.changes
      .filter((change) => change.kind === 'entered' && change.visit.role !== 'staff')
      .map(({ visit, zone }) => ({
        at: scene.at,
        kind: 'arrived' as const,
        visit: visit.id,
        role: visit.role,
        ...(zone === undefined ? {} : { zone }),
        plane: visit.plane,
        where: visit.at,
      })),
  ],
};
