import * as THREE from 'three';
import { RoundedBoxGeometry } from 'three/examples/jsm/geometries/RoundedBoxGeometry.js';
import { chance } from '../chance.ts';
import type { Furniture, Point, Scene, Wall } from '../scene.ts';
import { blobTexture, painted, signTexture, standeeTexture } from './paint.ts';

const BRAND = '#17586a';

const plain = (colour: string, roughness = 0.7, metalness = 0): THREE.MeshStandardMaterial =>
  new THREE.MeshStandardMaterial({ color: colour, roughness, metalness });
const steel = plain('#b9bec2', 0.32, 0.85);
const oak = plain('#a98560', 0.55);
const dark = plain('#3a3d41', 0.5);
export const glass = new THREE.MeshStandardMaterial({
  color: '#cfe3e6',
  roughness: 0.06,
  transparent: true,
  opacity: 0.16,
  depthWrite: false,
});

export function box(
  [width, height, depth]: readonly [number, number, number],
  [x, y, z]: readonly [number, number, number],
  material: THREE.Material,
  round = 0,
): THREE.Mesh {
  const shape = round
    ? new RoundedBoxGeometry(width, height, depth, 3, round)
    : new THREE.BoxGeometry(width, height, depth);
  const mesh = new THREE.Mesh(shape, material);
  mesh.position.set(x, y, z);
  mesh.castShadow = mesh.receiveShadow = material !== glass;
  return mesh;
}

function cylinder(
  radius: number,
  height: number,
  [x, y, z]: readonly [number, number, number],
  material: THREE.Material,
  top = radius,
): THREE.Mesh {
  const mesh = new THREE.Mesh(new THREE.CylinderGeometry(top, radius, height, 20), material);
  mesh.position.set(x, y, z);
  mesh.castShadow = mesh.receiveShadow = true;
  return mesh;
}

/** A dark softness on the floor where something stands, which no lamp of ours would make. */
export function blob(width: number, depth: number, x = 0, z = 0): THREE.Mesh {
  const mesh = new THREE.Mesh(
    new THREE.PlaneGeometry(width, depth),
    new THREE.MeshBasicMaterial({ map: blobTexture(), transparent: true, depthWrite: false }),
  );
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set(x, 0.006, z);
  return mesh;
}

type Make<F extends Furniture> = (piece: F, scene: Scene) => THREE.Object3D;

/** One function for each kind of furniture; they stand in floor coordinates with the front to +z. */
const makes: { [K in Furniture['kind']]: Make<Extract<Furniture, { kind: K }>> } = {
  /** A counter with a lit back office behind glass. */
  counter({ from, to, windows, wall = 'far' }, { room: [left, far, right, near], wallHeight }) {
    const places: Record<Wall, Point> = {
      left: [left, 0],
      far: [0, far],
      right: [right, 0],
      near: [0, near],
    };
    const group = turned(places[wall], FRONT[wall]);
    // Seen from the room, x runs to the right along the wall.
    const [first, last] = wall === 'far' || wall === 'right' ? [from, to] : [-to, -from];
    group.add(...counter(first, last, windows, wallHeight));
    return group;
  },

  /** A table with a screen, the adviser's chair behind it and one for a customer before it. */
  desk({ at, turn }) {
    const group = turned(at, turn);
    group.add(box([1.6, 0.04, 0.75], [0, 0.74, 0], oak, 0.01));
    for (const lr of [-1, 1]) group.add(box([0.05, 0.72, 0.68], [lr * 0.74, 0.36, 0], plain('#dcd7cd', 0.6)));
    group.add(box([1.44, 0.42, 0.03], [0, 0.5, 0.2], plain(BRAND, 0.6)));
    group.add(box([0.52, 0.32, 0.03], [-0.42, 1.0, -0.12], dark, 0.01));
    group.add(box([0.05, 0.14, 0.04], [-0.42, 0.82, -0.13], dark));
    group.add(box([0.24, 0.02, 0.16], [-0.42, 0.77, -0.15], dark));
    group.add(box([0.21, 0.015, 0.3], [0.3, 0.77, 0.05], plain('#f4f2ec', 0.9)));
    group.add(box([0.42, 0.02, 0.15], [-0.4, 0.77, -0.29], plain('#2b2e33', 0.6), 0.005));
    const cover = plain('#3b4148', 0.9);
    for (const side of [-1, 1]) {
      const z = side < 0 ? -0.75 : 0.85;
      const back = box([0.46, 0.46, 0.06], [0, 0.74, z + side * 0.24], cover, 0.03);
      back.rotation.x = side * 0.12;
      group.add(back, box([0.5, 0.09, 0.48], [0, 0.43, z], cover, 0.04));
      group.add(cylinder(0.03, 0.36, [0, 0.21, z], steel), cylinder(0.24, 0.03, [0, 0.03, z], dark));
      group.add(blob(0.9, 0.9, 0, z));
    }
    group.add(blob(2.1, 1.3));
    return group;
  },

  /** Printed on board and cut out along the outline: flat, but a detector sees no flatness. */
  standee({ at, turn }) {
    const group = turned(at, turn);
    const face = new THREE.Mesh(
      new THREE.PlaneGeometry(0.72, 1.78),
      new THREE.MeshStandardMaterial({
        map: standeeTexture(),
        alphaTest: 0.5,
        roughness: 0.6,
        side: THREE.DoubleSide,
      }),
    );
    face.position.set(0, 0.9, 0);
    face.castShadow = true;
    group.add(face, box([0.5, 0.02, 0.36], [0, 0.01, -0.06], plain('#e9e4da', 0.7)));
    const strut = box([0.06, 1.1, 0.015], [0, 0.54, -0.14], plain('#d2c8b4', 0.9));
    strut.rotation.x = 0.24;
    group.add(strut, blob(0.9, 0.6));
    return group;
  },

  machine({ at, turn }) {
    const group = turned(at, turn);
    group.add(box([0.82, 1.5, 0.5], [0, 0.75, 0.26], plain('#dfe3e4', 0.4), 0.04));
    group.add(box([0.84, 0.34, 0.52], [0, 1.62, 0.26], plain('#eceeee', 0.45), 0.03));
    group.add(box([0.7, 0.09, 0.26], [0, 0.98, 0.56], plain('#c9ced0', 0.35, 0.3), 0.02));
    const screen = painted(256, 200, (brush) => {
      const light = brush.createLinearGradient(0, 0, 256, 200);
      light.addColorStop(0, '#2d7f97');
      light.addColorStop(1, '#0f4152');
      brush.fillStyle = light;
      brush.fillRect(0, 0, 256, 200);
      brush.fillStyle = 'rgba(255,255,255,0.92)';
      brush.fillRect(24, 28, 150, 16);
      for (let row = 0; row < 3; row++) {
        brush.fillStyle = `rgba(255,255,255,${0.75 - row * 0.15})`;
        brush.fillRect(24, 68 + row * 40, 94, 26);
        brush.fillRect(136, 68 + row * 40, 94, 26);
      }
    });
    const glow = new THREE.Mesh(new THREE.PlaneGeometry(0.5, 0.38), lit(screen, 0.8));
    glow.position.set(0, 1.24, 0.517);
    group.add(glow);
    group.add(box([0.58, 0.46, 0.02], [0, 1.24, 0.505], dark));
    const name = new THREE.Mesh(
      new THREE.PlaneGeometry(0.56, 0.15),
      lit(signTexture('CASH · CARDS', 512, 136, BRAND), 0.5),
    );
    name.position.set(0, 1.62, 0.524);
    group.add(name);
    group.add(blob(1.4, 1.1, 0, 0.4));
    return group;
  },

  rail({ posts }) {
    const group = new THREE.Group();
    for (const [x, z] of posts) {
      group.add(cylinder(0.022, 0.94, [x, 0.48, z], steel));
      group.add(cylinder(0.15, 0.03, [x, 0.02, z], steel, 0.13));
      group.add(cylinder(0.03, 0.07, [x, 0.93, z], dark));
      group.add(blob(0.5, 0.5, x, z));
    }
    for (let n = 1; n < posts.length; n++) {
      const [x0, z0] = posts[n - 1]!;
      const [x1, z1] = posts[n]!;
      const belt = box(
        [0.008, 0.055, Math.hypot(x1 - x0, z1 - z0)],
        [(x0 + x1) / 2, 0.91, (z0 + z1) / 2],
        plain(BRAND, 0.8),
      );
      belt.rotation.y = Math.atan2(x1 - x0, z1 - z0);
      group.add(belt);
    }
    return group;
  },

  plant({ at, heightMetres }) {
    const group = turned(at, 90);
    const pot = 0.3 + 0.1 * heightMetres;
    group.add(cylinder(pot * 0.36, pot, [0, pot / 2, 0], plain('#ece7de', 0.5), pot * 0.5));
    group.add(cylinder(pot * 0.46, 0.02, [0, pot - 0.02, 0], plain('#3b2c20', 1)));
    const random = chance(Math.round((at[0] + 10) * 100 + (at[1] + 10) * 10));
    const leaf = leafShape();
    const greens = ['#2f6b3a', '#3b7c45', '#4a8c4c', '#2a5f38'].map(
      (colour) => new THREE.MeshStandardMaterial({ color: colour, roughness: 0.6, side: THREE.DoubleSide }),
    );
    for (let n = 0; n < 38; n++) {
      const mesh = new THREE.Mesh(leaf, greens[n % greens.length]);
      const tall = (heightMetres - pot) * (0.45 + 0.55 * random());
      mesh.scale.set(0.55 + 0.5 * random(), tall, tall);
      mesh.position.y = pot - 0.03;
      mesh.rotation.order = 'YXZ';
      mesh.rotation.set(0.12 + 0.75 * random() ** 1.3, n * 2.399, 0);
      mesh.castShadow = mesh.receiveShadow = true;
      group.add(mesh);
    }
    group.add(blob(pot * 2.6, pot * 2.6));
    return group;
  },

  leaflets({ at, turn }) {
    const group = turned(at, turn);
    group.add(box([0.86, 1.52, 0.05], [0, 0.86, 0], plain('#f3f0ea', 0.5), 0.02));
    group.add(box([0.9, 0.06, 0.4], [0, 0.03, 0.06], dark, 0.02));
    const random = chance(21);
    const colours = ['#c8573d', '#e0a33b', '#2f7d8c', '#6d8f54', '#86617f', '#e9e4d8'];
    for (let row = 0; row < 4; row++) {
      group.add(box([0.82, 0.03, 0.1], [0, 0.34 + row * 0.3, 0.06], plain('#d7d2c8', 0.5)));
      for (let column = 0; column < 4; column++) {
        const colour = colours[Math.floor(random() * colours.length)]!;
        const print = painted(64, 92, (brush) => {
          brush.fillStyle = colour;
          brush.fillRect(0, 0, 64, 92);
          brush.fillStyle = 'rgba(255,255,255,0.85)';
          brush.fillRect(8, 10, 42, 7);
          brush.fillRect(8, 22, 30, 4);
          brush.fillStyle = 'rgba(255,255,255,0.3)';
          brush.fillRect(8, 40, 48, 40);
        });
        const sheet = new THREE.Mesh(
          new THREE.PlaneGeometry(0.165, 0.235),
          new THREE.MeshStandardMaterial({ map: print, roughness: 0.5 }),
        );
        sheet.position.set(-0.3 + column * 0.2, 0.475 + row * 0.3, 0.065);
        sheet.rotation.x = -0.14;
        group.add(sheet);
      }
    }
    group.add(blob(1.4, 0.9));
    return group;
  },

  seats({ at, turn, count }) {
    const group = turned(at, turn);
    const cloth = plain('#2c6474', 0.85);
    for (let n = 0; n < count; n++) {
      const x = (n - (count - 1) / 2) * 0.62;
      group.add(box([0.56, 0.11, 0.52], [x, 0.43, 0.02], cloth, 0.05));
      const back = box([0.56, 0.46, 0.09], [x, 0.68, -0.25], cloth, 0.04);
      back.rotation.x = -0.16;
      group.add(back);
    }
    const length = count * 0.62;
    group.add(box([length, 0.05, 0.07], [0, 0.34, 0], steel));
    for (const lr of [-1, 1]) {
      group.add(box([0.05, 0.34, 0.06], [lr * (length / 2 - 0.25), 0.17, 0], steel));
      group.add(box([0.06, 0.03, 0.52], [lr * (length / 2 - 0.25), 0.015, 0], steel));
    }
    group.add(blob(length + 0.6, 1.2));
    return group;
  },

  sign({ at, wall, text, heightMetres, widthMetres }) {
    const group = turned(at, FRONT[wall]);
    const tall = 0.34;
    group.add(box([widthMetres, tall, 0.07], [0, heightMetres, 0.24], plain(BRAND, 0.5), 0.015));
    const face = new THREE.Mesh(
      new THREE.PlaneGeometry(widthMetres - 0.02, tall - 0.02),
      lit(signTexture(text, Math.round(400 * widthMetres), 136, BRAND), 0.55),
    );
    face.position.set(0, heightMetres, 0.277);
    group.add(face);
    return group;
  },

  mat({ at, size }) {
    const weave = painted(128, 128, (brush) => {
      brush.fillStyle = '#4a4f55';
      brush.fillRect(0, 0, 128, 128);
      const random = chance(9);
      for (let n = 0; n < 2600; n++) {
        brush.fillStyle = `rgba(${random() > 0.5 ? '255,255,255' : '0,0,0'},0.07)`;
        brush.fillRect(128 * random(), 128 * random(), 2, 2);
      }
    });
    const mesh = new THREE.Mesh(
      new THREE.PlaneGeometry(size[0], size[1]),
      new THREE.MeshStandardMaterial({ map: weave, roughness: 1 }),
    );
    mesh.rotation.x = -Math.PI / 2;
    mesh.position.set(at[0], 0.005, at[1]);
    mesh.receiveShadow = true;
    return mesh;
  },

  pillar({ at, radiusMetres }, { wallHeight }) {
    const group = turned(at, 90);
    group.add(cylinder(radiusMetres, wallHeight, [0, wallHeight / 2, 0], plain('#e6e0d4', 0.7)));
    group.add(cylinder(radiusMetres + 0.02, 0.12, [0, 0.06, 0], dark));
    group.add(blob(radiusMetres * 4, radiusMetres * 4));
    return group;
  },
};

/** Parts of a counter before a wall at z = 0. */
function counter(from: number, to: number, windows: number, wallHeight: number): THREE.Object3D[] {
  const group = new THREE.Group();
  const length = to - from;
  const middle = (from + to) / 2;
  const backdrop = painted(1024, 420, (brush) => {
    const light = brush.createLinearGradient(0, 0, 0, 420);
    light.addColorStop(0, '#f6efdf');
    light.addColorStop(1, '#c6b79e');
    brush.fillStyle = light;
    brush.fillRect(0, 0, 1024, 420);
    const random = chance(3);
    for (let shelf = 0; shelf < 3; shelf++) {
      brush.fillStyle = '#9c8467';
      brush.fillRect(60, 120 + shelf * 90, 904, 7);
      for (let x = 70; x < 950; x += 16) {
        if (random() < 0.35) continue;
        const binders = ['#5f7884', '#b9a37f', '#8a5f4b', '#e4dccb', '#4f6a5d'];
        brush.fillStyle = binders[Math.floor(random() * binders.length)]!;
        const tall = 44 + 18 * random();
        brush.fillRect(x, 120 + shelf * 90 - tall, 13, tall);
      }
    }
  });
  const office = new THREE.Mesh(
    new THREE.PlaneGeometry(length, 1.35),
    new THREE.MeshStandardMaterial({
      map: backdrop,
      emissiveMap: backdrop,
      emissive: '#ffffff',
      emissiveIntensity: 0.35,
    }),
  );
  office.position.set(middle, 1.68, 0.015);
  group.add(office);
  group.add(box([length, 1.0, 0.5], [middle, 0.5, 0.28], plain(BRAND, 0.55), 0.02));
  group.add(box([length + 0.04, 0.06, 0.72], [middle, 1.03, 0.36], plain('#e8e2d6', 0.25), 0.02));
  group.add(box([length, 0.09, 0.46], [middle, 0.045, 0.27], dark));
  for (let n = 0; n < windows; n++) {
    const width = length / windows;
    const x = from + width * (n + 0.5);
    for (const slat of [-0.3, 0, 0.3])
      group.add(box([0.28, 0.82, 0.03], [x + slat, 0.52, 0.535], oak, 0.008));
    group.add(box([width - 0.06, 0.95, 0.012], [x, 1.72, 0.5], glass));
    group.add(box([0.5, 0.3, 0.04], [x + 0.16, 1.28, 0.14], dark, 0.01));
    group.add(box([0.34, 0.02, 0.2], [x, 1.07, 0.55], steel));
    const number = signTexture(`${n + 1}`, 128, 128, BRAND);
    const plate = new THREE.Mesh(new THREE.PlaneGeometry(0.26, 0.26), lit(number, 0.55));
    plate.position.set(x, 2.4, 0.56);
    group.add(plate);
  }
  for (let n = 0; n <= windows; n++)
    group.add(box([0.05, 1.2, 0.5], [from + (length * n) / windows, 1.65, 0.27], steel));
  group.add(box([length + 0.1, 0.34, 0.54], [middle, 2.4, 0.27], plain('#f1ece2', 0.6), 0.02));
  group.add(
    box(
      [length + 0.1, Math.max(0.1, wallHeight - 2.57), 0.2],
      [middle, (wallHeight + 2.57) / 2, 0.1],
      plain('#e3dccf', 0.8),
    ),
  );
  group.add(blob(length + 0.9, 1.7, middle, 0.45));
  return group.children;
}

export function makeFurniture(piece: Furniture, scene: Scene): THREE.Object3D {
  return (makes[piece.kind] as Make<Furniture>)(piece, scene);
}

/** Where the inner face of each wall looks, in degrees. */
export const FRONT: Record<Wall, number> = { left: 0, far: 90, right: 180, near: -90 };

export function turned([x, y]: Point, degrees: number): THREE.Group {
  const group = new THREE.Group();
  group.position.set(x, 0, y);
  group.rotation.y = Math.PI / 2 - (degrees * Math.PI) / 180;
  return group;
}

function lit(map: THREE.Texture, intensity: number): THREE.MeshStandardMaterial {
  return new THREE.MeshStandardMaterial({
    map,
    emissiveMap: map,
    emissive: '#ffffff',
    emissiveIntensity: intensity,
    roughness: 0.5,
  });
}

/** A long leaf of height 1 that bends over at its tip. */
function leafShape(): THREE.BufferGeometry {
  const shape = new THREE.PlaneGeometry(0.13, 1, 2, 8);
  const at = shape.attributes.position!;
  for (let n = 0; n < at.count; n++) {
    const up = at.getY(n) + 0.5;
    const taper = Math.sin(Math.PI * Math.min(1, 0.12 + up * 0.88)) ** 0.8;
    at.setXYZ(n, at.getX(n) * taper, up * (1 - 0.22 * up * up), 0.42 * up * up + Math.abs(at.getX(n)) * 0.4);
  }
  shape.computeVertexNormals();
  return shape;
}
