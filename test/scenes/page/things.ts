/** What people carry, lean on, sit in and push. */
import * as THREE from 'three';
import { SEAT_METRES } from '../crown.ts';
import type { Looks } from '../scene.ts';

const paint = (colour: string): THREE.MeshStandardMaterial =>
  new THREE.MeshStandardMaterial({ color: colour });
const METAL = '#9aa0a5';
const RUBBER = '#26282b';

type Place = readonly [x: number, y: number, z: number];

function block([width, height, depth]: Place, [x, y, z]: Place, material: THREE.Material): THREE.Mesh {
  const mesh = new THREE.Mesh(new THREE.BoxGeometry(width, height, depth), material);
  mesh.position.set(x, y, z);
  return mesh;
}

/** A straight tube between two points. */
function tube(from: Place, to: Place, radius: number, material: THREE.Material): THREE.Mesh {
  const a = new THREE.Vector3(...from);
  const b = new THREE.Vector3(...to);
  const mesh = new THREE.Mesh(new THREE.CylinderGeometry(radius, radius, a.distanceTo(b), 7), material);
  mesh.position.copy(a).lerp(b, 0.5);
  mesh.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), b.sub(a).normalize());
  return mesh;
}

function wheel(radius: number, [x, , z]: Place, width = 0.03): THREE.Mesh {
  const tyre = new THREE.Mesh(new THREE.TorusGeometry(radius - width / 2, width / 2, 5, 20), paint(RUBBER));
  tyre.rotation.y = Math.PI / 2;
  tyre.position.set(x, radius, z);
  return tyre;
}

interface Holders {
  chest: THREE.Group;
  /** Of the arm that carries. */
  elbow: THREE.Group;
  forearm: number;
  group: THREE.Group;
}

/** Puts the bag where it is carried: on the back, in the hand, under the arm, or on its wheels beside them. */
export function carry(
  { kind, colour }: NonNullable<Looks['carries']>,
  h: number,
  { chest, elbow, forearm, group }: Holders,
): void {
  const stuff = paint(colour);
  const inHand = (size: Place, below = 0.07): THREE.Mesh => {
    const bag = block(size, [0, -forearm - size[1] / 2 - below, 0], stuff);
    elbow.add(bag);
    return bag;
  };
  const handle = (bag: THREE.Mesh, height: number, x = 0): void => {
    const bow = new THREE.Mesh(new THREE.TorusGeometry(0.055, 0.009, 5, 10, Math.PI), stuff);
    bow.rotation.y = Math.PI / 2;
    bow.position.set(x, height / 2, 0);
    bag.add(bow);
  };
  switch (kind) {
    case 'backpack': {
      const pack = new THREE.Mesh(new THREE.CapsuleGeometry(0.085 * h, 0.1 * h, 4, 12), stuff);
      pack.scale.set(1, 1, 0.62);
      pack.position.set(0, 0.19 * h, -0.11 * h);
      chest.add(pack);
      return;
    }
    case 'folder':
      // Along the bent forearm, against the ribs.
      elbow.add(block([0.03, 0.31, 0.23], [-0.02, -forearm * 0.75, 0.05], stuff));
      return;
    case 'suitcase': {
      const [x, z] = [0.2 * h, -0.2];
      group.add(block([0.36, 0.5, 0.23], [x, 0.31, z], stuff));
      for (const side of [-0.12, 0.12]) {
        group.add(tube([x + side, 0.54, z], [x + side * 0.8, 0.98, z + 0.06], 0.009, paint(METAL)));
        group.add(wheel(0.035, [x + side, 0, z - 0.08]));
      }
      group.add(tube([x - 0.1, 0.98, z + 0.06], [x + 0.1, 0.98, z + 0.06], 0.014, paint(RUBBER)));
      return;
    }
    case 'shopping': {
      const bag = inHand([0.14, 0.36, 0.34], 0.1);
      handle(bag, 0.36, -0.05);
      handle(bag, 0.36, 0.05);
      // Something looks out of it.
      bag.add(block([0.08, 0.1, 0.09], [0, 0.2, 0.08], paint('#6f9a4e')));
      return;
    }
    case 'briefcase':
      handle(inHand([0.07, 0.28, 0.4]), 0.28);
      return;
    case 'handbag':
      handle(inHand([0.1, 0.2, 0.28]), 0.2);
  }
}

export interface Things {
  group: THREE.Group;
  /** How far before the person its middle is; 0 if it is within their reach. */
  aheadMetres: number;
  pose(phase: number, going: number, walked: number): void;
}

/** What is no part of the person: the stick, the walker, the wheelchair, the pram, the trolley. Front to +z. */
export function thingsOf({ aid, pushes }: Looks, h: number): Things {
  const group = new THREE.Group();
  let pose: Things['pose'] = () => {};
  if (aid === 'stick') {
    const stick = new THREE.Group();
    stick.position.set(-0.135 * h, 0.49 * h, 0.14 * h);
    stick.add(tube([0, 0, 0], [0, -0.485 * h, 0], 0.012, paint('#4a3222')));
    stick.add(tube([0, 0, -0.07], [0, 0, 0.06], 0.015, paint('#4a3222')));
    group.add(stick);
    pose = (phase, going) => {
      stick.rotation.x = 0.22 * going * Math.sin(phase);
      stick.position.z = 0.14 * h + 0.04 * going * Math.sin(phase);
    };
  }
  if (aid === 'walker') group.add(...walker(h));
  if (aid === 'wheelchair') group.add(...wheelchair());
  if (pushes?.kind === 'pram') group.add(...pram(pushes.colour));
  if (pushes?.kind === 'trolley') group.add(...trolley(pushes.colour));
  return { group, aheadMetres: pushes ? 0.75 : aid === 'wheelchair' || aid === 'walker' ? 0.3 : 0, pose };
}

/** A frame on four wheels, with grips at the hands and a bag between the legs. */
function walker(h: number): THREE.Mesh[] {
  const metal = paint('#7c2f35');
  const top = 0.57 * h;
  const z = 0.26 * h;
  return [-1, 1].flatMap((side) => {
    const x = side * 0.26;
    return [
      tube([x, top, z - 0.05], [x, top, z + 0.1], 0.018, paint(RUBBER)),
      tube([x, top, z + 0.1], [x, 0.1, z + 0.42], 0.016, metal),
      tube([x, top - 0.1, z + 0.12], [x, 0.1, z], 0.016, metal),
      wheel(0.1, [x, 0, z + 0.42]),
      wheel(0.1, [x, 0, z]),
      tube([-0.26, 0.55 + 0.08 * side, z + 0.2], [0.26, 0.55 + 0.08 * side, z + 0.2], 0.014, metal),
      block([0.4, 0.12, 0.1], [0, 0.42 + 0.06 * side, z + 0.24], paint('#2b2f36')),
    ];
  });
}

function wheelchair(): THREE.Mesh[] {
  const metal = paint(METAL);
  const seat = paint('#23262b');
  const parts = [
    block([0.44, 0.05, 0.44], [0, SEAT_METRES - 0.0, 0.04], seat),
    block([0.42, 0.46, 0.04], [0, SEAT_METRES + 0.26, -0.22], seat),
    block([0.36, 0.02, 0.16], [0, 0.12, 0.56], seat),
  ];
  for (const side of [-1, 1]) {
    const x = side * 0.28;
    parts.push(
      wheel(0.3, [x, 0, -0.08], 0.035),
      wheel(0.08, [side * 0.22, 0, 0.38]),
      tube([x, 0.3, -0.36], [x, 0.3, 0.2], 0.008, metal),
      tube([x, 0.02, -0.08], [x, 0.58, -0.08], 0.008, metal),
      block([0.05, 0.03, 0.3], [side * 0.24, SEAT_METRES + 0.22, 0.02], seat),
      tube([side * 0.2, SEAT_METRES, 0.24], [side * 0.16, 0.13, 0.54], 0.013, metal),
      tube(
        [side * 0.2, SEAT_METRES + 0.48, -0.22],
        [side * 0.2, SEAT_METRES + 0.5, -0.36],
        0.016,
        paint(RUBBER),
      ),
      tube([side * 0.22, 0.1, 0.36], [side * 0.22, SEAT_METRES, 0.22], 0.013, metal),
    );
  }
  return parts;
}

function pram(colour: string): THREE.Mesh[] {
  const cloth = paint(colour);
  const metal = paint(METAL);
  const body = new THREE.Mesh(new THREE.CapsuleGeometry(0.2, 0.42, 5, 14), cloth);
  body.rotation.x = Math.PI / 2;
  body.scale.set(1, 1, 0.85);
  body.position.set(0, 0.68, 0.82);
  const hood = new THREE.Mesh(new THREE.SphereGeometry(0.235, 16, 10, 0, Math.PI * 2, 0, Math.PI / 2), cloth);
  hood.scale.set(0.95, 1.15, 1);
  hood.rotation.x = 0.35;
  hood.position.set(0, 0.74, 1.0);
  const parts = [body, hood, block([0.3, 0.06, 0.34], [0, 0.8, 0.72], paint('#e6e0d2'))];
  parts.push(tube([-0.22, 0.98, 0.4], [0.22, 0.98, 0.4], 0.017, paint(RUBBER)));
  parts.push(block([0.36, 0.16, 0.4], [0, 0.32, 0.8], paint('#2b2f36')));
  for (const side of [-1, 1]) {
    const x = side * 0.25;
    parts.push(
      tube([side * 0.22, 0.98, 0.4], [x, 0.16, 1.06], 0.014, metal),
      tube([x, 0.16, 0.55], [side * 0.23, 0.62, 0.95], 0.014, metal),
      wheel(0.15, [x, 0, 0.55]),
      wheel(0.12, [x, 0, 1.08]),
    );
  }
  return parts;
}

function trolley(colour: string): THREE.Mesh[] {
  const metal = paint(METAL);
  const parts = [
    block([0.44, 0.4, 0.62], [0, 0.68, 0.85], paint(colour)),
    block([0.4, 0.06, 0.56], [0, 0.9, 0.85], paint('#d9d4c8')),
    block([0.4, 0.03, 0.56], [0, 0.24, 0.85], metal),
    tube([-0.22, 1.0, 0.42], [0.22, 1.0, 0.42], 0.018, paint(RUBBER)),
  ];
  for (const side of [-1, 1]) {
    const x = side * 0.21;
    parts.push(
      tube([x, 1.0, 0.42], [x, 0.86, 0.56], 0.014, metal),
      tube([x, 0.86, 0.55], [x, 0.12, 0.58], 0.014, metal),
      tube([x, 0.86, 1.14], [x, 0.12, 1.12], 0.014, metal),
      wheel(0.06, [x, 0, 0.58]),
      wheel(0.06, [x, 0, 1.12]),
    );
  }
  return parts;
}
