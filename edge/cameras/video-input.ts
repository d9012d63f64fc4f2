import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_CORRUPT,
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import {
  CodecContext,
  Dictionary,
  FFmpegError,
  type FormatContext,
  type Frame,
  InputFormat,
  Packet,
  type Stream,
} from 'node-av/lib';
import type { Seconds, Size } from '../../src/core/units.ts';
import { type CameraTls, tlsOptions } from './camera-tls.ts';
import './quiet-ffmpeg.ts';
import type { SourceAddress } from './source-address.ts';

/** FFmpeg said no. `code` is its own number; the message never holds the address. */
export class MediaFailure extends Error {
  readonly code: number;
  constructor(code: number) {
    super(FFmpegError.strerror(code));
    this.name = 'MediaFailure';
    this.code = code;
  }
}

/** The source can be read, but there is nothing to look at in it. */
export class NoPicture extends Error {
  override readonly name = 'NoPicture';
}

/** Formats whose header states how long the recording was meant to be, whatever became of the file since. */
const STATES_DURATION = /^(mov|matroska|flv)/;
/** Formats without a clock of their own: their stamps are made up from a guessed rate. */
const MAKES_UP_STAMPS = /mpjpeg|image2pipe/;

const microseconds = (seconds: Seconds) => String(Math.round(seconds * 1e6));

/** @param socketSeconds a socket that stays silent for so long is given up */
function openingOptions(
  { kind, url }: SourceAddress,
  socketSeconds: Seconds,
  tls: CameraTls | undefined,
): Record<string, string> {
  if (kind !== 'network') return {};
  const options: Record<string, string> = {
    ...tlsOptions(tls),
    timeout: microseconds(socketSeconds),
    rw_timeout: microseconds(socketSeconds),
    // A playlist from the network must not have this machine's own files read.
    protocol_blacklist: 'file,fd,pipe,unix,concat,concatf,subfile',
  };
  if (/^rtsps?:/i.test(url)) {
    // UDP loses packets in a busy branch network, and a lost packet smears people for a second.
    options.rtsp_transport = 'tcp';
    options.allowed_media_types = 'video';
    // By default FFmpeg watches for up to 5 s to guess the rate better; the first prompt is worth more.
    options.fpsprobesize = '2';
    options.analyzeduration = microseconds(0.5);
  }
  return options;
}

/**
 * One opened source: read, decoded, picture by picture. A thin layer over FFmpeg; calls must not
 * overlap, except `interrupt`, which is there to end another one that is blocked.
 *
 * One thread decodes: with several cameras on a small box more threads only get in each other's
 * way, and threads over pictures would hold each picture back by some.
 */
export class VideoInput {
  /** FFmpeg's name of the container or protocol, `mov,mp4,…` or `rtsp`. */
  readonly format: string;
  readonly codec: string;
  /** As the header says; the first picture may know better. */
  readonly size: Size;
  readonly framesPerSecond: number | undefined;
  /** How long the source is, as far as known; a live one may say nonsense here. */
  readonly duration: Seconds | undefined;
  /** How long the header says it was meant to be; absent if it says nothing. */
  readonly statedDuration: Seconds | undefined;
  readonly stampsAreMadeUp: boolean;

  readonly #context: FormatContext;
  readonly #decoder: CodecContext;
  readonly #packet = new Packet();
  readonly #streamIndex: number;
  readonly #secondsPerTick: number;
  readonly #readsAtOnce: boolean;
  readonly #arrived: () => void;
  #atEnd = false;
  #broken = false;
  #isPart = false;
  #closed = false;

  private constructor(
    context: FormatContext,
    stream: Stream,
    decoder: CodecContext,
    codec: string,
    readsAtOnce: boolean,
    arrived: () => void,
  ) {
    this.#context = context;
    this.#decoder = decoder;
    this.#streamIndex = stream.index;
    this.#secondsPerTick = stream.timeBase.toDouble();
    this.#readsAtOnce = readsAtOnce;
    this.#arrived = arrived;
    this.#packet.alloc();
    this.format = context.iformat?.name ?? '';
    this.codec = codec;
    this.size = { width: stream.codecpar.width, height: stream.codecpar.height };
    const rate = stream.avgFrameRate.num > 0 ? stream.avgFrameRate.toDouble() : undefined;
    this.framesPerSecond = rate !== undefined && Number.isFinite(rate) ? rate : undefined;
    this.duration =
      stream.duration > 0n
        ? Number(stream.duration) * this.#secondsPerTick
        : context.duration > 0n
          ? Number(context.duration) / 1e6
          : undefined;
    if (STATES_DURATION.test(this.format)) this.statedDuration = this.duration;
    // The length of an AVI is reckoned from the size of the file; what its header says is a number of pictures.
    else if (this.format === 'avi' && stream.nbFrames > 0n && stream.rFrameRate.num > 0) {
      this.statedDuration = Number(stream.nbFrames) / stream.rFrameRate.toDouble();
    }
    this.stampsAreMadeUp = MAKES_UP_STAMPS.test(this.format);
  }

  /**
   * Opens a source on a context that was allocated before, so that the caller can interrupt it.
   * On failure the context is closed.
   *
   * @param arrived called when a packet has come in
   * @throws {MediaFailure} if FFmpeg cannot open or understand it
   * @throws {NoPicture} if there is no video in it
   */
  static async open(
    context: FormatContext,
    address: SourceAddress,
    socketSeconds: Seconds,
    arrived: () => void,
    tls?: CameraTls,
  ): Promise<VideoInput> {
    let decoder: CodecContext | undefined;
    try {
      const format = address.kind === 'device' ? InputFormat.findInputFormat('video4linux2') : null;
      const options = Dictionary.fromObject(openingOptions(address, socketSeconds, tls));
      check(await context.openInput(address.url, format, options));
      check(await context.findStreamInfo(null));
      const best = context.findBestStream(AVMEDIA_TYPE_VIDEO, -1, -1, true);
      const stream = context.streams.find((candidate) => candidate.index === best.streamIndex);
      if (!stream || (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0) {
        throw new NoPicture(context.nbStreams > 0 ? 'there is no video in it' : 'there is nothing in it');
      }
      if (!best.decoder) throw new NoPicture('its codec is unknown');
      for (const other of context.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
      decoder = new CodecContext();
      decoder.allocContext3(best.decoder);
      check(decoder.parametersToContext(stream.codecpar));
      decoder.pktTimebase = stream.timeBase;
      decoder.threadCount = 1;
      check(await decoder.open2(best.decoder, null));
      // A clip comes from the page cache in microseconds, a hop to another thread costs more.
      const readsAtOnce = address.kind === 'file';
      return new VideoInput(context, stream, decoder, best.decoder.name ?? 'unknown', readsAtOnce, arrived);
    } catch (error) {
      decoder?.freeContext();
      await context.closeInput();
      throw error;
    }
  }

  /** Whether the last thing read was not whole, or could not be decoded. */
  get endsBroken(): boolean {
    return this.#broken || this.#isPart;
  }

  /**
   * Reads and decodes until there is a picture. Packets that cannot be decoded are passed over: a
   * live camera whose first second is damaged is still a camera.
   *
   * @returns false at the end of the source
   * @throws {MediaFailure} if the source cannot be read any further
   */
  async readPicture(into: Frame): Promise<boolean> {
    for (;;) {
      const got = this.#decoder.receiveFrameSync(into);
      if (got >= 0) {
        this.#broken = false;
        return true;
      }
      if (got === AVERROR_EOF) return false;
      if (got !== AVERROR_EAGAIN) this.#broken = true;
      if (this.#atEnd) return false;
      await this.#feedDecoder();
    }
  }

  async #feedDecoder(): Promise<void> {
    const packet = this.#packet;
    const read = this.#readsAtOnce
      ? this.#context.readFrameSync(packet)
      : await this.#context.readFrame(packet);
    if (read === AVERROR_EOF) {
      this.#atEnd = true;
      await this.#decoder.sendPacket(null);
      return;
    }
    if (read === AVERROR_EAGAIN) return;
    check(read);
    try {
      if (packet.streamIndex !== this.#streamIndex) return;
      this.#arrived();
      this.#isPart = packet.hasFlags(AV_PKT_FLAG_CORRUPT);
      const sent = await this.#decoder.sendPacket(packet);
      if (sent < 0 && sent !== AVERROR_EAGAIN) this.#broken = true;
    } finally {
      packet.unref();
    }
  }

  /** The picture's presentation time in seconds, by the source's own clock; absent if it bears none. */
  stampOf(picture: Frame): Seconds | undefined {
    const ticks = picture.bestEffortTimestamp;
    return ticks === AV_NOPTS_VALUE ? undefined : Number(ticks) * this.#secondsPerTick;
  }

  /** How long a picture stays, in seconds. */
  lengthOf(picture: Frame): Seconds {
    if (picture.duration > 0n) return Number(picture.duration) * this.#secondsPerTick;
    return 1 / (this.framesPerSecond ?? 25);
  }

  /** Makes a blocked `readPicture` fail at once; after it, only `close` is left. */
  interrupt(): void {
    if (!this.#closed) this.#context.interrupt();
  }

  /** To be called when no other call is under way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#decoder.freeContext();
    await this.#context.closeInput();
  }
}

function check(code: number): void {
  if (code < 0) throw new MediaFailure(code);
}
