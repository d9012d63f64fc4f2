import * as THREE from 'three';
import { mergeGeometries } from 'three/examples/jsm/utils/BufferGeometryUtils.js';
import { crownMetres } from '../crown.ts';
import type { Figure, Looks, Person } from '../scene.ts';
import { cloth, lamps } from './cloth.ts';
import { blobTexture } from './paint.ts';
import { carry, thingsOf } from './things.ts';

/** A person in the scene, and how to make them stand as a moment says. */
export interface Body {
  group: THREE.Group;
  pose(figure: Figure, t: number): void;
  /** Shapes of the person with clothes and bags. */
  own: THREE.Mesh[];
  /** Shapes of what they push or lean on, which is no part of the person. */
  other: THREE.Mesh[];
  blob: THREE.Mesh;
  /** Corners of what they may cover as they stand now, their shadow included. */
  bounds(): THREE.Vector3[];
  /** The part of the floor their shadow may fall on. */
  shade(): THREE.Box3;
}

/** Metres walked in one cycle of two steps, for each metre of height: 1.4 m for somebody of 1.72 m. */
const CYCLE_PER_HEIGHT = 0.8;

/**
 * A person of capsules, a turned torso and a sphere for a head, in proportions of their own height:
 * legs of about half, shoulders at 0.8 (Drillis and Contini's table, roughly). A child's head is larger.
 *
 * The crown is where `crownMetres` says, standing and seated, so that truth and picture agree.
 */
export function makeBody({ looks, id }: Person): Body {
  const headSize = headSizeOf(looks.heightMetres);
  // All measures below are shares of this; with them the crown of a standing person comes to their height.
  const h = looks.heightMetres / (HEAD_AT + STANDING_AT + CROWN_ABOVE * headSize);
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
  chest.add(...torso(looks, h, paint), ...neckAndHead(looks, h, paint).children);
  pelvis.add(chest);
  const head = chest.getObjectByName('head')!;
  head.scale.setScalar(headSize);
  const hem = joint(pelvis, 0, 0, 0);
  hem.add(...skirt(looks, h, paint));

  const legs = [-1, 1].map((lr) => {
    const hip = joint(pelvis, lr * 0.047 * h, -0.015 * h, 0);
    hip.add(limb(thigh, 0.044 * h * looks.girth, 0.037 * h, bare ? paint.skin : paint.legs));
    const knee = joint(hip, 0, -thigh, 0);
    knee.add(limb(shin, 0.037 * h, bare ? 0.022 * h : 0.031 * h, bare ? paint.skin : paint.legs));
    const foot = joint(knee, 0, -shin, 0);
    const shoe = new THREE.Mesh(new THREE.CapsuleGeometry(0.027 * h, 0.088 * h, 3, 8), paint.shoes);
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

  if (looks.carries) carry(looks.carries, h, { chest, elbow: arms[1]!.elbow, forearm, group });
  const things = thingsOf(looks, h);
  group.add(things.group);
  melt(group);
  const own: THREE.Mesh[] = [];
  const other: THREE.Mesh[] = [];
  group.traverse((part) => {
    if (!(part instanceof THREE.Mesh) || part === blob) return;
    part.castShadow = true;
    let root: THREE.Object3D = part;
    while (root.parent && root.parent !== group) root = root.parent;
    (root === things.group ? other : own).push(part);
  });

  const wheels = looks.aid === 'wheelchair';
  const pushing = looks.pushes !== undefined || looks.aid === 'walker';
  const stick = looks.aid === 'stick';
  // A hand that holds a bag does little else; a backpack leaves both free.
  const carried = looks.carries !== undefined && looks.carries.kind !== 'backpack';
  // Arms that rise take a few frames; weights follow the gesture with a lag.
  const weight = { 'hands-on': 0, reading: 0, talking: 0, sitting: wheels ? 1 : 0 };
  const habit = [...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 100;
  // Nobody walks quite like the next: so much longer or shorter steps, and arms that swing more or less.
  const stride = (0.92 + 0.16 * ((habit % 17) / 16)) * (stick || looks.aid === 'walker' ? 0.72 : 1);
  const armSwing = 0.75 + 0.5 * ((habit % 23) / 22);

  /** Of what stands or falls within so many metres of the person, and of what they push. */
  const corners = (reach: number, shadowReach: number): THREE.Vector3[] => {
    const { x, z } = group.position;
    const lamp = lamps.towardsLamp.value;
    const middles: [number, number, number][] = [[x, z, looks.heightMetres * 1.06 + 0.06]];
    if (things.aheadMetres) {
      const heading = Math.PI / 2 - group.rotation.y;
      const [dx, dz] = [Math.cos(heading), Math.sin(heading)];
      middles.push([x + things.aheadMetres * dx, z + things.aheadMetres * dz, 1.15]);
    }
    return middles.flatMap(([cx, cz, high]) => {
      const falls = high / Math.max(0.2, lamp.y);
      return [-1, 1].flatMap((a) =>
        [-1, 1].flatMap((b) => [
          new THREE.Vector3(cx + a * reach, 0, cz + b * reach),
          new THREE.Vector3(cx + a * reach, high, cz + b * reach),
          new THREE.Vector3(cx + a * shadowReach - falls * lamp.x, 0, cz + b * shadowReach - falls * lamp.z),
        ]),
      );
    });
  };

  return {
    group,
    own,
    other,
    blob,
    bounds: () => corners(REACH_METRES, 0.6 * REACH_METRES),
    shade: () => new THREE.Box3().setFromPoints(corners(0.3, 0.3).filter(({ y }) => y === 0)),
    pose(figure, t) {
      group.position.set(figure.x, 0, figure.y);
      group.rotation.y = Math.PI / 2 - figure.heading;
      for (const kind of Object.keys(weight) as (keyof typeof weight)[]) {
        const wanted = figure.gesture === kind || (kind === 'sitting' && wheels) ? 1 : 0;
        weight[kind] += (wanted - weight[kind]) * 0.35;
      }
      const sitting = weight.sitting;

      const going = wheels ? 0 : Math.min(1, figure.speed / 0.9) * (1 - sitting);
      const length = CYCLE_PER_HEIGHT * h * stride;
      const cycle = length * (0.7 + 0.3 * going);
      const phase = ((figure.walked / length) % 1) * Math.PI * 2;
      const reach = Math.asin(Math.min(0.6, cycle / 4 / (thigh + shin))) * going;

      let standing = 0;
      for (const [i, { hip, knee, foot }] of legs.entries()) {
        const own = phase + i * Math.PI;
        // Who uses a stick swings the leg on its side less and bends it less.
        const stiff = stick && i === 0 ? 0.55 : 1;
        const swing = reach * Math.sin(own) * stiff;
        const bend = going * (0.1 + 0.85 * stiff * Math.max(0, Math.cos(own)) ** 1.4) + 0.02;
        hip.rotation.x = (-swing - bend * 0.25) * (1 - sitting) - 1.5 * sitting;
        hip.rotation.z = (i ? 1 : -1) * (0.025 * (1 - going) + 0.07 * sitting);
        knee.rotation.x = bend * (1 - sitting) + (1.5 + (wheels ? -0.25 : 0.08 * (i ? 1 : -1))) * sitting;
        foot.rotation.x = -(hip.rotation.x + knee.rotation.x) * 0.7;
        const below = thigh * Math.cos(hip.rotation.x) + shin * Math.cos(hip.rotation.x + knee.rotation.x);
        standing = Math.max(standing, below);
      }
      const sway = (1 - going) * (1 - sitting) * Math.sin(t * 0.9 + habit);
      const seated = crownMetres(looks, 'sitting') - (HEAD_AT + CROWN_ABOVE * headSize) * h;
      const upright = standing + ankle + 0.015 * h;
      pelvis.position.set(0.012 * sway, upright + (seated - upright) * sitting, -0.05 * sitting);
      pelvis.rotation.z = 0.015 * sway + (stick ? 0.07 * going * Math.max(0, Math.sin(phase)) : 0);
      hem.rotation.x = -1.25 * sitting;
      const bowed = (looks.aid === 'walker' ? 0.16 : stick ? 0.07 : pushing ? 0.06 : 0) * (1 - sitting);
      chest.rotation.set(
        bowed + 0.05 * going + 0.1 * weight.reading - 0.06 * sitting,
        0.1 * going * Math.sin(phase),
        0,
      );
      head.rotation.set(0.05 + 0.3 * weight.reading + 0.12 * weight['hands-on'] - bowed, -figure.head, 0);
      things.pose(phase, going, figure.walked);

      for (const [i, { shoulder, elbow }] of arms.entries()) {
        const held = carried && i === 1;
        const swing = -0.62 * armSwing * going * Math.sin(phase + i * Math.PI) * (held ? 0.45 : 1);
        const talk =
          weight.talking *
          (i === 0 ? 1 : held ? 0.1 : 0.35) *
          (0.75 + 0.25 * Math.sin(t * 4.1 + habit + i * 2));
        const typing = weight['hands-on'] * (held ? 0 : 1) * (0.9 + 0.1 * Math.sin(t * 5 + habit + i * 2.3));
        const side = i ? 1 : -1;
        const rest = Math.max(sitting, 0) * (1 - talk) * (1 - typing);
        shoulder.rotation.x = -swing - 0.75 * typing - 0.35 * talk - 0.5 * weight.reading - 0.3 * rest;
        shoulder.rotation.z = side * (0.09 - 0.14 * weight.reading - 0.08 * typing);
        elbow.rotation.x =
          -0.16 - 0.35 * going - 0.65 * typing - 1.15 * talk - 1.2 * weight.reading - 0.75 * rest;
        const free = 1 - Math.max(talk, typing * 0.9);
        if (pushing && !wheels) {
          shoulder.rotation.x = -0.52 * free + shoulder.rotation.x * (1 - free) - bowed;
          elbow.rotation.x = (looks.aid === 'walker' ? -0.5 : -0.8) * free + elbow.rotation.x * (1 - free);
        } else if (wheels) {
          // Hands on the rims, which they push in strokes.
          const stroke = Math.min(1, figure.speed / 0.5) * Math.sin(figure.walked * 5);
          shoulder.rotation.x = (0.25 - 0.4 * stroke) * free + shoulder.rotation.x * (1 - free);
          shoulder.rotation.z = side * 0.22;
          elbow.rotation.x = -0.7 * free + elbow.rotation.x * (1 - free);
        } else if (stick && i === 0) {
          shoulder.rotation.x = -0.25 - 0.15 * going * Math.sin(phase);
          elbow.rotation.x = -0.35;
        } else if (held && looks.carries!.kind === 'folder') {
          shoulder.rotation.x = 0.05;
          elbow.rotation.x = -1.35;
        } else if (held && looks.carries!.kind === 'suitcase') {
          shoulder.rotation.x = 0.3 * (1 - sitting);
          elbow.rotation.x = -0.08;
        }
      }
    },
  };
}

/** Above the hips, as a share of the measure all others are shares of: where the head sits, and its crown. */
const HEAD_AT = 0.372;
const CROWN_ABOVE = 0.123;
/** Where the hips of somebody standing are. */
const STANDING_AT = 0.542;

/** A grown person's head is an eighth of their height, a child's of a metre nearly a fifth. */
const headSizeOf = (heightMetres: number): number => 1 + 0.8 * Math.max(0, 1.45 - heightMetres);

/** Arms, legs and bags reach no further from the middle. */
const REACH_METRES = 0.62;

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
const HEM = { shirt: -0.04, jacket: -0.075, coat: -0.27, dress: -0.215 };
const FLARE = { shirt: 1.06, jacket: 1.06, coat: 1.26, dress: 1.22 };
const DEPTH = 0.66;

const widened = (points: readonly (readonly [number, number])[], by: number, h: number): THREE.Vector2[] =>
  points.map(([r, y]) => new THREE.Vector2(r * h * by, y * h));

function turnedBody(outline: THREE.Vector2[], material: THREE.Material, from = 0, length = Math.PI * 2) {
  const mesh = new THREE.Mesh(new THREE.LatheGeometry(outline, 22, from, length), material);
  mesh.scale.z = DEPTH;
  return mesh;
}

/** What hangs down from the waist; it folds forward over the thighs of who sits. */
function skirt({ top: { kind }, girth }: Looks, h: number, paint: Paints): THREE.Mesh[] {
  const flare = FLARE[kind];
  const hem = HEM[kind];
  const outline = [
    [0.098 * flare, hem],
    [0.1 * (1 + (flare - 1) * 0.5), hem * 0.5],
    [0.1 * (1 + (flare - 1) * 0.2), 0],
    [0.1, 0.034],
  ] as const;
  const inner = outline.map(([r, y]) => [r * 0.98, y] as const).reverse();
  return [
    turnedBody(widened(outline, 1.02 * girth, h), paint.top),
    // The lining, for a hem is open below.
    turnedBody(widened(inner, 1.02 * girth, h), paint.top),
  ];
}

function torso(looks: Looks, h: number, paint: Paints): THREE.Mesh[] {
  const wide = looks.girth;
  const { kind } = looks.top;
  const meshes = [
    turnedBody(widened(TORSO, 0.9 * wide, h), paint.legs),
    turnedBody(widened(TORSO.slice(3), (kind === 'coat' ? 1.06 : 1.02) * wide, h), paint.top),
  ];
  if (looks.top.under) {
    // The shirt where a jacket stands open: a wedge, wide at the neck. The lathe starts at +z, the front.
    const open = TORSO.slice(kind === 'coat' ? 4 : 5).map(([r, y]) => [r * 1.045, y] as const);
    const wedge = turnedBody(widened(open, (kind === 'coat' ? 1.06 : 1.02) * wide, h), paint.under, -0.5, 1);
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

function neckAndHead(looks: Looks, h: number, paint: Paints): THREE.Group {
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
  if (style === 'bun' && !looks.hat) ball(0.027, 0, 0.085, -0.062, paint.hair);
  if (looks.hat) head.add(...hat(looks.hat, h));
  // Eyebrows are hair too; a bald head keeps them.
  group.add(neck);
  return group;
}

/** Hats end where the crown would, give or take a finger: truth knows no hats. */
function hat({ kind, colour }: NonNullable<Looks['hat']>, h: number): THREE.Mesh[] {
  const felt = new THREE.MeshStandardMaterial({ color: colour });
  const dome = (radius: number, part: number): THREE.Mesh =>
    new THREE.Mesh(new THREE.SphereGeometry(radius * h, 16, 8, 0, Math.PI * 2, 0, Math.PI * part), felt);
  const placed = (mesh: THREE.Mesh, y: number, z: number): THREE.Mesh => {
    mesh.position.set(0, y * h, z * h);
    return mesh;
  };
  if (kind === 'cap') {
    const visor = placed(
      new THREE.Mesh(new THREE.CylinderGeometry(0.05 * h, 0.05 * h, 0.008 * h, 14), felt),
      0.08,
      0.05,
    );
    visor.scale.z = 1.1;
    const top = placed(dome(0.065, 0.5), 0.07, -0.002);
    top.scale.set(0.97, 0.95, 1.06);
    return [top, visor];
  }
  if (kind === 'brimmed') {
    const brim = placed(
      new THREE.Mesh(new THREE.CylinderGeometry(0.1 * h, 0.104 * h, 0.008 * h, 18), felt),
      0.085,
      0,
    );
    const crown = placed(
      new THREE.Mesh(new THREE.CylinderGeometry(0.052 * h, 0.064 * h, 0.06 * h, 16), felt),
      0.112,
      0,
    );
    return [brim, crown];
  }
  // A scarf over the hair and round the neck.
  const over = placed(dome(0.068, 0.62), 0.055, -0.006);
  over.scale.set(0.97, 1.06, 1.04);
  over.rotation.x = -0.5;
  const round = placed(
    new THREE.Mesh(new THREE.CylinderGeometry(0.05 * h, 0.062 * h, 0.06 * h, 14), felt),
    -0.02,
    -0.006,
  );
  return [over, round];
}
