import * as THREE from 'three';
import { RoomEnvironment } from 'three/examples/jsm/environments/RoomEnvironment.js';
import type { Door, Scene, Wall } from '../scene.ts';
import { lamps } from './cloth.ts';
import { blob, box, FRONT, glass, makeFurniture, turned } from './furniture.ts';
import type { Lens } from './lens.ts';
import { floorTexture, streetTexture, wallTexture } from './paint.ts';

/** The lobby without people. */
export interface Stage {
  world: THREE.Scene;
  camera: THREE.PerspectiveCamera;
  /** What is the same in every frame; the backdrop draws it once. */
  still: THREE.Group;
  /** Doors, people, and the floor that takes people's shadows. */
  moving: THREE.Group;
  lamp: THREE.DirectionalLight;
  /** The moving part of each door, by its id. */
  doors: Map<string, THREE.Group>;
  /** Where on the floor shadows may fall; nothing elsewhere. */
  coverFloor(boxes: readonly THREE.Box3[]): void;
  openDoor(id: string, part: number): void;
  light(level: number): void;
}

const DOOR_METRES = 2.35;

export function makeStage(scene: Scene, renderer: THREE.WebGLRenderer, lens: Lens): Stage {
  const world = new THREE.Scene();
  const still = new THREE.Group();
  const moving = new THREE.Group();
  world.add(still, moving);
  const leaves = new Map<string, (part: number) => void>();
  const doors = new Map<string, THREE.Group>();

  still.add(...floorAndCeiling(scene), ...walls(scene));
  for (const door of scene.doors) {
    const opening = makeDoor(door, leaves);
    still.add(opening.still);
    moving.add(opening.moving);
    doors.set(door.id, opening.moving);
  }
  for (const piece of scene.furniture) still.add(makeFurniture(piece, scene));
  const ground = shadowFloor(scene);
  moving.add(ground.mesh);
  const { lamp, light } = addLight(world, scene, renderer, still);

  const { camera: pose } = scene;
  const camera = new THREE.PerspectiveCamera(
    lens.wide.verticalDegrees,
    lens.wide.width / lens.wide.height,
    0.1,
    60,
  );
  camera.position.set(pose.at[0], pose.heightMetres, pose.at[1]);
  camera.lookAt(pose.lookAt[0], 0, pose.lookAt[1]);
  camera.updateMatrixWorld();

  return {
    world,
    camera,
    still,
    moving,
    lamp,
    doors,
    coverFloor: ground.cover,
    openDoor: (id, part) => leaves.get(id)?.(part),
    light,
  };
}

const CELL_METRES = 0.25;

/**
 * Clear but for the shadows that fall on it. Its squares are drawn only where somebody is: looking for
 * shadows all over the floor would take as long as drawing the people.
 */
function shadowFloor({ room: [left, far, right, near] }: Scene): {
  mesh: THREE.Mesh;
  cover: Stage['coverFloor'];
} {
  const columns = Math.ceil((right - left) / CELL_METRES);
  const rows = Math.ceil((near - far) / CELL_METRES);
  const shape = new THREE.PlaneGeometry(right - left, near - far, columns, rows);
  const cells = shape.index!.clone().array;
  const mesh = new THREE.Mesh(
    shape,
    new THREE.ShadowMaterial({ color: '#1c130a', opacity: 0.4, depthWrite: false }),
  );
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set((left + right) / 2, 0.003, (far + near) / 2);
  mesh.receiveShadow = true;
  mesh.frustumCulled = false;
  const wide = (right - left) / columns;
  const deep = (near - far) / rows;
  return {
    mesh,
    cover(boxes) {
      const covered = new Set<number>();
      for (const { min, max } of boxes)
        for (let row = Math.floor((min.z - far) / deep); row <= Math.floor((max.z - far) / deep); row++)
          for (let column = Math.floor((min.x - left) / wide); column <= (max.x - left) / wide; column++)
            if (row >= 0 && row < rows && column >= 0 && column < columns)
              covered.add(row * columns + column);
      let n = 0;
      for (const cell of covered)
        for (let corner = 0; corner < 6; corner++) shape.index!.setX(n++, cells[cell * 6 + corner]!);
      shape.index!.needsUpdate = true;
      shape.setDrawRange(0, n);
    },
  };
}

function floorAndCeiling({ room, wallHeight }: Scene): THREE.Object3D[] {
  const [left, far, right, near] = room;
  const width = right - left;
  const depth = near - far;
  const floor = new THREE.Mesh(
    new THREE.PlaneGeometry(width, depth),
    new THREE.MeshStandardMaterial({
      map: floorTexture(width, depth),
      roughness: 0.38,
      envMapIntensity: 0.75,
    }),
  );
  floor.rotation.x = -Math.PI / 2;
  floor.position.set((left + right) / 2, 0, (far + near) / 2);
  floor.receiveShadow = true;

  const ceiling = new THREE.Mesh(
    new THREE.PlaneGeometry(width, depth),
    new THREE.MeshStandardMaterial({ color: '#f2efe9', emissive: '#ffffff', emissiveIntensity: 0.25 }),
  );
  ceiling.rotation.x = Math.PI / 2;
  ceiling.position.set((left + right) / 2, wallHeight, (far + near) / 2);
  const lamps: THREE.Mesh[] = [];
  for (let x = left + 1; x < right; x += 1.75)
    for (let z = far + 0.9; z < near; z += 1.8)
      lamps.push(
        new THREE.Mesh(
          new THREE.BoxGeometry(1.1, 0.03, 0.28),
          new THREE.MeshStandardMaterial({ color: '#fff', emissive: '#fff6e6', emissiveIntensity: 1.4 }),
        ),
      ) && lamps.at(-1)!.position.set(x, wallHeight - 0.02, z);
  return [floor, ceiling, ...lamps];
}

/** Four walls with holes for the doors. The two behind the camera are there for the light alone. */
function walls(scene: Scene): THREE.Object3D[] {
  const [left, far, right, near] = scene.room;
  const high = scene.wallHeight;
  const spans: Record<Wall, { length: number; at: readonly [number, number] }> = {
    left: { length: near - far, at: [left, (far + near) / 2] },
    far: { length: right - left, at: [(left + right) / 2, far] },
    right: { length: near - far, at: [right, (far + near) / 2] },
    near: { length: right - left, at: [(left + right) / 2, near] },
  };
  return (Object.keys(spans) as Wall[]).map((wall) => {
    const { length, at } = spans[wall];
    const group = turned(at, FRONT[wall]);
    const outline = new THREE.Shape();
    outline.moveTo(-length / 2, 0);
    outline.lineTo(length / 2, 0);
    outline.lineTo(length / 2, high);
    outline.lineTo(-length / 2, high);
    for (const door of scene.doors.filter((d) => d.wall === wall)) {
      const along = group.worldToLocal(new THREE.Vector3(door.at[0], 0, door.at[1])).x;
      const half = door.widthMetres / 2;
      const hole = new THREE.Path();
      hole.moveTo(along - half, 0);
      hole.lineTo(along - half, DOOR_METRES);
      hole.lineTo(along + half, DOOR_METRES);
      hole.lineTo(along + half, 0);
      outline.holes.push(hole);
    }
    const texture = wallTexture(length, high);
    texture.repeat.set(1 / length, 1 / high);
    texture.offset.set(0.5, 0);
    const face = new THREE.Mesh(
      new THREE.ShapeGeometry(outline),
      new THREE.MeshStandardMaterial({ map: texture, roughness: 0.85 }),
    );
    face.receiveShadow = true;
    group.add(face);
    return group;
  });
}

/** The corners of the hole in the wall. */
export function openingOf({ at: [x, y], wall, widthMetres }: Door): THREE.Vector3[] {
  const half = widthMetres / 2;
  const [dx, dy] = wall === 'left' || wall === 'right' ? [0, half] : [half, 0];
  return [0, DOOR_METRES].flatMap((high) => [
    new THREE.Vector3(x - dx, high, y - dy),
    new THREE.Vector3(x + dx, high, y + dy),
  ]);
}

function makeDoor(
  door: Door,
  leaves: Map<string, (part: number) => void>,
): { still: THREE.Group; moving: THREE.Group } {
  const group = turned(door.at, FRONT[door.wall]);
  const moving = turned(door.at, FRONT[door.wall]);
  const width = door.widthMetres;
  const frame = new THREE.MeshStandardMaterial({ color: '#8f979c', roughness: 0.4, metalness: 0.5 });
  for (const lr of [-1, 1])
    group.add(box([0.08, DOOR_METRES, 0.16], [lr * (width / 2 + 0.02), DOOR_METRES / 2, -0.03], frame));
  group.add(box([width + 0.12, 0.1, 0.18], [0, DOOR_METRES + 0.02, -0.03], frame));
  if (door.kind === 'sliding') slidingDoor(group, moving, door, frame, leaves);
  else hingedDoor(group, moving, door, leaves);
  // Shadows are looked for only where people are, and half a door's shadow is worse than none.
  moving.traverse((part) => {
    part.castShadow = false;
  });
  return { still: group, moving };
}

/** Two glass leaves before a bright street. */
function slidingDoor(
  group: THREE.Group,
  moving: THREE.Group,
  door: Door,
  frame: THREE.Material,
  leaves: Map<string, (part: number) => void>,
): void {
  const half = door.widthMetres / 2;
  const pair = [-1, 1].map((lr) => {
    const leaf = new THREE.Group();
    leaf.add(box([half, DOOR_METRES - 0.06, 0.02], [0, DOOR_METRES / 2, 0], glass));
    for (const side of [-1, 1])
      leaf.add(box([0.045, DOOR_METRES, 0.04], [side * (half / 2 - 0.02), DOOR_METRES / 2, 0], frame));
    leaf.add(box([half, 0.07, 0.04], [0, 0.05, 0], frame));
    leaf.add(box([half, 0.05, 0.04], [0, DOOR_METRES - 0.05, 0], frame));
    leaf.add(
      box(
        [half - 0.06, 0.05, 0.022],
        [0, 1.1, 0],
        new THREE.MeshStandardMaterial({ color: '#f5f7f7', roughness: 0.6 }),
      ),
    );
    leaf.position.z = -0.06;
    moving.add(leaf);
    return { leaf, lr };
  });
  leaves.set(door.id, (part) => {
    for (const { leaf, lr } of pair) leaf.position.x = lr * (half / 2 + part * half * 0.94);
  });
  const street = streetTexture();
  const view = new THREE.Mesh(new THREE.PlaneGeometry(26, 9), new THREE.MeshBasicMaterial({ map: street }));
  view.position.set(-3, 2.6, -8);
  const pavement = new THREE.Mesh(
    new THREE.PlaneGeometry(26, 8.4),
    new THREE.MeshStandardMaterial({ color: '#cfcac0', roughness: 0.9 }),
  );
  view.userData.street = pavement.userData.street = true;
  pavement.rotation.x = -Math.PI / 2;
  pavement.position.set(-3, -0.01, -4.2);
  pavement.receiveShadow = true;
  // Daylight that falls in at the door and lies on the floor before it.
  const day = new THREE.SpotLight('#eaf3ff', 26, 9, 0.75, 1, 1.4);
  day.position.set(0.4, 3.1, -3.4);
  day.target.position.set(0, 0, 2.2);
  group.add(view, pavement, day, day.target);
}

/** One wooden leaf that opens into a dim corridor. */
function hingedDoor(
  group: THREE.Group,
  moving: THREE.Group,
  door: Door,
  leaves: Map<string, (part: number) => void>,
): void {
  const width = door.widthMetres;
  const leaf = new THREE.Group();
  const wood = new THREE.MeshStandardMaterial({ color: '#8a6647', roughness: 0.6 });
  leaf.add(box([width, DOOR_METRES, 0.05], [-width / 2, DOOR_METRES / 2, 0], wood));
  leaf.add(
    box(
      [0.16, 0.7, 0.056],
      [-width + 0.26, 1.5, 0],
      new THREE.MeshStandardMaterial({ color: '#d6e2e4', roughness: 0.2 }),
    ),
  );
  leaf.add(
    box(
      [0.12, 0.03, 0.12],
      [-width + 0.1, 1.03, 0],
      new THREE.MeshStandardMaterial({ color: '#c9cdd0', metalness: 0.8, roughness: 0.3 }),
    ),
  );
  leaf.position.set(width / 2, 0, -0.06);
  moving.add(leaf);
  leaves.set(door.id, (part) => {
    leaf.rotation.y = 1.45 * part;
  });
  const corridor = new THREE.MeshStandardMaterial({ color: '#b9afa0', roughness: 0.9, side: THREE.BackSide });
  const space = new THREE.Mesh(new THREE.BoxGeometry(width + 0.5, DOOR_METRES + 0.3, 2.6), corridor);
  space.position.set(0, (DOOR_METRES + 0.3) / 2 - 0.005, -1.42);
  group.add(space, blob(width, 0.5, 0, 0));
}

/** What walls and ceiling throw back, from above and from below, so that people are as bright as furniture. */
const ABOVE = 0.85;
const BELOW = 0.6;
/** And what even matt cloth mirrors of the room, whatever its colour. */
const SHEEN = 0.026;

/** Colours and strengths of the lamp overhead, of what comes from all sides, and of the street. */
const TINTS = {
  day: { lamp: '#fff1dc', strength: 2.1, above: '#fffaf2', below: '#a58f78', around: 1, street: '#ffffff' },
  evening: {
    lamp: '#ffb066',
    strength: 2.3,
    above: '#ffe2bd',
    below: '#8d6a4c',
    around: 0.62,
    street: '#ffdcb4',
  },
};

function addLight(
  world: THREE.Scene,
  scene: Scene,
  renderer: THREE.WebGLRenderer,
  still: THREE.Group,
): Pick<Stage, 'lamp' | 'light'> {
  const surroundings = new THREE.PMREMGenerator(renderer);
  world.environment = surroundings.fromScene(new RoomEnvironment(), 0.04, 0.1, 100, { size: 64 }).texture;
  const { tint = 'day', glare = 1 } = scene.light;
  const { lamp: colour, strength, above, below, around, street } = TINTS[tint];
  const [left, far, right, near] = scene.room;
  const middle = new THREE.Vector3((left + right) / 2, 0, (far + near) / 2);
  const sky = new THREE.HemisphereLight(above, below, 0.55);
  const lamp = new THREE.DirectionalLight(colour, strength);
  lamp.position.set(1.7, 8, 3);
  if (tint === 'evening') {
    // Low, from the side the street is on.
    const [[x0, y0], [x1, y1]] = scene.entrance.line;
    const side = new THREE.Vector3((x0 + x1) / 2, 0, (y0 + y1) / 2).sub(middle).normalize();
    lamp.position.copy(side).multiplyScalar(7).setY(5.2);
  }
  lamps.towardsLamp.value.copy(lamp.position).normalize();
  lamp.position.add(middle);
  lamp.target.position.copy(middle);
  lamp.castShadow = true;
  lamp.shadow.mapSize.set(1024, 1024);
  const reach = Math.hypot(right - left, near - far) * 0.52;
  Object.assign(lamp.shadow.camera, {
    left: -reach,
    right: reach,
    top: reach,
    bottom: -reach,
    near: -reach,
    far: 10 + reach,
  });
  lamp.shadow.radius = 3;
  lamp.shadow.bias = -0.0004;
  lamp.shadow.normalBias = 0.02;
  world.add(sky, lamp, lamp.target);

  const days = scene.doors.filter(({ kind }) => kind === 'sliding').slice(0, lamps.days.value.length);
  for (const [n, { at, wall }] of days.entries()) {
    const turn = (FRONT[wall] * Math.PI) / 180;
    // A little outside, at the height of the lintel.
    lamps.days.value[n]!.set(at[0] - 0.6 * Math.cos(turn), 2.2, at[1] - 0.6 * Math.sin(turn));
  }
  lamps.dayCount.value = days.length;
  // A camera turns itself down before a bright street, though not as far as it should.
  renderer.toneMappingExposure = 0.9 / (1 + 0.16 * (glare - 1));
  still.traverse((part) => {
    if (part.userData.street && part instanceof THREE.Mesh)
      (part.material as THREE.MeshBasicMaterial).color
        .multiply(new THREE.Color(street))
        .multiplyScalar(glare ** 1.7);
    if (part instanceof THREE.SpotLight) {
      part.color.multiply(new THREE.Color(street));
      part.intensity *= Math.sqrt(glare);
    }
  });
  const shining = shiningIn(still);
  return {
    lamp,
    light(level) {
      sky.intensity = 0.55 * level * around;
      lamp.intensity = strength * level;
      world.environmentIntensity = 0.5 * level * around;
      for (const { material, intensity, own } of shining)
        material.emissiveIntensity = intensity * (own ? 0.35 + 0.65 * level : level);
      lamps.lamp.value.set(colour).multiplyScalar((strength / Math.PI) * level);
      lamps.above.value.set(above).multiplyScalar((0.55 / Math.PI + ABOVE) * level * around);
      lamps.below.value.set(below).multiplyScalar((0.55 / Math.PI + BELOW) * level * around);
      lamps.sheen.value = SHEEN * level * around;
      lamps.day.value
        .set('#eaf3ff')
        .multiply(new THREE.Color(street))
        .multiplyScalar(0.5 * Math.sqrt(glare));
    },
  };
}

/** Whatever gives light of its own: tubes go out with the hall, screens and signs stay on, less bright. */
function shiningIn(
  still: THREE.Group,
): { material: THREE.MeshStandardMaterial; intensity: number; own: boolean }[] {
  const materials = new Set<THREE.MeshStandardMaterial>();
  still.traverse((part) => {
    if (!(part instanceof THREE.Mesh) || !(part.material instanceof THREE.MeshStandardMaterial)) return;
    if (part.material.emissive.getHex() !== 0) materials.add(part.material);
  });
  return [...materials].map((material) => ({
    material,
    intensity: material.emissiveIntensity,
    own: material.emissiveMap !== null,
  }));
}
