import * as THREE from 'three';
import type { Counted } from '../boxes.ts';
import type { Figure, Moment, Scene } from '../scene.ts';
import { type Area, joined, overlaps, type Patch, patchOf } from './area.ts';
import { Backdrop } from './backdrop.ts';
import { FINER, type Lens, makeLens } from './lens.ts';
import { levelAt } from './light.ts';
import { type Body, makeBody } from './person.ts';
import { bloom, Noise } from './sensor.ts';
import { makeStage, openingOf, type Stage } from './stage.ts';

/** What moves, and where. Empty `people` is a door alone. */
type Moving = { id: string } | { door: string };

/**
 * Draws moments. Only the parts of the picture where people or open doors are get drawn at all; the rest is
 * the backdrop's, and a frame takes a tenth of the time.
 */
export class Picture {
  readonly #scene: Scene;
  readonly #lens: Lens;
  readonly #stage: Stage;
  readonly #renderer: THREE.WebGLRenderer;
  readonly #backdrop: Backdrop;
  readonly #bodies: Map<string, Body>;
  readonly #pixels: Uint8Array;
  readonly #noise: Noise | undefined;
  /** Where sliding doors show the street. */
  readonly #streets: Area[];
  /** The lobby with its doors as they are, without people; good for so long as `#setKey` is the same. */
  #set: Uint8ClampedArray = new Uint8ClampedArray();
  #setKey = '';
  #leaves: Patch<Moving>[] = [];
  #bare: Uint8ClampedArray = new Uint8ClampedArray();

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#lens = makeLens(scene.camera);
    const { wide } = this.#lens;
    const canvas = new OffscreenCanvas(wide.width * FINER, wide.height * FINER);
    const renderer = new THREE.WebGLRenderer({ canvas, alpha: true });
    renderer.setSize(wide.width * FINER, wide.height * FINER, false);
    renderer.setScissorTest(true);
    renderer.shadowMap.enabled = true;
    renderer.shadowMap.type = THREE.PCFShadowMap;
    renderer.toneMapping = THREE.NeutralToneMapping;
    renderer.toneMappingExposure = 0.9;
    renderer.autoClear = false;
    this.#renderer = renderer;
    this.#stage = makeStage(scene, renderer, this.#lens);
    this.#backdrop = new Backdrop(this.#stage, renderer, this.#lens, (scene.light.changes ?? []).length > 0);
    this.#bodies = new Map(scene.people.map((person) => [person.id, makeBody(person)]));
    for (const { group } of this.#bodies.values()) this.#stage.moving.add(group);
    this.#noise = scene.camera.noise ? new Noise(scene.seed, scene.camera.noise) : undefined;
    this.#streets = scene.doors
      .filter(({ kind }) => kind === 'sliding')
      .flatMap((door) => patchOf(openingOf(door), this.#stage.camera, this.#lens, door)?.out ?? []);
    this.#pixels = new Uint8Array(wide.width * wide.height * FINER ** 2 * 4);
  }

  /** `width × height × 3` bytes from the top left. Moments must come in order: arms take some frames to rise. */
  draw(moment: Moment): Uint8ClampedArray {
    const { people, doors, t } = moment;
    for (const figure of people) this.#bodies.get(figure.id)!.pose(figure, t);
    this.#setDoors(doors, levelAt(this.#scene, t));
    const frame = new Uint8ClampedArray(this.#set);
    const patches = people.flatMap((figure) => this.#patchOf(figure) ?? []);
    for (const patch of joined(patches)) this.#paint(frame, patch, patches);
    const { camera, light } = this.#scene;
    const glare = light.glare ?? 1;
    if (glare > 1)
      bloom(frame, this.#lens.width, this.#lens.height, this.#streets, Math.min(1, (glare - 1) / 2));
    const bytes = rgb(frame);
    this.#noise?.add(bytes, this.#lens.width, Math.round(t * camera.fps));
    return bytes;
  }

  /**
   * Counts the pixels of everybody, as the moment drawn last has them: each in a colour of their own, behind
   * whatever hides them. Glass hides nobody; what they push or lean on is no part of them.
   */
  count(moment: Moment): Counted[] {
    const { stage, renderer } = { stage: this.#stage, renderer: this.#renderer };
    const { wide } = this.#lens;
    const whole: Area = { left: 0, top: 0, right: wide.width, bottom: wide.height };
    const bodies = moment.people.map(({ id }) => ({ id, body: this.#bodies.get(id)! }));
    const painted = new Map<THREE.Mesh, THREE.Material | THREE.Material[]>();
    const paint = (mesh: THREE.Mesh, colour: number): void => {
      painted.set(mesh, mesh.material);
      mesh.material = flat(colour);
    };
    const hidden: THREE.Object3D[] = [];
    const hide = (part: THREE.Object3D): void => {
      if (part.visible) hidden.push(part);
      part.visible = false;
    };
    stage.coverFloor([]);
    for (const group of stage.doors.values()) {
      group.visible = true;
      group.traverse((part) => {
        if (!(part instanceof THREE.Mesh)) return;
        if ((part.material as THREE.Material).transparent) hide(part);
        else paint(part, 0);
      });
    }
    for (const [n, { body }] of bodies.entries()) {
      hide(body.blob);
      for (const mesh of body.own) paint(mesh, n + 1);
      for (const mesh of body.other) paint(mesh, 0);
    }
    renderer.shadowMap.enabled = false;
    const look = (area: Area, who: readonly Body[]): Uint8Array => {
      for (const { group } of this.#bodies.values()) group.visible = false;
      for (const { group } of who) group.visible = true;
      this.#setScissor(area);
      renderer.clear();
      if (who.length > 1 || area === whole) this.#backdrop.drawDepth();
      renderer.render(stage.world, stage.camera);
      return this.#read(area);
    };
    const counted = bodies.map(({ id }) => nobody(id));
    const all = look(
      whole,
      bodies.map(({ body }) => body),
    );
    const everywhere = { left: 0, top: 0, right: this.#lens.width, bottom: this.#lens.height };
    this.#eachPixel(everywhere, whole, (at, x, y) => {
      const one = counted[all[at]! - 1];
      if (one) countIn(one, x, y);
    });
    for (const group of stage.doors.values()) group.visible = false;
    for (const [n, { id, body }] of bodies.entries()) {
      const patch = patchOf(body.bounds(), stage.camera, this.#lens, id);
      if (!patch) continue;
      for (const mesh of body.other) mesh.visible = false;
      const alone = look(patch.wide, [body]);
      for (const mesh of body.other) mesh.visible = true;
      this.#eachPixel(patch.out, patch.wide, (at) => {
        if (alone[at] === n + 1) counted[n]!.alone++;
      });
    }
    for (const [mesh, material] of painted) mesh.material = material;
    for (const part of hidden) part.visible = true;
    renderer.shadowMap.enabled = true;
    return counted;
  }

  /** What the middle of each pixel of the picture shows: where it lies among the pixels that were read. */
  #eachPixel(out: Area, wide: Area, tell: (at: number, x: number, y: number) => void): void {
    const { source, width } = this.#lens;
    const across = (wide.right - wide.left) * FINER;
    for (let y = out.top; y < out.bottom; y++) {
      for (let x = out.left; x < out.right; x++) {
        const n = 2 * (y * width + x);
        if (source[n]! < wide.left || source[n]! >= wide.right) continue;
        if (source[n + 1]! < wide.top || source[n + 1]! >= wide.bottom) continue;
        const column = Math.floor((source[n]! - wide.left) * FINER);
        const row = Math.floor((wide.bottom - source[n + 1]!) * FINER - 1e-4);
        tell(4 * (row * across + column), x, y);
      }
    }
  }

  #setScissor({ left, top, right, bottom }: Area): void {
    const { height } = this.#lens.wide;
    this.#renderer.setScissor(
      left * FINER,
      (height - bottom) * FINER,
      (right - left) * FINER,
      (bottom - top) * FINER,
    );
  }

  /** The pixels of this part, from its bottom left corner. */
  #read({ left, top, right, bottom }: Area): Uint8Array {
    const gl = this.#renderer.getContext();
    gl.readPixels(
      left * FINER,
      (this.#lens.wide.height - bottom) * FINER,
      (right - left) * FINER,
      (bottom - top) * FINER,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      this.#pixels,
    );
    return this.#pixels;
  }

  /** Sets the light and the doors, and draws the lobby anew where they changed since the last frame. */
  #setDoors(doors: Record<string, number>, level: number): void {
    const shade = Math.round(level * 100) / 100;
    const key = JSON.stringify([shade, doors]);
    if (key === this.#setKey) return;
    for (const [id, part] of Object.entries(doors)) this.#stage.openDoor(id, part * part * (3 - 2 * part));
    if (this.#setKey === '' || JSON.parse(this.#setKey)[0] !== shade)
      this.#bare = this.#backdrop.picture(shade);
    this.#stage.light(shade);
    this.#set = new Uint8ClampedArray(this.#bare);
    this.#setKey = key;
    this.#leaves = [...this.#stage.doors].flatMap(([door, group]) => {
      const bounds = new THREE.Box3().setFromObject(group);
      return patchOf<Moving>(cornersOf(bounds), this.#stage.camera, this.#lens, { door }) ?? [];
    });
    for (const patch of joined(this.#leaves)) this.#paint(this.#set, patch, []);
  }

  #patchOf(figure: Figure): Patch<Moving> | null {
    const { bounds } = this.#bodies.get(figure.id)!;
    return patchOf<Moving>(bounds(), this.#stage.camera, this.#lens, { id: figure.id });
  }

  /** Draws everybody who shows within the patch, over the backdrop. */
  #paint(frame: Uint8ClampedArray, patch: Patch<Moving>, others: readonly Patch<Moving>[]): void {
    const shown = new Set(
      others
        .filter(({ out }) => overlaps(out, patch.out))
        .flatMap(({ holds }) => holds.map((moving) => ('id' in moving ? moving.id : ''))),
    );
    const boxes: THREE.Box3[] = [];
    for (const [id, { group, shade }] of this.#bodies) {
      group.visible = shown.has(id);
      if (group.visible) boxes.push(shade());
    }
    this.#stage.coverFloor(boxes);
    for (const [id, group] of this.#stage.doors)
      group.visible = this.#leaves.some(
        ({ out, holds }) => overlaps(out, patch.out) && holds.some((m) => 'door' in m && m.door === id),
      );
    this.#setScissor(patch.wide);
    this.#renderer.clear();
    this.#backdrop.drawDepth();
    this.#renderer.render(this.#stage.world, this.#stage.camera);
    this.#read(patch.wide);
    this.#lay(frame, patch);
  }

  /** Averages what was drawn, bends it as the lens does, and lays it over the backdrop. */
  #lay(frame: Uint8ClampedArray, { out, wide: { left, bottom, right, top } }: Patch<Moving>): void {
    const { source, width } = this.#lens;
    const pixels = this.#pixels;
    const bare = this.#bare;
    const across = (right - left) * FINER;
    const up = (bottom - top) * FINER;
    const step = across * 4;
    for (let row = out.top; row < out.bottom; row++) {
      for (let column = out.left; column < out.right; column++) {
        const n = row * width + column;
        const x = (source[2 * n]! - left) * FINER - 0.5;
        const y = (bottom - source[2 * n + 1]!) * FINER - 0.5;
        if (x < 0 || y < 0 || x >= across - 1 || y >= up - 1) continue;
        const [x0, y0] = [Math.floor(x), Math.floor(y)];
        const a = y0 * step + x0 * 4;
        const to = 4 * n;
        const clear = !(pixels[a + 3]! | pixels[a + 7]! | pixels[a + step + 3]! | pixels[a + step + 7]!);
        if (clear) {
          frame[to] = bare[to]!;
          frame[to + 1] = bare[to + 1]!;
          frame[to + 2] = bare[to + 2]!;
          continue;
        }
        const [fx, fy] = [x - x0, y - y0];
        const [w0, w1, w2, w3] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
        const mean = (c: number): number =>
          pixels[a + c]! * w0 +
          pixels[a + c + 4]! * w1 +
          pixels[a + c + step]! * w2 +
          pixels[a + c + step + 4]! * w3;
        const under = 1 - mean(3) / 255;
        frame[to] = bare[to]! * under + mean(0);
        frame[to + 1] = bare[to + 1]! * under + mean(1);
        frame[to + 2] = bare[to + 2]! * under + mean(2);
      }
    }
  }
}

function rgb(frame: Uint8ClampedArray): Uint8ClampedArray {
  const bytes = new Uint8ClampedArray((frame.length / 4) * 3);
  for (let from = 0, to = 0; from < frame.length; from += 4, to += 3) {
    bytes[to] = frame[from]!;
    bytes[to + 1] = frame[from + 1]!;
    bytes[to + 2] = frame[from + 2]!;
  }
  return bytes;
}

/** Lit by nothing, so that the number comes back as it was. */
const flat = (number: number): THREE.Material =>
  new THREE.ShaderMaterial({
    vertexShader: 'void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
    fragmentShader:
      'uniform float number; void main() { gl_FragColor = vec4(number / 255.0, 0.0, 0.0, 1.0); }',
    uniforms: { number: { value: number } },
    side: THREE.DoubleSide,
  });

const nobody = (id: string): Counted => ({
  id,
  left: 1e9,
  top: 1e9,
  right: 0,
  bottom: 0,
  shown: 0,
  alone: 0,
});

function countIn(one: Counted, x: number, y: number): void {
  one.left = Math.min(one.left, x);
  one.top = Math.min(one.top, y);
  one.right = Math.max(one.right, x + 1);
  one.bottom = Math.max(one.bottom, y + 1);
  one.shown++;
}

export function cornersOf({ min, max }: THREE.Box3): THREE.Vector3[] {
  return [min.x, max.x].flatMap((x) =>
    [min.y, max.y].flatMap((y) => [min.z, max.z].map((z) => new THREE.Vector3(x, y, z))),
  );
}
