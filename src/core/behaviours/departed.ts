import type { Behaviour } from './behaviour.ts';

/**
 * Somebody went out through an entrance. Once a visit. Whoever is merely lost from sight has not
 * departed: nobody saw them go.
 */
export const departed: Behaviour<null> = {
  begin: null,
  notice: (_, scene) => [
    null,
    scene.changes
      .filter((change) => change.kind === 'left' && change.visit.role !== 'staff')
      .map(({ visit, zone }) => ({
        at: scene.at,
        kind: 'departed' as const,
        visit: visit.id,
        role: visit.role,
        ...(zone === undefined ? {} : { zone }),
        plane: visit.plane,
        where: visit.at,
      })),
  ],
};
