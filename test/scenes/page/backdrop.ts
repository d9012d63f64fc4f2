import * as THREE from 'three';
import { FINER, type Lens } from './lens.ts';
import type { Stage } from './stage.ts';

/** Each looks through another point of the pixel at another point of the lamp. */
const SAMPLES = 10;
/** Light that changes goes from one picture to the next in steps of so much; between them they are mixed. */
const STEP = 0.1;
/** For the soft shadows of furniture; people's are drawn with fewer in every frame. */
const SHADOW_PX = 2048;

/**
 * The still part of the lobby, drawn once for a level of light and laid under every frame.
 *
 * Without a graphics card a frame of the whole lobby takes 2 s, people and doors alone a tenth. And what
 * is drawn once may be drawn well: the mean of many pictures has smooth edges and the soft shadows of a
 * wide lamp.
 */
export class Backdrop {
  readonly #stage: Stage;
  readonly #renderer: THREE.WebGLRenderer;
  readonly #lens: Lens;
  readonly #pictures = new Map<number, Uint8ClampedArray>();
  readonly #mixed: boolean;
  readonly #depth: THREE.WebGLRenderTarget;
  readonly #screen = new THREE.Scene();
  readonly #eye = new THREE.OrthographicCamera(-1, 1, 1, -1, 0, 1);

  /** @param mixed light comes in so many levels that most are mixed from two */
  constructor(stage: Stage, renderer: THREE.WebGLRenderer, lens: Lens, mixed: boolean) {
    this.#mixed = mixed;
    this.#stage = stage;
    this.#renderer = renderer;
    this.#lens = lens;
    this.#depth = stillOnly(stage, () => depthOf(stage, renderer, lens));
    const sheet = new THREE.Mesh(
      new THREE.PlaneGeometry(2, 2),
      new THREE.ShaderMaterial({
        uniforms: { depth: { value: this.#depth.depthTexture } },
        vertexShader: 'varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
        fragmentShader: `uniform sampler2D depth; varying vec2 at;
          void main() { gl_FragColor = vec4(0.0); gl_FragDepth = texture2D(depth, at).r; }`,
        depthFunc: THREE.AlwaysDepth,
        colorWrite: false,
        toneMapped: false,
      }),
    );
    sheet.frustumCulled = false;
    this.#screen.add(sheet);
  }

  /** The lobby in this light, `width × height × 4` bytes from the top left, as the lens bends it. */
  picture(level: number): Uint8ClampedArray {
    if (!this.#mixed) return this.#at(level);
    const below = Math.floor(level / STEP + 1e-6);
    const share = Math.max(0, level / STEP - below);
    const dark = this.#at(below * STEP);
    if (share < 0.02) return dark;
    const light = this.#at((below + 1) * STEP);
    const mixed = new Uint8ClampedArray(dark.length);
    for (let i = 0; i < mixed.length; i++) mixed[i] = dark[i]! + (light[i]! - dark[i]!) * share;
    return mixed;
  }

  /** Puts the distance of everything solid that stands still into the depth buffer. */
  drawDepth(): void {
    this.#renderer.render(this.#screen, this.#eye);
  }

  #at(level: number): Uint8ClampedArray {
    const step = Math.round(level * 100);
    let picture = this.#pictures.get(step);
    if (!picture) {
      this.#stage.light(level);
      picture = stillOnly(this.#stage, () => meanPicture(this.#stage, this.#renderer, this.#lens));
      this.#pictures.set(step, picture);
    }
    return picture;
  }
}

function stillOnly<T>(stage: Stage, draw: () => T): T {
  stage.moving.visible = false;
  stage.still.visible = true;
  const drawn = draw();
  stage.moving.visible = true;
  stage.still.visible = false;
  return drawn;
}

function meanPicture(
  { world, camera, lamp }: Stage,
  renderer: THREE.WebGLRenderer,
  { wide, width, height, source }: Lens,
): Uint8ClampedArray {
  const sums = new Float32Array(wide.width * wide.height * 4);
  const pixels = new Uint8Array(sums.length);
  const gl = renderer.getContext();
  const middle = lamp.position.clone();
  const shadowPx = lamp.shadow.mapSize.x;
  resizeShadow(lamp, SHADOW_PX);
  renderer.setViewport(0, 0, wide.width, wide.height);
  renderer.setScissor(0, 0, wide.width, wide.height);
  for (let n = 0; n < SAMPLES; n++) {
    // Sunflower seeds: evenly over the lamp, in no order that would show as a pattern.
    const out = Math.sqrt((n + 0.5) / SAMPLES);
    const turn = n * 2.399963;
    lamp.position.set(middle.x + 1.7 * out * Math.cos(turn), middle.y, middle.z + 1.7 * out * Math.sin(turn));
    camera.setViewOffset(
      wide.width,
      wide.height,
      ((n * 0.618) % 1) - 0.5,
      (n + 0.5) / SAMPLES - 0.5,
      wide.width,
      wide.height,
    );
    renderer.clear();
    renderer.render(world, camera);
    gl.readPixels(0, 0, wide.width, wide.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    for (let i = 0; i < pixels.length; i++) sums[i]! += pixels[i]!;
  }
  lamp.position.copy(middle);
  resizeShadow(lamp, shadowPx);
  camera.clearViewOffset();
  renderer.setViewport(0, 0, wide.width * FINER, wide.height * FINER);

  const picture = new Uint8ClampedArray(width * height * 4);
  for (let n = 0; n < width * height; n++) {
    const x = Math.min(wide.width - 1.001, Math.max(0, source[2 * n]! - 0.5));
    const y = Math.min(wide.height - 1.001, Math.max(0, wide.height - source[2 * n + 1]! - 0.5));
    const [left, low] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - left, y - low];
    const at = (low * wide.width + left) * 4;
    const up = wide.width * 4;
    for (let c = 0; c < 4; c++)
      picture[4 * n + c] =
        ((sums[at + c]! * (1 - fx) + sums[at + c + 4]! * fx) * (1 - fy) +
          (sums[at + up + c]! * (1 - fx) + sums[at + up + c + 4]! * fx) * fy) /
        SAMPLES;
  }
  return picture;
}

export function resizeShadow(lamp: THREE.DirectionalLight, px: number): void {
  lamp.shadow.mapSize.set(px, px);
  lamp.shadow.map?.dispose();
  lamp.shadow.map = null;
}

/** How far off everything solid is. Glass and painted shadows hide nobody. */
function depthOf(
  { world, camera }: Stage,
  renderer: THREE.WebGLRenderer,
  { wide }: Lens,
): THREE.WebGLRenderTarget {
  const width = wide.width * FINER;
  const height = wide.height * FINER;
  const target = new THREE.WebGLRenderTarget(width, height, {
    depthTexture: new THREE.DepthTexture(width, height, THREE.FloatType),
  });
  const worn = new Map<THREE.Mesh, THREE.Material>();
  world.traverse((part) => {
    if (!(part instanceof THREE.Mesh)) return;
    const material = part.material as THREE.MeshStandardMaterial;
    worn.set(part, material);
    part.material = new THREE.MeshBasicMaterial({
      // Its colours are of no use, but a board's outline is in them.
      map: material.alphaTest ? material.map : null,
      alphaTest: material.alphaTest,
      side: material.side,
      visible: !material.transparent,
    });
  });
  renderer.shadowMap.enabled = false;
  renderer.setRenderTarget(target);
  renderer.clear();
  renderer.render(world, camera);
  renderer.setRenderTarget(null);
  renderer.shadowMap.enabled = true;
  for (const [mesh, material] of worn) {
    (mesh.material as THREE.Material).dispose();
    mesh.material = material;
  }
  return target;
}
