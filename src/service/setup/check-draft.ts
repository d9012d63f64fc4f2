import type { DraftCamera, DraftZone, SetupDraft, SetupRemark } from '../../contract/setup.ts';
import { checkZones, type DrawnView } from '../../core/setup/check-zones.ts';
import { assessFloor, type FloorFit } from '../../core/setup/floor-fit.ts';
import type { Size } from '../../core/units.ts';
import { sayFloor, sayZone } from './words.ts';

/** What was found in a draft: errors stop a save, warnings do not. */
export interface DraftRemarks {
  readonly errors: readonly SetupRemark[];
  readonly warnings: readonly SetupRemark[];
}

type Drawn = Pick<SetupDraft, 'cameras' | 'zones'>;

/**
 * Checks a draft as a whole, by the same functions the page draws by.
 *
 * @param addressTrouble why an address cannot be taken; absent: it can
 * @param pictures sizes of the cameras' pictures, as far as known
 */
export function checkDraft(
  { cameras, zones }: Drawn,
  addressTrouble: (camera: DraftCamera) => SetupRemark['say'] | undefined,
  pictures: ReadonlyMap<string, Size>,
): DraftRemarks {
  const errors: SetupRemark[] = [];
  const warnings: SetupRemark[] = [];
  const fits = cameras.map((camera) => fitOf(camera, zones));
  if (cameras.length === 0) {
    errors.push({
      path: ['cameras'],
      say: { zh: '至少要有一个摄像头。', en: 'There must be a camera.' },
    });
  }
  errors.push(...twice(cameras, 'cameras'), ...twice(zones, 'zones'));
  for (const [index, camera] of cameras.entries()) {
    const address = addressTrouble(camera);
    if (address !== undefined) errors.push({ path: ['cameras', index, 'source'], say: address });
    const fit = fits[index];
    const said = fit === undefined ? undefined : sayFloor(camera.id, fit);
    if (said === undefined) continue;
    (said.severity === 'error' ? errors : warnings).push({
      path: ['cameras', index, 'floor'],
      say: said.say,
    });
  }
  const views = cameras.flatMap((camera, index): DrawnView[] => {
    const fit = fits[index];
    if (fit === undefined || !('view' in fit) || fit.view === undefined) return [];
    const picture = pictures.get(camera.id);
    const spots = camera.floor.map(({ metres: [x, y] }) => ({ x, y }));
    return [{ camera: camera.id, view: fit.view, spots, ...(picture === undefined ? {} : { picture }) }];
  });
  for (const [index, zone] of zones.entries()) {
    const say = planeTrouble(zone, cameras);
    if (say !== undefined) errors.push({ path: ['zones', index, 'camera'], say });
  }
  for (const remark of checkZones(zones, views)) {
    const index = zones.findIndex(({ id }) => id === remark.zone);
    const part =
      remark.kind === 'name-too-long' ? 'name' : zones[index]!.kind === 'entrance' ? 'line' : 'polygon';
    const path = ['zones', index, part];
    (remark.severity === 'error' ? errors : warnings).push({ path, say: sayZone(remark, zones) });
  }
  if (!zones.some(({ kind }) => kind === 'entrance')) {
    warnings.push({
      path: ['zones'],
      say: {
        zh: '没有入口：看不出谁进来、谁离开。',
        en: 'There is no entrance: nobody can be seen to arrive or depart.',
      },
    });
  }
  return { errors, warnings };
}

/** Absent: the camera has no floor points, and is to have none. */
function fitOf({ floor }: DraftCamera, zones: readonly DraftZone[]): FloorFit | undefined {
  if (floor.length === 0) return undefined;
  const spots = zones
    .filter(({ camera }) => camera === undefined)
    .flatMap(({ polygon = [], line = [] }) => [...polygon, ...line])
    .map(([x, y]) => ({ x, y }));
  return assessFloor(
    floor.map(({ pixel, metres }) => ({
      pixel: { x: pixel[0], y: pixel[1] },
      floor: { x: metres[0], y: metres[1] },
    })),
    spots,
  );
}

function twice(list: readonly { readonly id: string }[], key: string): SetupRemark[] {
  return list.flatMap(({ id }, index) => {
    const path = [key, index, 'id'];
    if (key === 'zones' && id === 'hall') {
      return [
        {
          path,
          say: {
            zh: 'hall 表示所有区域之外，不能用作名字。',
            en: 'hall means outside all zones, and is no name.',
          },
        },
      ];
    }
    return list.findIndex((other) => other.id === id) === index
      ? []
      : [{ path, say: { zh: `${id} 出现了两次。`, en: `${id} is there twice.` } }];
  });
}

function planeTrouble(
  { camera }: DraftZone,
  cameras: readonly DraftCamera[],
): SetupRemark['say'] | undefined {
  if (camera === undefined) {
    return cameras.some(({ floor }) => floor.length > 0)
      ? undefined
      : {
          zh: '区域以米为单位，但没有摄像头标了地面点。',
          en: 'It is in metres, but no camera has floor points.',
        };
  }
  const own = cameras.find(({ id }) => id === camera);
  if (own !== undefined && own.floor.length === 0) return undefined;
  return own === undefined
    ? { zh: `没有摄像头 ${camera}。`, en: `There is no camera ${camera}.` }
    : {
        zh: `${camera} 已有地面点：请以米为单位重画此区域。`,
        en: `${camera} has floor points now: draw this zone in metres.`,
      };
}
