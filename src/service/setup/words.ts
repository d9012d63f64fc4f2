import { defaultNames } from '../../contract/branch.ts';
import type { DraftZone, SetupRemark } from '../../contract/setup.ts';
import type { ZoneRemark } from '../../core/setup/check-zones.ts';
import type { FloorFit } from '../../core/setup/floor-fit.ts';
import type { DrawnSetup } from './draft.ts';

/** One sentence in both languages. */
export type Say = SetupRemark['say'];
type Camera = DrawnSetup['cameras'][number];
type Point = readonly [number, number];

const kindNames: Readonly<Record<DraftZone['kind'], Say>> = {
  entrance: { zh: '入口', en: 'an entrance' },
  queue: { zh: '排队区', en: 'a queue' },
  service: { zh: '自助区', en: 'a place of machines' },
  staff: { zh: '员工区', en: 'a staff zone' },
  vip: { zh: '贵宾区', en: 'a VIP zone' },
  desk: { zh: '柜台', en: 'a desk' },
  ignore: { zh: '不计区域', en: 'a place that is not counted' },
};

export const nameOf = ({ kind, name }: Pick<DraftZone, 'kind' | 'name'>): Say => name ?? defaultNames[kind];

/** Lengths as one says them: to a centimetre below a metre's tenth, then to ten. */
const length = (metres: number): Say =>
  metres < 0.095
    ? {
        zh: `${Math.max(1, Math.round(metres * 100))} 厘米`,
        en: `${Math.max(1, Math.round(metres * 100))} cm`,
      }
    : { zh: `${metres.toFixed(1)} 米`, en: `${metres.toFixed(1)} m` };

const far = (one: Point, other: Point) => Math.hypot(one[0] - other[0], one[1] - other[1]);

/** What differs between two set-ups, a sentence each: cameras first, in the order of the newer one. */
export function sayChanges(before: DrawnSetup, after: DrawnSetup): readonly Say[] {
  const say: Say[] = [];
  for (const camera of after.cameras) {
    const old = before.cameras.find(({ id }) => id === camera.id);
    if (old === undefined) say.push({ zh: `新摄像头 ${camera.id}。`, en: `New camera ${camera.id}.` });
    else say.push(...cameraChanges(old, camera));
    if (old === undefined && camera.floor.length > 0)
      say.push(...cameraChanges({ ...camera, floor: [] }, camera));
  }
  for (const { id } of before.cameras) {
    if (after.cameras.some((one) => one.id === id)) continue;
    say.push({ zh: `摄像头 ${id} 已移除。`, en: `Camera ${id} taken out.` });
  }
  for (const zone of after.zones) {
    const old = before.zones.find(({ id }) => id === zone.id);
    const { zh, en } = nameOf(zone);
    if (old === undefined) say.push({ zh: `新区域 ${zh}。`, en: `New zone ${en}.` });
    else say.push(...zoneChanges(old, zone));
  }
  for (const zone of before.zones) {
    if (after.zones.some(({ id }) => id === zone.id)) continue;
    const { zh, en } = nameOf(zone);
    say.push({ zh: `区域 ${zh} 已删除。`, en: `Zone ${en} taken out.` });
  }
  return say;
}

function cameraChanges(before: Camera, { id, source, login, framesPerSecond, floor }: Camera): Say[] {
  const say: Say[] = [];
  if (before.source !== source) say.push({ zh: `${id} 的地址已更改。`, en: `Address of ${id} changed.` });
  else if (login !== undefined) say.push({ zh: `${id} 的登录已更改。`, en: `Login of ${id} changed.` });
  if (before.framesPerSecond !== framesPerSecond) {
    say.push({
      zh: `${id}：每秒看 ${framesPerSecond} 张，原来 ${before.framesPerSecond} 张。`,
      en: `${id}: ${framesPerSecond} pictures a second instead of ${before.framesPerSecond}.`,
    });
  }
  if (before.floor.length !== floor.length) {
    say.push({
      zh: `${id} 的地面点：${floor.length} 个，原来 ${before.floor.length} 个。`,
      en: `Floor of ${id}: ${floor.length} points instead of ${before.floor.length}.`,
    });
    return say;
  }
  const moved = floor.flatMap((pair, index) =>
    JSON.stringify(pair) === JSON.stringify(before.floor[index]) ? [] : [index + 1],
  );
  if (moved.length > 0) {
    say.push({
      zh: `${id}：地面点 ${moved.join('、')} 已移动。`,
      en: `${id}: floor ${moved.length === 1 ? 'point' : 'points'} ${moved.join(', ')} moved.`,
    });
  }
  return say;
}

function zoneChanges(before: DraftZone, after: DraftZone): Say[] {
  const { zh, en } = nameOf(after);
  const say: Say[] = [];
  const add = (chinese: string, english: string) =>
    say.push({ zh: `${zh}：${chinese}。`, en: `${en}: ${english}.` });
  const old = nameOf(before);
  if (before.kind !== after.kind) {
    const [was, is] = [kindNames[before.kind], kindNames[after.kind]];
    add(`改为${is.zh}，原来是${was.zh}`, `${is.en} instead of ${was.en}`);
  } else if (old.zh !== zh || old.en !== en) {
    say.push({ zh: `${old.zh} 改名为 ${zh}。`, en: `${old.en} is called ${en} now.` });
  }
  if (before.camera !== after.camera) add('改用另一个平面', 'drawn on another plane');
  else say.push(...shapeChanges(before, after, zh, en));
  if (before.places !== after.places) {
    add(
      `同时可服务 ${after.places ?? 1} 位，原来 ${before.places ?? 1} 位`,
      `serves ${after.places ?? 1} at once instead of ${before.places ?? 1}`,
    );
  }
  if (JSON.stringify(before.serves ?? []) !== JSON.stringify(after.serves ?? [])) {
    add('所办业务已更改', 'what is served there changed');
  }
  return say;
}

function shapeChanges(before: DraftZone, after: DraftZone, zh: string, en: string): Say[] {
  const unit = (metres: number): Say =>
    after.camera === undefined
      ? length(metres)
      : { zh: `${Math.round(metres)} 像素`, en: `${Math.round(metres)} px` };
  if (after.line !== undefined && before.line !== undefined) {
    const moved = Math.max(far(before.line[0], after.line[0]), far(before.line[1], after.line[1]));
    const turned = before.inside !== undefined && after.inside !== undefined && isOtherSide(before, after);
    return [
      ...(moved > 1e-6
        ? [{ zh: `${zh}：门线移动 ${unit(moved).zh}。`, en: `${en}: line moved ${unit(moved).en}.` }]
        : []),
      ...(turned ? [{ zh: `${zh}：内侧换到另一边。`, en: `${en}: the other side is inside now.` }] : []),
      ...(!turned && moved <= 1e-6 && far(before.inside ?? [0, 0], after.inside ?? [0, 0]) > 1e-6
        ? [{ zh: `${zh}：内侧点已移动。`, en: `${en}: inner point moved.` }]
        : []),
    ];
  }
  const [old, now] = [before.polygon ?? [], after.polygon ?? []];
  if (old.length !== now.length) {
    return [
      {
        zh: `${zh}：${now.length} 个角，原来 ${old.length} 个。`,
        en: `${en}: ${now.length} corners instead of ${old.length}.`,
      },
    ];
  }
  const moves = now.map((corner, index) => far(corner, old[index]!));
  const moved = moves.flatMap((move, index) => (move > 1e-6 ? [index + 1] : []));
  const most = unit(Math.max(0, ...moves));
  if (moved.length === 0) return [];
  if (moved.length === 1) {
    return [
      { zh: `${zh}：角 ${moved[0]} 移动 ${most.zh}。`, en: `${en}: corner ${moved[0]} moved ${most.en}.` },
    ];
  }
  return [
    {
      zh: `${zh}：角 ${moved.join('、')} 移动，最多 ${most.zh}。`,
      en: `${en}: corners ${moved.join(', ')} moved, ${most.en} at most.`,
    },
  ];
}

function isOtherSide(before: DraftZone, after: DraftZone): boolean {
  const side = (line: readonly [Point, Point], [x, y]: Point) =>
    Math.sign((line[1][0] - line[0][0]) * (y - line[0][1]) - (line[1][1] - line[0][1]) * (x - line[0][0]));
  return side(before.line!, before.inside!) !== side(after.line!, after.inside!);
}

/** What is to be said of a zone. */
export function sayZone(remark: ZoneRemark, zones: readonly DraftZone[]): Say {
  const called = (id: string) => {
    const zone = zones.find((one) => one.id === id);
    return zone === undefined ? { zh: id, en: id } : nameOf(zone);
  };
  const { zh, en } = called(remark.zone);
  switch (remark.kind) {
    case 'too-few-corners':
      return {
        zh: `${zh}：至少要有 3 个角，现在 ${remark.corners} 个。`,
        en: `${en} must have 3 corners or more, has ${remark.corners}.`,
      };
    case 'crosses-itself': {
      const [one, other] = remark.edges;
      return {
        zh: `${zh}：第 ${one} 条边与第 ${other} 条边相交，请移动角点 ${remark.move}。`,
        en: `${en}: edges ${one} and ${other} cross: move corner ${remark.move}.`,
      };
    }
    case 'no-area':
      return { zh: `${zh}：角点在一条线上，没有面积。`, en: `${en}: its corners lie on one line.` };
    case 'no-line':
      return {
        zh: `${zh}：入口要有一条门线和一个内侧点。`,
        en: `${en}: an entrance needs a line and a point inside.`,
      };
    case 'inside-on-line':
      return {
        zh: `${zh}：内侧点在门线上，请往里移一步。`,
        en: `${en}: its inner point lies on its line; move it a step in.`,
      };
    case 'off-the-floor':
      return remark.metres === undefined
        ? { zh: `${zh}：在所有摄像头背后。`, en: `${en} is off the floor: behind every camera.` }
        : {
            zh: `${zh}：离最近的地面点 ${remark.metres.toFixed(0)} 米，不在地面上。`,
            en: `${en} is off the floor: ${remark.metres.toFixed(0)} m from the nearest floor point.`,
          };
    case 'name-too-long':
      return remark.language === 'zh'
        ? {
            zh: `${zh}：手表上中文名最多 ${remark.most} 个字，现在 ${remark.letters} 个。`,
            en: `${en}: its Chinese name has ${remark.letters} letters, a wrist has room for ${remark.most}.`,
          }
        : {
            zh: `${zh}：手表上英文名最多 ${remark.most} 个字母，现在 ${remark.letters} 个。`,
            en: `${en}: its English name has ${remark.letters} letters, a wrist has room for ${remark.most}.`,
          };
    case 'too-far':
      return {
        zh: `${zh}：最远处 1 像素有 ${(remark.metresPerPixel * 100).toFixed(0)} 厘米，位置不准。`,
        en: `${en} is too far to be sure: a pixel there is ${(remark.metresPerPixel * 100).toFixed(0)} cm.`,
      };
    case 'overlaps': {
      const other = called(remark.with);
      const counts = called(remark.counts);
      const area = remark.squareMetres.toFixed(1);
      return {
        zh: `${zh}与${other.zh}重叠 ${area} 平方米，那里的人算在${counts.zh}。`,
        en: `${en} and ${other.en} overlap by ${area} m²: people there count for ${counts.en}.`,
      };
    }
    case 'unseen':
      return { zh: `${zh}：没有摄像头看得到。`, en: `${en}: no camera sees it.` };
  }
}

/** What is to be said of a camera's floor points, and whether it stops a save; nothing: they fit. */
export function sayFloor(
  id: string,
  fit: FloorFit,
): { readonly severity: 'error' | 'warning'; readonly say: Say } | undefined {
  switch (fit.state) {
    case 'fits':
      return undefined;
    case 'too-few':
      return {
        severity: 'error',
        say: {
          zh: `${id}：地面点要 4 个或更多，还差 ${fit.lacking} 个；或者一个也不要。`,
          en: `${id}: floor points must be 4 or more, or none; ${fit.lacking} more.`,
        },
      };
    case 'crossed':
      if (fit.why === 'far-off') {
        const off = fit.offMetres!.toFixed(1);
        return {
          severity: 'error',
          say: {
            zh: `${id}：地面点 ${fit.point} 差 ${off} 米，请检查它的像素和位置。`,
            en: `${id}: floor point ${fit.point} is off by ${off} m; check its pixel and its place.`,
          },
        };
      }
      return {
        severity: 'error',
        say: {
          zh: `${id}：点的次序不对或三点成线，无法成面。`,
          en: `${id}: points crossed or in a line: no floor fits.`,
        },
      };
    case 'four':
      return {
        severity: 'warning',
        say: {
          zh: `${id}：四个点总能贴合：请再加一个点来检验。`,
          en: `${id}: four points always fit: add one to check.`,
        },
      };
    case 'weak':
      return {
        severity: 'warning',
        say:
          fit.why === 'coarse'
            ? {
                zh: `${id}：最远处 1 像素有 ${(fit.coarsest.metresPerPixel * 100).toFixed(0)} 厘米。`,
                en: `${id}: a pixel is ${(fit.coarsest.metresPerPixel * 100).toFixed(0)} cm at the far end.`,
              }
            : { zh: `${id}：还不够稳：请把点放得更分散。`, en: `${id}: weak: spread the points wider.` },
      };
  }
}
