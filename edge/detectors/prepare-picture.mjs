// How a picture becomes the numbers a graph takes. It is JavaScript, since it runs in the thread of the model, where what
// runs TypeScript does not reach.

/** The bits of a number in half precision, rounded to the nearest. */
export function toHalf(value) {
  const [bits] = new Uint32Array(Float32Array.of(value).buffer);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (Number.isNaN(value)) return 0x7e00;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent <= 0) {
    // Too small for a number with a leading one: so many steps of the smallest there is.
    return sign | Math.round(Math.abs(value) * 2 ** 24);
  }
  const half = (exponent << 10) | (fraction >>> 13);
  const rest = fraction & 0x1fff;
  // Rounding up may carry into the exponent, as it should.
  const up = rest > 0x1000 || (rest === 0x1000 && (half & 1) === 1) ? 1 : 0;
  return sign | (half + up);
}

/** The number that bits in half precision stand for. */
export function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** What each of 0 to 255 becomes in one channel. */
function tableOf(type, mean, scale) {
  if (type === 'uint8') return Uint8Array.from({ length: 256 }, (_, value) => value);
  const values = Float32Array.from({ length: 256 }, (_, value) => (value - mean) * scale);
  return type === 'float16' ? Uint16Array.from(values, toHalf) : values;
}

const arrayOf = { uint8: Uint8Array, float32: Float32Array, float16: Uint16Array };

/**
 * Gives a function from packed red, green, blue bytes to what a graph takes.
 *
 * Each channel has a table of its 256 values, so that no pixel costs more than looking up.
 */
export function preparePicture({ layout, type, channels, mean = [0, 0, 0], scale = [1, 1, 1] }) {
  const tables = [0, 1, 2].map((channel) => tableOf(type, mean[channel], scale[channel]));
  // Where in a pixel of the frame the graph's first, second and third channel are.
  const [first, second, third] = channels === 'bgr' ? [2, 1, 0] : [0, 1, 2];
  return (rgb) => {
    const pixels = rgb.length / 3;
    const given = new arrayOf[type](rgb.length);
    const [step, apart] = layout === 'nchw' ? [1, pixels] : [3, 1];
    for (let pixel = 0; pixel < pixels; pixel++) {
      const to = pixel * step;
      given[to] = tables[0][rgb[3 * pixel + first]];
      given[to + apart] = tables[1][rgb[3 * pixel + second]];
      given[to + 2 * apart] = tables[2][rgb[3 * pixel + third]];
    }
    return given;
  };
}
