/**
 * What a scene file says: a lobby, a camera, light, and people with something to do.
 *
 * A scene is data. Where people are at each moment follows from it by `simulate`, what the camera sees by
 * `page/`. Lengths are metres on the floor, times seconds from the first frame, angles degrees.
 */

/** A place on the floor in metres. x and y span the floor as the branch file has them; height is apart. */
export type Point = readonly [x: number, y: number];

export interface Scene {
  /** Becomes `branch:` in the branch file, so `[a-z0-9-]+`. */
  name: string;
  /** Same seed, same truth. Another seed gives other walking speeds and other glances. */
  seed: number;
  seconds: number;
  /** What the scene tests, in one sentence; it goes beside the figures. */
  tests?: string;
  /** Quality of the clip, 28 unless told: higher is smaller and blockier, as a frugal recorder's. */
  crf?: number;
  /** The camera, the first where there are several; its id goes into the branch file. */
  camera: CameraPose;
  /** More cameras in the same lobby, each with a clip of its own. They need not be in step with the first. */
  further?: CameraPose[];
  /** `[left, far, right, near]`: smallest x, smallest y, largest x, largest y inside the walls. */
  room: readonly [left: number, far: number, right: number, near: number];
  wallHeight: number;
  entrance: Entrance;
  zones: Zone[];
  queues: Queue[];
  doors: Door[];
  furniture: Furniture[];
  light: Light;
  people: Person[];
  /** Written into the branch file as they are: `{ wandering: { afterSeconds: 12 } }`. */
  thresholds: Record<string, Record<string, number>>;
}

export interface CameraPose {
  id: string;
  at: Point;
  heightMetres: number;
  /** The floor point in the middle of the picture. */
  lookAt: Point;
  /** Full vertical angle of the lens. Wider sees more and makes people smaller. */
  verticalDegrees: number;
  /**
   * Radial distortion of the lens, Brown's k1 over the half height of the picture: a point at distance r from
   * the middle of a perfect picture appears at r (1 + k1 r²). Negative is a barrel, as wide lenses have;
   * below -0.035 a 16:9 picture would have black corners, and is refused.
   */
  distortion?: number;
  /** Standard deviation of the sensor's noise, in steps of 256. A dim hall has 4, a bright one less than 1. */
  noise?: number;
  widthPx: number;
  heightPx: number;
  fps: number;
  /**
   * By how much a further camera's clip begins later than the first camera's, up to half a second. Nobody tells
   * the service: it takes the first frames of all clips for one moment, as clocks of cameras differ.
   */
  lateSeconds?: number;
}

/** Crossing `line` towards `inside` is an arrival, the other way a departure. */
export interface Entrance {
  id: string;
  line: readonly [Point, Point];
  inside: Point;
}

export interface Zone {
  id: string;
  kind: 'queue' | 'service' | 'staff' | 'vip' | 'desk' | 'ignore';
  /** What the wrist calls it; without one the branch file's own word for the kind. */
  name?: { zh: string; en: string };
  polygon: Point[];
}

/** Where people stand who queue in the zone of this id: the first place is at the window. */
export interface Queue {
  zone: string;
  places: Point[];
  /** What those who are served look at. */
  window: Point;
}

/** A door in a wall. It opens by itself when somebody is near, as a bank's does. */
export interface Door {
  id: string;
  kind: 'sliding' | 'hinged';
  /** Middle of the opening; it must lie on a wall of the room. */
  at: Point;
  wall: Wall;
  widthMetres: number;
}

export type Wall = 'left' | 'far' | 'right' | 'near';

/** Everything that stands still. `turn` is the direction its front looks, 0 along +x, 90 along +y. */
export type Furniture =
  /** Along a wall, the far one unless told; `from` and `to` are x, or y at the left and the right wall. */
  | { kind: 'counter'; from: number; to: number; windows: number; wall?: Wall }
  | { kind: 'machine'; at: Point; turn: number }
  /** Ropes between posts. People go around them, or unhook one where it is `passable`. */
  | { kind: 'rail'; posts: Point[]; passable?: true }
  | { kind: 'plant'; at: Point; heightMetres: number }
  | { kind: 'leaflets'; at: Point; turn: number }
  | { kind: 'seats'; at: Point; turn: number; count: number }
  | { kind: 'sign'; at: Point; wall: Wall; text: string; heightMetres: number; widthMetres: number }
  | { kind: 'mat'; at: Point; size: Point }
  | { kind: 'pillar'; at: Point; radiusMetres: number }
  /** A desk with a chair for the adviser behind it and one for a customer before it, where `turn` looks. */
  | { kind: 'desk'; at: Point; turn: number }
  /** A cut-out of a person in life size, printed on board: what a detector takes for somebody. */
  | { kind: 'standee'; at: Point; turn: number };

export interface Light {
  /** 1 is a well-lit hall. */
  level: number;
  /** Later levels, reached in a straight line: a cloud, an evening, a lamp that fails. */
  changes?: { at: number; level: number }[];
  /** White unless told; evening is low, warm and from the side the entrance is on. */
  tint?: 'day' | 'evening';
  /** How much brighter than the hall the street behind the doors is; 1 unless told, 3 blinds the picture there. */
  glare?: number;
  /** A tube that goes on and off by fits and starts, taking so much of the level with it (0 to 1). */
  flicker?: { share: number; from: number; to: number };
}

export interface Person {
  id: string;
  role: 'customer' | 'staff';
  looks: Looks;
  /** When they appear at `from`, which should be out of sight. They're gone when the last act is done. */
  at: number;
  from: Point;
  /** Metres a second; 1.25 where it is left out. Each person's own varies by a few per cent with the seed. */
  speed?: number;
  acts: Act[];
}

export type Act =
  /** Along the points, without stopping at any but the last. */
  | { act: 'walk'; to: Point[] }
  | { act: 'stand'; seconds: number; face?: Point }
  /** Nothing before this time; stands where they are. */
  | { act: 'until'; at: number; face?: Point }
  /** From place to place without a purpose, looking about. This is what truth calls wandering. */
  | { act: 'wander'; stops: { to: Point; seconds: number; face?: Point }[] }
  /** Joins the queue, moves up, and is served at the window for so long. */
  | {
      act: 'queue';
      zone: string;
      servedForSeconds: number;
      /** Slips in at this place, 0 being the window, instead of at the end. */
      cutsIn?: number;
      /** At this time goes off for something, and comes back to a place that was kept. */
      stepsOut?: { at: number; to: Point; face: Point; seconds: number };
      /** At this time leaves the line, unless they are being served. */
      givesUpAt?: number;
    }
  /** At a machine or a stand, with the hands on it. */
  | { act: 'use'; at: Point; face: Point; seconds: number }
  /** Goes up to a customer wherever they are by then, and speaks with them. */
  | { act: 'meet'; customer: string; seconds: number }
  /**
   * Stays beside somebody wherever they go, until they have gone or until the time: a child, a couple.
   * `beside` is to their right, in metres.
   */
  | { act: 'follow'; person: string; beside: number; behind: number; until?: number }
  /** Sits down on a seat. */
  | { act: 'sit'; at: Point; face: Point; seconds: number }
  /** Runs about between the points, as children do, until the time. Nobody needs to approach them. */
  | { act: 'play'; between: Point[]; until: number };

export interface Looks {
  heightMetres: number;
  /** 1 is average; 1.15 is stout. */
  girth: number;
  skin: string;
  hair: { style: 'short' | 'long' | 'bun' | 'bald'; colour: string };
  top: { kind: 'shirt' | 'jacket' | 'coat' | 'dress'; colour: string; under?: string };
  legs: { kind: 'trousers' | 'skirt'; colour: string };
  shoes: string;
  carries?: {
    kind: 'handbag' | 'backpack' | 'briefcase' | 'shopping' | 'suitcase' | 'folder';
    colour: string;
  };
  /** On the head; it may hide the hair. */
  hat?: { kind: 'cap' | 'brimmed' | 'scarf'; colour: string };
  /** What they move with. A stick shortens the gait on one side; whoever uses a wheelchair sits in it. */
  aid?: 'stick' | 'walker' | 'wheelchair';
  /** Pushed ahead with both hands. */
  pushes?: { kind: 'pram' | 'trolley'; colour: string };
}

/** What the hands are doing; the drawing turns it into arms. */
export type Gesture = 'none' | 'hands-on' | 'reading' | 'talking' | 'sitting';

/** One person at one moment. */
export interface Figure {
  id: string;
  x: number;
  y: number;
  /** Radians on the floor: 0 looks along +x, a quarter turn along +y. */
  heading: number;
  /** Radians the head is turned from `heading`. */
  head: number;
  speed: number;
  /** Metres walked so far; the gait's phase follows from it, so feet do not slide. */
  walked: number;
  gesture: Gesture;
}

/** The lobby at one frame of the camera. */
export interface Moment {
  t: number;
  people: Figure[];
  /** How far each door is open, 0 to 1, by its id. */
  doors: Record<string, number>;
}
