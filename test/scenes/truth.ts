import { seenBy } from './cameras.ts';
import { crownMetres } from './crown.ts';
import { eventsOf, type TruthEvent } from './events.ts';
import { checkLens, project } from './project.ts';
import type { CameraPose, Entrance, Person, Point, Scene, Zone } from './scene.ts';
import { type Instant, momentsOf, simulate } from './simulate.ts';

/** What is written beside a clip as `truth.json`. */
export interface Truth {
  fps: number;
  width: number;
  height: number;
  duration: number;
  room: Scene['room'];
  entrance: Pick<Entrance, 'line' | 'inside'>;
  zones: Zone[];
  calibration: { floor: Point; pixel: Point }[];
  people: Pick<Person, 'id' | 'role'>[];
  events: TruthEvent[];
  /**
   * `px` is feet and crown in pixels, also where they lie outside the picture or behind a wall; empty for who is
   * behind the first of several cameras.
   */
  frames: { t: number; people: { id: string; x: number; y: number; px: number[] }[] }[];
  /** Every camera but the first; absent where there is one alone. Of the first all else in here tells. */
  further?: FurtherTruth[];
}

/** What is known of a further camera's clip. */
export interface FurtherTruth {
  id: string;
  fps: number;
  width: number;
  height: number;
  /** What stands at `t` in this clip happens at `t + lateSeconds` in the first. */
  lateSeconds: number;
  calibration: { floor: Point; pixel: Point }[];
  /** `t` from this clip's first frame; people as in the first camera's frames, those behind this camera left out. */
  frames: Truth['frames'];
}

/** Everything about the clip that is known and not guessed. Pure, like the simulation it comes from. */
export function truthOf(scene: Scene): Truth {
  const { camera } = scene;
  const instants = simulate(scene);
  const further = (scene.further ?? []).map((one) => furtherTruth(instants, scene, one));
  return {
    fps: camera.fps,
    width: camera.widthPx,
    height: camera.heightPx,
    duration: scene.seconds,
    room: scene.room,
    entrance: { line: scene.entrance.line, inside: scene.entrance.inside },
    zones: scene.zones,
    calibration: calibrationOf(scene),
    people: scene.people.map(({ id, role }) => ({ id, role })),
    events: eventsOf(instants, scene),
    frames: framesOf(instants, scene),
    ...(further.length && { further }),
  };
}

function furtherTruth(instants: readonly Instant[], scene: Scene, camera: CameraPose): FurtherTruth {
  const { id, fps, widthPx: width, heightPx: height, lateSeconds = 0 } = camera;
  const view = seenBy(scene, camera);
  const frames = framesOf(instants, view).map(({ people }, n) => ({
    t: Math.round((n / fps) * 1000) / 1000,
    people: people.filter(({ px }) => px.length),
  }));
  return { id, fps, width, height, lateSeconds, calibration: calibrationOf(view), frames };
}

/** Of who is behind the camera only another can tell; where there is none they are left out. */
function framesOf(instants: readonly Instant[], scene: Scene): Truth['frames'] {
  const { camera, further = [] } = scene;
  checkLens(camera);
  const looks = new Map(scene.people.map((person) => [person.id, person.looks]));
  return momentsOf(instants, scene).map(({ t, people }) => ({
    t,
    people: people.flatMap(({ id, x, y, gesture }) => {
      const feet = project(camera, [x, y]);
      const crown = project(camera, [x, y], crownMetres(looks.get(id)!, gesture));
      if (feet && crown) return [{ id, x, y, px: [...feet, ...crown].map(Math.round) }];
      return further.length ? [{ id, x, y, px: [] }] : [];
    }),
  }));
}

/**
 * Floor points an installer would have marked: a grid half a metre inside the walls, every one of them
 * well within the picture.
 */
export function calibrationOf(scene: Scene): Truth['calibration'] {
  const { camera, room } = scene;
  const [left, far, right, near] = room;
  const along = (from: number, to: number): number[] =>
    [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round((from + part * (to - from)) * 2) / 2);
  return along(left + 0.5, right - 0.5).flatMap((x) =>
    along(far + 0.5, near - 0.5).flatMap((y) => {
      const pixel = project(camera, [x, y]);
      if (!pixel || !isWell(pixel, camera.widthPx, camera.heightPx)) return [];
      return [{ floor: [x, y] as Point, pixel: [round(pixel[0]), round(pixel[1])] as Point }];
    }),
  );
}

const MARGIN_PX = 12;
const isWell = ([x, y]: Point, width: number, height: number): boolean =>
  x > MARGIN_PX && y > MARGIN_PX && x < width - MARGIN_PX && y < height - MARGIN_PX;
const round = (value: number): number => Math.round(value * 10) / 10;
