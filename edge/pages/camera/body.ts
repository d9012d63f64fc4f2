import type { PagePerson } from '../../../src/contract/browser-camera.ts';
import { mostPeopleOfPage } from '../../../src/contract/browser-camera-limits.ts';
import { turnOf } from '../../../src/core/head/head-turn.ts';
import { overlap } from '../../../src/core/track/boxes.ts';
import type { Pixels, Size } from '../../../src/core/units.ts';

/** A point of a body as the pose landmarker gives it: 0 to 1 across and down the picture. */
export interface Landmark {
  readonly x: number;
  readonly y: number;
  /** 0 to 1: how likely nothing hides it. */
  readonly visibility: number;
}

/** Which of the landmarker's 33 points is which. */
const points = {
  nose: 0,
  leftEye: 2,
  rightEye: 5,
  leftEar: 7,
  rightEar: 8,
  leftShoulder: 11,
  rightShoulder: 12,
  leftHip: 23,
  rightHip: 24,
  leftKnee: 25,
  rightKnee: 26,
  leftAnkle: 27,
  rightAnkle: 28,
  leftHeel: 29,
  rightHeel: 30,
  leftToe: 31,
  rightToe: 32,
} as const;
type PointName = keyof typeof points;

/** Heights of a standing body's points as shares of it, from the crown down: Drillis and Contini's table. */
const eyes = 0.064;
const shoulders = 0.182;
const hips = 0.47;
const knees = 0.715;
/** A person is this much of their height wide, with what they carry left out. */
const widthShare = 0.25;
/** A point that is likelier hidden than not is a guess from the others. */
const seen = 0.5;
const seenHead = 0.3;
/** Two bodies that cover each other by more are one that was found twice. */
const mostOverlap = 0.6;

/** How far off the feet are when they are reckoned from there, as a share of the height. */
const offFromKnees = 0.08;
const offFromHips = 0.15;
const offFromShoulders = 0.3;

/**
 * Makes boxes of bodies, as a detector of people would draw them, feet at the lower edge; and tells where heads are
 * turned. The points themselves go no further.
 *
 *     crown ┌─────┐      reckoned from eyes and feet
 *           │ ● ● │
 *           │     │      as wide as shoulders, hips and feet, and not as far as hands reach
 *     feet  └─────┘      the lowest of heels and toes; where a counter or the picture's edge hides them,
 *                        from knees, hips or shoulders, with how far off that may be
 *
 * @returns surest first, each body once, eight at most
 */
export function peopleOf(bodies: readonly (readonly Landmark[])[], picture: Size): PagePerson[] {
  const people = bodies
    .map((body) => personOf(body, picture))
    .filter((person) => person !== undefined)
    .sort((a, b) => b.score - a.score);
  const kept: PagePerson[] = [];
  for (const person of people) {
    if (!kept.some((one) => overlap(one, person) > mostOverlap)) kept.push(person);
  }
  return kept.slice(0, mostPeopleOfPage);
}

function personOf(body: readonly Landmark[], picture: Size): PagePerson | undefined {
  const at = (name: PointName) => {
    const { x, y, visibility } = body[points[name]]!;
    return { x: x * picture.width, y: y * picture.height, score: visibility };
  };
  const pair = (left: PointName, right: PointName) => {
    const [a, b] = [at(left), at(right)];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, score: Math.min(a.score, b.score), of: [a, b] };
  };
  const isInside = ({ y, score }: { readonly y: Pixels; readonly score: number }) =>
    score >= seen && y > 0 && y < picture.height;

  const eye = pair('leftEye', 'rightEye');
  const shoulder = pair('leftShoulder', 'rightShoulder');
  const hip = pair('leftHip', 'rightHip');
  const knee = pair('leftKnee', 'rightKnee');
  const feet = (['leftAnkle', 'rightAnkle', 'leftHeel', 'rightHeel', 'leftToe', 'rightToe'] as const)
    .map(at)
    .filter(isInside);

  let bottom: Pixels;
  let off = 0;
  if (feet.length > 0) bottom = Math.max(...feet.map(({ y }) => y));
  else if (isInside(knee)) {
    bottom = knee.y + ((knee.y - hip.y) * (1 - knees)) / (knees - hips);
    off = offFromKnees;
  } else if (isInside(hip)) {
    bottom = hip.y + ((hip.y - shoulder.y) * (1 - hips)) / (hips - shoulders);
    off = offFromHips;
  } else if (isInside(shoulder)) {
    bottom = shoulder.y + ((shoulder.y - eye.y) * (1 - shoulders)) / (shoulders - eyes);
    off = offFromShoulders;
  } else return undefined;
  const top = eye.y - ((bottom - eye.y) * eyes) / (1 - eyes);
  const height = bottom - top;
  if (!(height >= 8)) return undefined;

  const standsAt = feet.length > 0 ? mean(feet.map(({ x }) => x)) : hip.x;
  const middle = (eye.x + standsAt) / 2;
  const reach = [...shoulder.of, ...hip.of].map(({ x }) => Math.abs(x - (shoulder.x + hip.x) / 2));
  const half = Math.max((widthShare * height) / 2, ...reach) + Math.abs(eye.x - standsAt) / 2;
  const turn = turnOf([at('nose'), at('leftEye'), at('rightEye'), at('leftEar'), at('rightEar')], seenHead);
  return {
    left: Math.round(middle - half),
    top: Math.round(top),
    right: Math.round(middle + half),
    bottom: Math.round(bottom),
    score: asPercent(mean([...shoulder.of, ...hip.of].map(({ score }) => score))),
    ...(off === 0 ? {} : { bottomOffPx: Math.max(1, Math.min(4_096, Math.round(off * height))) }),
    ...(turn === undefined
      ? {}
      : { headDegrees: Math.round((turn.yaw * 180) / Math.PI), headScore: asPercent(turn.score) }),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const asPercent = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 100);
