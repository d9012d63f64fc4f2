import {
  AV_CODEC_ID_BMP,
  AV_CODEC_ID_GIF,
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_PNG,
  AV_CODEC_ID_WEBP,
  type AVCodecID,
} from 'node-av/constants';
import { Codec, CodecContext, Frame as DecodedFrame, Packet } from 'node-av/lib';
import '../cameras/quiet-ffmpeg.ts';
import { findMark } from './mark.ts';

/** A kind of file that holds pictures. */
export type PictureKind =
  | 'JPEG'
  | 'PNG'
  | 'GIF'
  | 'WebP'
  | 'BMP'
  | 'TIFF'
  | 'MP4'
  | 'Matroska'
  | 'AVI'
  | 'FLV'
  | 'H.264';

/** The beginning of a picture or a video somewhere in some bytes. */
export interface FoundPicture {
  readonly kind: PictureKind;
  readonly at: number;
}

const ascii = (bytes: Uint8Array, at: number, text: string) =>
  at + text.length <= bytes.length &&
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

/** What follows the first byte decides; `atStart` are too short to be told from chance anywhere else. */
const signatures: readonly {
  readonly kind: PictureKind;
  readonly first: readonly number[];
  readonly atStart?: true;
  /** How far after the beginning of the picture `first` lies. */
  readonly after?: number;
  readonly fits?: (bytes: Uint8Array, at: number) => boolean;
}[] = [
  { kind: 'JPEG', first: [0xff, 0xd8, 0xff], fits: isJpeg },
  { kind: 'PNG', first: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  {
    kind: 'GIF',
    first: [0x47, 0x49, 0x46, 0x38],
    fits: (bytes, at) => /[79]/.test(String.fromCharCode(bytes[at + 4] ?? 0)) && bytes[at + 5] === 0x61,
  },
  { kind: 'WebP', first: [0x52, 0x49, 0x46, 0x46], fits: (bytes, at) => ascii(bytes, at + 8, 'WEBP') },
  { kind: 'AVI', first: [0x52, 0x49, 0x46, 0x46], fits: (bytes, at) => ascii(bytes, at + 8, 'AVI ') },
  { kind: 'MP4', first: [0x66, 0x74, 0x79, 0x70], after: 4, fits: isMp4 },
  { kind: 'Matroska', first: [0x1a, 0x45, 0xdf, 0xa3], fits: (bytes, at) => (bytes[at + 4] ?? 0) >= 0x40 },
  {
    kind: 'H.264',
    first: [0, 0, 0, 1, 0x67],
    fits: (bytes, at) => [66, 77, 88, 100].includes(bytes[at + 5] ?? 0),
  },
  {
    kind: 'BMP',
    first: [0x42, 0x4d],
    atStart: true,
    fits: (bytes, at) => bytes[at + 6] === 0 && bytes[at + 14] === 40,
  },
  { kind: 'TIFF', first: [0x49, 0x49, 0x2a, 0x00], atStart: true },
  { kind: 'TIFF', first: [0x4d, 0x4d, 0x00, 0x2a], atStart: true },
  { kind: 'FLV', first: [0x46, 0x4c, 0x56, 0x01], atStart: true },
];

/** The part after the start is one that a JPEG begins with: `FF D8 FF` alone is in every large file by chance. */
function isJpeg(bytes: Uint8Array, at: number): boolean {
  const marker = bytes[at + 3] ?? 0;
  const length = ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0);
  if (marker === 0xe0) return ascii(bytes, at + 6, 'JFIF');
  if (marker === 0xe1) return ascii(bytes, at + 6, 'Exif') || ascii(bytes, at + 6, 'http');
  if (marker === 0xdb) return [67, 132, 197, 262].includes(length);
  return marker === 0xfe && length > 2 && length < 512;
}

function isMp4(bytes: Uint8Array, at: number): boolean {
  const length = ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  return length >= 16 && length <= 256 && length % 4 === 0;
}

/**
 * Finds where pictures and videos begin, by the bytes their files begin with. In order of place; 64 at most.
 *
 * @param kinds what is looked for; everything unless told
 */
export function findPictures(bytes: Uint8Array, kinds?: readonly PictureKind[]): FoundPicture[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: FoundPicture[] = [];
  for (const { kind, first, atStart, after = 0, fits } of signatures) {
    if (kinds?.includes(kind) === false) continue;
    const wanted = Buffer.from(first);
    let from = 0;
    let hits = 0;
    while (hits < 64) {
      const hit = buffer.indexOf(wanted, from);
      if (hit < 0 || (atStart === true && hit > 0)) break;
      from = hit + 1;
      const at = hit - after;
      if (at < 0 || (fits !== undefined && !fits(bytes, at))) continue;
      found.push({ kind, at });
      hits += 1;
    }
  }
  return found.sort((one, other) => one.at - other.at).slice(0, 64);
}

const decoders: Partial<Record<PictureKind, AVCodecID>> = {
  JPEG: AV_CODEC_ID_MJPEG,
  PNG: AV_CODEC_ID_PNG,
  GIF: AV_CODEC_ID_GIF,
  WebP: AV_CODEC_ID_WEBP,
  BMP: AV_CODEC_ID_BMP,
};

/** A picture of more than this is not tried. */
const mostPictureBytes = 8 * 1024 * 1024;

/**
 * Decodes a still picture and looks for the mark in it.
 *
 * @returns whether it bears the mark; nothing where it cannot be decoded: then it is not known
 */
export async function bearsMark(bytes: Uint8Array, { kind, at }: FoundPicture): Promise<boolean | undefined> {
  const id = decoders[kind];
  const codec = id === undefined ? null : Codec.findDecoder(id);
  if (codec === null) return undefined;
  const context = new CodecContext();
  context.allocContext3(codec);
  context.threadCount = 1;
  const packet = new Packet();
  packet.alloc();
  const frame = new DecodedFrame();
  frame.alloc();
  try {
    if ((await context.open2(codec, null)) < 0) return undefined;
    packet.data = Buffer.from(bytes.subarray(at, at + mostPictureBytes));
    await context.sendPacket(packet);
    await context.sendPacket(null);
    if ((await context.receiveFrame(frame)) < 0) return undefined;
    const [first] = frame.data ?? [];
    return first === undefined ? undefined : findMark(Uint8Array.from(first)) !== undefined;
  } finally {
    frame.free();
    packet.free();
    context.freeContext();
  }
}

/** Bytes written as text: where, how, and what they are. */
export interface EncodedBytes {
  readonly how: 'base64' | 'hex' | 'numbers';
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Shorter ones are names, hashes and keys: the longest of those, of SHA-512, has 128 letters. */
const leastLetters = 160;
/** More numbers than this in a row are a row of pixels or a measure of somebody, not a place or a figure. */
export const mostNumbers = 64;

/** Finds bytes that were written as text: base64, hexadecimal, or many whole numbers one after another. */
export function findEncoded(text: string): EncodedBytes[] {
  const found: EncodedBytes[] = [];
  for (const match of text.matchAll(new RegExp(`[A-Za-z0-9+/_-]{${leastLetters},}={0,2}`, 'g'))) {
    const [run] = match;
    if (/^[0-9a-fA-F]+$/.test(run)) {
      found.push({ how: 'hex', at: match.index, bytes: Buffer.from(run, 'hex') });
    } else if (/[A-Z]/.test(run) && /[a-z]/.test(run)) {
      found.push({ how: 'base64', at: match.index, bytes: Buffer.from(run, 'base64') });
    }
  }
  const numbers = new RegExp(`(?:\\d{1,3}[,;\\s]\\s?){${mostNumbers},}`, 'g');
  for (const match of text.matchAll(numbers)) {
    const values = match[0]
      .split(/[^\d]+/)
      .filter(Boolean)
      .map(Number);
    if (values.every((value) => value <= 255)) {
      found.push({ how: 'numbers', at: match.index, bytes: Uint8Array.from(values) });
    }
  }
  return found;
}

/** Finds arrays of numbers that are longer than a place or a figure needs. @returns path and length of each */
export function findLongNumbers(
  value: unknown,
  path = '',
): { readonly path: string; readonly length: number }[] {
  if (Array.isArray(value)) {
    const length = value.filter((one) => typeof one === 'number').length;
    if (length > mostNumbers) return [{ path, length }];
    return value.flatMap((one, index) => findLongNumbers(one, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const length = entries.filter(([, one]) => typeof one === 'number').length;
  if (length > mostNumbers) return [{ path, length }];
  return entries.flatMap(([key, one]) => findLongNumbers(one, path === '' ? key : `${path}.${key}`));
}
