import type { PictureUse } from './onnx.ts';

export function toHalf(value: number): number;
export function fromHalf(bits: number): number;
export function preparePicture(
  picture: Pick<PictureUse, 'layout' | 'type' | 'channels' | 'mean' | 'scale'>,
): (rgb: Uint8Array) => Uint8Array | Float32Array | Uint16Array;
