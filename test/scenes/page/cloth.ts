import * as THREE from 'three';

/** Most sliding doors that let daylight in; more are not lit by. */
const MOST_DAYS = 4;

/** The lamps as people see them. The stage sets them when the light changes. */
export const lamps = {
  towardsLamp: { value: new THREE.Vector3(0, 1, 0) },
  lamp: { value: new THREE.Color() },
  above: { value: new THREE.Color() },
  below: { value: new THREE.Color() },
  sheen: { value: 0 },
  /** Daylight at doors: place and colour; it fades within seven metres. */
  days: { value: Array.from({ length: MOST_DAYS }, () => new THREE.Vector3()) },
  day: { value: new THREE.Color() },
  dayCount: { value: 0 },
};

/**
 * Matt paint that is lit at the corners of the shape and not at every pixel: on shapes as round and as finely
 * cut as people are nobody sees a difference, and people take a third of the time.
 */
export const cloth = new THREE.ShaderMaterial({
  uniforms: lamps,
  vertexColors: true,
  vertexShader: `
    uniform vec3 towardsLamp, lamp, above, below, day;
    uniform vec3 days[${MOST_DAYS}];
    uniform int dayCount;
    uniform float sheen;
    varying vec3 shade;
    void main() {
      vec4 place = modelMatrix * vec4(position, 1.0);
      vec3 facing = normalize(mat3(modelMatrix) * normal);
      vec3 light = mix(below, above, 0.5 + 0.5 * facing.y) + lamp * max(0.0, dot(facing, towardsLamp));
      for (int n = 0; n < ${MOST_DAYS}; n++) {
        if (n >= dayCount) break;
        vec3 away = days[n] - place.xyz;
        float far = length(away);
        light += day * max(0.0, dot(facing, away / far)) * max(0.0, 1.0 - far / 7.0) / (0.6 + 0.25 * far);
      }
      shade = color * light + sheen;
      gl_Position = projectionMatrix * viewMatrix * place;
    }`,
  fragmentShader: `
    varying vec3 shade;
    void main() {
      gl_FragColor = vec4(shade, 1.0);
      #include <tonemapping_fragment>
      #include <colorspace_fragment>
    }`,
});
