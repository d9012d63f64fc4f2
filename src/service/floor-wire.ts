import type { Branch } from '../contract/branch.ts';
import type { FloorPayload, PlanPayload } from '../contract/live.ts';
import type { PrivacyLevel } from '../contract/privacy.ts';
import { floorPlane, type Zone } from '../core/floor/zones.ts';
import { viewFloor } from '../core/floor-view.ts';
import type { PlanePoint } from '../core/geometry/polygon.ts';
import type { CoreSettings, CoreState } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import type { InForce } from './in-force.ts';
import type { VisitNames } from './journal-lines.ts';
import { toMoment } from './wire.ts';

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/**
 * The floor as the console is sent it: places to a centimetre, times to a tenth of a second. At the level `counts`
 * there is nobody on it.
 *
 * @param names what visits are called, as in the journal
 */
export function toFloorPayload(
  state: CoreState,
  settings: CoreSettings,
  names: VisitNames,
  now: Seconds,
  level: PrivacyLevel,
): FloorPayload {
  const at = toMoment(Number.isFinite(state.at) ? state.at : now);
  if (level === 'counts') return { v: 1, at, people: [] };
  const people = viewFloor(state, settings, names.of).map(({ x, y, forSeconds, heldSeconds, ...person }) => ({
    ...person,
    x: round(x, 2),
    y: round(y, 2),
    ...(forSeconds === undefined ? {} : { forSeconds: round(forSeconds, 1) }),
    ...(heldSeconds === undefined ? {} : { heldSeconds: round(heldSeconds, 1) }),
  }));
  return { v: 1, at, people };
}

/**
 * The floor plan: what does not move.
 *
 * @param inForce today's thresholds, and whose day it is; absent: the base
 */
export function toPlanPayload(
  branch: Branch,
  inForce: Pick<InForce, 'thresholds' | 'profile'> = branch,
): PlanPayload {
  const { profile, thresholds } = inForce;
  const { contact, prompts } = thresholds;
  return {
    v: 1,
    branch: branch.id,
    targetSeconds: contact.targetSeconds,
    mostInTenMinutes: prompts.mostInTenMinutes,
    ...(branch.privacy.level === 'counts' ? { countsOnly: true as const } : {}),
    ...(branch.hours === undefined ? {} : { timezone: branch.hours.timezone }),
    ...(profile === undefined
      ? {}
      : {
          profile: {
            id: profile.id,
            ...(profile.name === undefined ? {} : { name: { ...profile.name } }),
          },
        }),
    zones: branch.zones
      .filter(({ zone }) => zone.plane === floorPlane)
      .map(({ zone, name }) => ({ id: zone.id, kind: zone.kind, name: { ...name }, ...shapeOf(zone) })),
  };
}

type Shape = Pick<PlanPayload['zones'][number], 'polygon' | 'line' | 'inside'>;

function shapeOf(zone: Zone): Shape {
  const point = ({ x, y }: PlanePoint): [number, number] => [x, y];
  if (zone.kind !== 'entrance') return { polygon: zone.polygon.map(point) };
  const { from, to, inside } = zone.door;
  return { line: [point(from), point(to)], inside: point(inside) };
}
