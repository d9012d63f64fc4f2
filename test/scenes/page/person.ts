import * as THREE from 'three';
import { mergeGeometries } from 'three/examples/jsm/utils/BufferGeometryUtils.js';
import type { Figure, Looks, Person } from '../scene.ts';
import { cloth } from './cloth.ts';
import { blobTexture } from './paint.ts';

/** A person in the scene, and how to make them stand as a moment says. */
export interface Body {
  group: THREE.Group;
  pose(figure: Figure, t: number): void;
  /** Corners of what they may cover as they stand now, their shadow included. */
  bounds(): THREE.Vector3[];
}

/** Metres walked in one cycle of two steps, for each metre of height: 1.4 m for somebody of 1.72 m. */
const CYCLE_PER_HEIGHT = 0.8;

/**
 * A person of capsules, a turned torso and a sphere for a head, in proportions of their own height:
 * legs of about half, shoulders at 0.8 (Drillis and Contini's table, roughly).
 */
export function makeBody({ looks, id }: Person): Body {
  const h = looks.heightMetres;
  const paint = paints(looks);
  const group = new THREE.Group();
  const pelvis = new THREE.Group();
  group.add(pelvis);

  const blob = new THREE.Mesh(
    new THREE.PlaneGeometry(0.95, 0.95),
    new THREE.MeshBasicMaterial({ map: blobTexture(), transparent: true, depthWrite: false }),
  );
  blob.rotation.x = -Math.PI / 2;
  blob.position.y = 0.012;
  group.add(blob);

  const thigh = 0.25 * h;
  const shin = 0.232 * h;
  const ankle = 0.045 * h;
  const upperArm = 0.172 * h;
  const forearm = 0.15 * h;
  const bare = looks.legs.kind === 'skirt';

  const chest = new THREE.Group();
  chest.add(...torso(looks, paint), ...neckAndHead(looks, paint).children);
  pelvis.add(chest);
  const head = chest.getObjectByName('head')!;

  const legs = [-1, 1].map((lr) => {
    const hip = joint(pelvis, lr * 0.047 * h, -0.015 * h, 0);
    hip.add(limb(thigh, 0.044 * h * looks.girth, 0.037 * h, bare ? paint.skin : paint.legs));
    const knee = joint(hip, 0, -thigh, 0);
    knee.add(limb(shin, 0.037 * h, bare ? 0.022 * h : 0.031 * h, bare ? paint.skin : paint.legs));
    const foot = joint(knee, 0, -shin, 0);
    const shoe = new THREE.Mesh(new THREE.CapsuleGeometry(0.027 * h, 0.088 * h, 4, 10), paint.shoes);
    shoe.rotation.x = Math.PI / 2;
    shoe.scale.set(0.92, 1, 0.8);
    shoe.position.set(0, -0.02 * h, 0.03 * h);
    foot.add(shoe);
    return { hip, knee, foot };
  });

  const arms = [-1, 1].map((lr) => {
    const shoulder = joint(chest, lr * 0.11 * h * (0.75 + 0.25 * looks.girth), 0.274 * h, 0);
    shoulder.add(limb(upperArm, 0.033 * h * looks.girth, 0.027 * h, paint.sleeve));
    const elbow = joint(shoulder, 0, -upperArm, 0);
    elbow.add(limb(forearm, 0.027 * h, 0.02 * h, paint.sleeve));
    const hand = new THREE.Mesh(new THREE.SphereGeometry(0.024 * h, 8, 6), paint.skin);
    hand.scale.set(0.75, 1.5, 1);
    hand.position.y = -forearm - 0.022 * h;
    elbow.add(hand);
    return { shoulder, elbow };
  });

  if (looks.carries) carry(looks.carries, h, chest, arms[1]!.elbow, forearm);
  melt(group);
  group.traverse((part) => {
    if (part !== blob) part.castShadow = part.receiveShadow = true;
  });

  // A hand that holds a bag does little else; a backpack leaves both free.
  const carried = looks.carries !== undefined && looks.carries.kind !== 'backpack';
  // Arms that rise take a few frames; weights follow the gesture with a lag.
  const weight = { 'hands-on': 0, reading: 0, talking: 0 };
  const own = [...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 100;

  return {
    group,
    bounds() {
      const { x, z } = group.position;
      const corners: THREE.Vector3[] = [];
      for (const dx of [-REACH_METRES, REACH_METRES])
        for (const dz of [-REACH_METRES, REACH_METRES])
          corners.push(
            new THREE.Vector3(x + dx, 0, z + dz),
            new THREE.Vector3(x + dx, h * 1.05, z + dz),
            new THREE.Vector3(x + dx - 0.22 * h, 0, z + dz - 0.38 * h),
          );
      return corners;
    },
    pose(figure, t) {
      group.position.set(figure.x, 0, figure.y);
      group.rotation.y = Math.PI / 2 - figure.heading;
      for (const kind of Object.keys(weight) as (keyof typeof weight)[])
        weight[kind] += ((figure.gesture === kind ? 1 : 0) - weight[kind]) * 0.35;

      const going = Math.min(1, figure.speed / 0.9);
      const cycle = CYCLE_PER_HEIGHT * h * (0.7 + 0.3 * going);
      const phase = ((figure.walked / (CYCLE_PER_HEIGHT * h)) % 1) * Math.PI * 2;
      const reach = Math.asin(Math.min(0.6, cycle / 4 / (thigh + shin))) * going;

      let standing = 0;
      for (const [i, { hip, knee, foot }] of legs.entries()) {
        const own = phase + i * Math.PI;
        const swing = reach * Math.sin(own);
        const bend = going * (0.1 + 0.85 * Math.max(0, Math.cos(own)) ** 1.4) + 0.02;
        hip.rotation.x = -swing - bend * 0.25;
        hip.rotation.z = (i ? 1 : -1) * 0.025 * (1 - going);
        knee.rotation.x = bend;
        foot.rotation.x = -(hip.rotation.x + bend) * 0.7;
        const below = thigh * Math.cos(hip.rotation.x) + shin * Math.cos(hip.rotation.x + bend);
        standing = Math.max(standing, below);
      }
      const sway = (1 - going) * Math.sin(t * 0.9 + own);
      pelvis.position.set(0.012 * sway, standing + ankle + 0.015 * h, 0);
      pelvis.rotation.z = 0.015 * sway;
      chest.rotation.set(0.05 * going + 0.1 * weight.reading, 0.1 * going * Math.sin(phase), 0);
      head.rotation.set(0.05 + 0.3 * weight.reading + 0.12 * weight['hands-on'], -figure.head, 0);

      for (const [i, { shoulder, elbow }] of arms.entries()) {
        const swing = -0.62 * going * Math.sin(phase + i * Math.PI) * (carried && i === 1 ? 0.45 : 1);
        const talk =
          weight.talking *
          (i === 0 ? 1 : carried ? 0.1 : 0.35) *
          (0.75 + 0.25 * Math.sin(t * 4.1 + own + i * 2));
        const typing =
          weight['hands-on'] * (carried && i === 1 ? 0 : 1) * (0.9 + 0.1 * Math.sin(t * 5 + own + i * 2.3));
        shoulder.rotation.x = -swing - 0.75 * typing - 0.35 * talk - 0.5 * weight.reading;
        shoulder.rotation.z = (i ? 1 : -1) * (0.09 - 0.14 * weight.reading - 0.08 * typing);
        elbow.rotation.x = -0.16 - 0.35 * going - 0.65 * typing - 1.15 * talk - 1.2 * weight.reading;
      }
    },
  };
}

/** Arms, legs and bags reach no further from the middle. */
const REACH_METRES = 0.6;

/**
 * Melts all that hangs on one joint into one shape with the colours in its corners: a person is a
 * dozen things to draw, not sixty.
 */
function melt(body: THREE.Group): void {
  const parts = new Map<THREE.Object3D, THREE.Mesh[]>();
  body.updateMatrixWorld(true);
  body.traverse((part) => {
    if (!(part instanceof THREE.Mesh) || !(part.material instanceof THREE.MeshStandardMaterial)) return;
    let joint = part.parent!;
    while (joint instanceof THREE.Mesh) joint = joint.parent!;
    parts.set(joint, [...(parts.get(joint) ?? []), part]);
  });
  for (const [joint, meshes] of parts) {
    const back = joint.matrixWorld.clone().invert();
    joint.add(new THREE.Mesh(mergeGeometries(meshes.map((mesh) => coloured(mesh, back))), cloth));
    for (const mesh of meshes) mesh.removeFromParent();
  }
}

function coloured(mesh: THREE.Mesh, back: THREE.Matrix4): THREE.BufferGeometry {
  const shape = mesh.geometry.clone().applyMatrix4(back.clone().multiply(mesh.matrixWorld));
  shape.deleteAttribute('uv');
  const { count } = shape.attributes.position!;
  if (!shape.index) shape.setIndex(Array.from({ length: count }, (_, n) => n));
  const { r, g, b } = (mesh.material as THREE.MeshStandardMaterial).color;
  const colours = new Float32Array(count * 3);
  for (let n = 0; n < count; n++) colours.set([r, g, b], n * 3);
  return shape.setAttribute('color', new THREE.BufferAttribute(colours, 3));
}

type Paints = Record<'skin' | 'hair' | 'top' | 'under' | 'sleeve' | 'legs' | 'shoes' | 'eye', THREE.Material>;

function paints(looks: Looks): Paints {
  const dyed = (colour: string, roughness = 0.86): THREE.Material =>
    new THREE.MeshStandardMaterial({ color: colour, roughness, side: THREE.DoubleSide });
  const top = dyed(looks.top.colour);
  return {
    skin: dyed(looks.skin, 0.6),
    hair: dyed(looks.hair.colour, 0.55),
    top,
    sleeve: top,
    under: dyed(looks.top.under ?? looks.top.colour),
    legs: dyed(looks.legs.colour),
    shoes: dyed(looks.shoes, 0.45),
    eye: dyed('#241a16', 0.4),
  };
}

function joint(parent: THREE.Object3D, x: number, y: number, z: number): THREE.Group {
  const group = new THREE.Group();
  group.position.set(x, y, z);
  parent.add(group);
  return group;
}

/** Hangs down from the joint: a cone with round ends. */
function limb(length: number, top: number, bottom: number, paint: THREE.Material): THREE.Mesh {
  const outline: THREE.Vector2[] = [];
  for (let a = 0; a <= 3; a++) {
    const angle = (a / 3) * (Math.PI / 2);
    outline.push(new THREE.Vector2(Math.sin(angle) * bottom, -length - Math.cos(angle) * bottom));
  }
  outline.push(new THREE.Vector2(bottom + (top - bottom) * 0.72, -length * 0.4));
  for (let a = 0; a <= 3; a++) {
    const angle = (a / 3) * (Math.PI / 2);
    outline.push(new THREE.Vector2(Math.cos(angle) * top, Math.sin(angle) * top));
  }
  return new THREE.Mesh(new THREE.LatheGeometry(outline, 10), paint);
}

/** The outline of a turned torso as `[radius, height above the hips]`, both for a person 1 m tall. */
const TORSO: readonly (readonly [number, number])[] = [
  [0.001, -0.05],
  [0.07, -0.045],
  [0.097, -0.015],
  [0.1, 0.03],
  [0.09, 0.1],
  [0.098, 0.17],
  [0.107, 0.23],
  [0.111, 0.268],
  [0.102, 0.296],
  [0.064, 0.32],
  [0.032, 0.335],
];
const HEM = { shirt: -0.04, jacket: -0.075, coat: -0.13, dress: -0.215 };
const DEPTH = 0.66;

function torso(looks: Looks, paint: Paints): THREE.Mesh[] {
  const h = looks.heightMetres;
  const wide = looks.girth;
  const scaled = (points: readonly (readonly [number, number])[], grow: number): THREE.Vector2[] =>
    points.map(([r, y]) => new THREE.Vector2(r * h * wide * grow, y * h));
  const turned = (outline: THREE.Vector2[], material: THREE.Material, from = 0, length = Math.PI * 2) => {
    const mesh = new THREE.Mesh(new THREE.LatheGeometry(outline, 22, from, length), material);
    mesh.scale.z = DEPTH;
    return mesh;
  };
  const { kind } = looks.top;
  const hem = HEM[kind];
  const flare = kind === 'dress' ? 1.22 : kind === 'coat' ? 1.1 : 1.06;
  const skirt: [number, number][] = [
    [0.098 * flare, hem],
    [0.1 * (1 + (flare - 1) * 0.5), hem * 0.5],
  ];
  const outer = [...skirt, ...TORSO.slice(3)] as const;
  const meshes = [turned(scaled(TORSO, 0.9), paint.legs), turned(scaled(outer, 1.02), paint.top)];
  if (looks.top.under) {
    // The shirt where a jacket stands open: a wedge, wide at the neck. The lathe starts at +z, the front.
    const open = TORSO.slice(kind === 'coat' ? 4 : 5).map(([r, y]) => [r * 1.045, y] as const);
    const wedge = turned(scaled(open, 1.02), paint.under, -0.5, 1);
    const at = wedge.geometry.attributes.position!;
    const [low, high] = [open[0]![1] * h, open.at(-1)![1] * h];
    for (let n = 0; n < at.count; n++) {
      const radius = Math.hypot(at.getX(n), at.getZ(n));
      const angle = Math.atan2(at.getX(n), at.getZ(n)) * Math.max(0, (at.getY(n) - low) / (high - low));
      at.setXYZ(n, radius * Math.sin(angle), at.getY(n), radius * Math.cos(angle));
    }
    meshes.push(wedge);
  }
  return meshes;
}

function neckAndHead(looks: Looks, paint: Paints): THREE.Group {
  const h = looks.heightMetres;
  const group = new THREE.Group();
  const neck = new THREE.Mesh(new THREE.CylinderGeometry(0.03 * h, 0.034 * h, 0.06 * h, 14), paint.skin);
  neck.position.y = 0.345 * h;
  const head = joint(group, 0, 0.372 * h, 0.004 * h);
  head.name = 'head';
  const ball = (r: number, x: number, y: number, z: number, material: THREE.Material): THREE.Mesh => {
    const mesh = new THREE.Mesh(new THREE.SphereGeometry(r * h, ...(r > 0.03 ? [16, 12] : [7, 5])), material);
    mesh.position.set(x * h, y * h, z * h);
    head.add(mesh);
    return mesh;
  };
  ball(0.056, 0, 0.05, 0, paint.skin).scale.set(0.9, 1.12, 1.02);
  ball(0.038, 0, 0.02, 0.012, paint.skin).scale.set(0.95, 1.05, 1);
  ball(0.0085, 0, 0.04, 0.058, paint.skin).scale.set(0.9, 1.3, 1.1);
  for (const lr of [-1, 1]) {
    ball(0.011, lr * 0.05, 0.042, -0.002, paint.skin).scale.set(0.6, 1.2, 1);
    ball(0.0062, lr * 0.02, 0.056, 0.0525, paint.eye);
    ball(0.01, lr * 0.02, 0.068, 0.0495, paint.hair).scale.set(1.2, 0.28, 0.5);
  }
  const { style } = looks.hair;
  if (style !== 'bald') {
    const cap = new THREE.Mesh(
      new THREE.SphereGeometry(0.0615 * h, 16, 9, 0, Math.PI * 2, 0, Math.PI * 0.56),
      paint.hair,
    );
    cap.scale.set(0.95, 1.1, 1.06);
    cap.rotation.x = -0.52;
    cap.position.set(0, 0.055 * h, -0.005 * h);
    head.add(cap);
  }
  if (style === 'long') {
    ball(0.055, 0, 0.02, -0.022, paint.hair).scale.set(1.02, 1.35, 0.75);
    ball(0.05, 0, -0.035, -0.028, paint.hair).scale.set(1.05, 1.2, 0.6);
  }
  if (style === 'bun') ball(0.027, 0, 0.085, -0.062, paint.hair);
  // Eyebrows are hair too; a bald head keeps them.
  group.add(neck);
  return group;
}

function carry(
  carries: NonNullable<Looks['carries']>,
  h: number,
  chest: THREE.Group,
  elbow: THREE.Group,
  forearm: number,
): void {
  const leather = new THREE.MeshStandardMaterial({ color: carries.colour, roughness: 0.6 });
  if (carries.kind === 'backpack') {
    const pack = new THREE.Mesh(new THREE.CapsuleGeometry(0.085 * h, 0.1 * h, 4, 14), leather);
    pack.scale.set(1, 1, 0.62);
    pack.position.set(0, 0.19 * h, -0.11 * h);
    chest.add(pack);
    return;
  }
  const [width, height, depth] = carries.kind === 'briefcase' ? [0.07, 0.28, 0.4] : [0.1, 0.2, 0.28];
  const bag = new THREE.Mesh(new THREE.BoxGeometry(width, height, depth), leather);
  const handle = new THREE.Mesh(new THREE.TorusGeometry(0.055, 0.009, 6, 16, Math.PI), leather);
  handle.rotation.y = Math.PI / 2;
  handle.position.y = height! / 2;
  bag.add(handle);
  bag.position.set(0, -forearm - height! / 2 - 0.07, 0);
  elbow.add(bag);
}
