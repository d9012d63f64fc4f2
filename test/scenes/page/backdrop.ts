import * as THREE from 'three';
import type { Stage } from './stage.ts';

/** Each looks through another point of the pixel at another point of the lamp. */
const SAMPLES = 16;

/**
 * The still part of the lobby, drawn once and laid under every frame with its depth.
 *
 * Without a graphics card a frame of the whole lobby took 2 s here, people and doors alone 0.5 s. And what
 * is drawn once may be drawn well: the mean of many pictures has smooth edges and the soft shadows of a
 * wide lamp.
 */
export class Backdrop {
  readonly level: number;
  readonly #picture: THREE.DataTexture;
  readonly #depth: THREE.WebGLRenderTarget;
  readonly #screen: THREE.Scene;
  readonly #eye = new THREE.OrthographicCamera(-1, 1, 1, -1, 0, 1);

  constructor(stage: Stage, renderer: THREE.WebGLRenderer, level: number) {
    this.level = level;
    const { x: width, y: height } = renderer.getSize(new THREE.Vector2());
    const finer = renderer.getPixelRatio();
    stage.moving.visible = false;
    stage.still.visible = true;
    renderer.setPixelRatio(1);
    this.#picture = meanPicture(stage, renderer, width, height);
    renderer.setPixelRatio(finer);
    this.#depth = depthOf(stage, renderer, width * finer, height * finer);
    stage.moving.visible = true;
    stage.still.visible = false;

    const material = new THREE.ShaderMaterial({
      uniforms: { picture: { value: this.#picture }, depth: { value: this.#depth.depthTexture } },
      vertexShader: 'varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
      fragmentShader: `uniform sampler2D picture; uniform sampler2D depth; varying vec2 at;
        void main() { gl_FragColor = texture2D(picture, at); gl_FragDepth = texture2D(depth, at).r; }`,
      depthFunc: THREE.AlwaysDepth,
      toneMapped: false,
    });
    this.#screen = new THREE.Scene();
    const sheet = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), material);
    sheet.frustumCulled = false;
    this.#screen.add(sheet);
  }

  draw(renderer: THREE.WebGLRenderer): void {
    renderer.render(this.#screen, this.#eye);
  }

  dispose(): void {
    this.#picture.dispose();
    this.#depth.dispose();
  }
}

function meanPicture(
  { world, camera, lamp }: Stage,
  renderer: THREE.WebGLRenderer,
  width: number,
  height: number,
): THREE.DataTexture {
  const sums = new Float32Array(width * height * 4);
  const pixels = new Uint8Array(width * height * 4);
  const gl = renderer.getContext();
  const middle = lamp.position.clone();
  for (let n = 0; n < SAMPLES; n++) {
    // Sunflower seeds: evenly over the lamp, in no order that would show as a pattern.
    const out = Math.sqrt((n + 0.5) / SAMPLES);
    const turn = n * 2.399963;
    lamp.position.set(middle.x + 1.7 * out * Math.cos(turn), middle.y, middle.z + 1.7 * out * Math.sin(turn));
    camera.setViewOffset(width, height, ((n * 0.618) % 1) - 0.5, (n + 0.5) / SAMPLES - 0.5, width, height);
    renderer.clear();
    renderer.render(world, camera);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    for (let i = 0; i < pixels.length; i++) sums[i]! += pixels[i]!;
  }
  lamp.position.copy(middle);
  camera.clearViewOffset();
  const mean = new Uint8Array(sums.length);
  for (let i = 0; i < sums.length; i++) mean[i] = Math.round(sums[i]! / SAMPLES);
  const texture = new THREE.DataTexture(mean, width, height);
  texture.needsUpdate = true;
  return texture;
}

/** How far off everything solid is. Glass and painted shadows hide nobody. */
function depthOf(
  { world, camera }: Stage,
  renderer: THREE.WebGLRenderer,
  width: number,
  height: number,
): THREE.WebGLRenderTarget {
  const target = new THREE.WebGLRenderTarget(width, height, {
    depthTexture: new THREE.DepthTexture(width, height, THREE.FloatType),
  });
  const clear: THREE.Object3D[] = [];
  world.traverse((part) => {
    if (part instanceof THREE.Mesh && part.visible && (part.material as THREE.Material).transparent)
      clear.push(part);
  });
  for (const part of clear) part.visible = false;
  renderer.setRenderTarget(target);
  renderer.clear();
  renderer.render(world, camera);
  renderer.setRenderTarget(null);
  for (const part of clear) part.visible = true;
  return target;
}
