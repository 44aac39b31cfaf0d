/**
 * Docker's multiplexed stream: frames of an 8-byte header (stream kind, three zeros, length as big-endian uint32)
 * and a payload. Written here because docker-modem's demuxStream overflows the stack on a few thousand frames in
 * one chunk and is two orders of magnitude slower.
 */

/** `system` = the engine's own words in the middle of a stream ("Error grabbing logs: …"). */
export type FrameStream = 'stdout' | 'stderr' | 'system';

const STREAMS: readonly FrameStream[] = ['stdout', 'stdout', 'stderr', 'system'];

/** A frame larger than this is no frame: the engine writes 16 KB pieces plus a timestamp, buffers of attach 32 KB. */
const MAX_FRAME = 16 * 1024 * 1024;

export class BadFrame extends Error {
  readonly name = 'BadFrame';
}

export class FrameDecoder {
  private readonly onFrame: (stream: FrameStream, bytes: Buffer, start: number, end: number) => void;
  private rest: Buffer[] = [];
  private restLength = 0;
  private broken = false;

  /** `onFrame` gets each whole payload once, as a stretch of `bytes` that is only valid during the call. */
  constructor(onFrame: (stream: FrameStream, bytes: Buffer, start: number, end: number) => void) {
    this.onFrame = onFrame;
  }

  /** Takes the next bytes (a stretch of `chunk`, whose memory may be used again afterwards), cut anywhere. Throws BadFrame on what is no frame; then nothing more may be pushed. */
  push(chunk: Buffer, start = 0, end = chunk.length): void {
    if (this.broken) throw new BadFrame('the stream is broken');
    let buffer = chunk;
    let at = start;
    let stop = end;
    if (this.restLength > 0) {
      this.rest.push(Buffer.from(chunk.subarray(start, end)));
      this.restLength += end - start;
      // Concatenated only when a whole frame is there: a 16 MB frame in 64 KB chunks must not copy 256 times.
      if (this.restLength < this.needed()) return;
      buffer = Buffer.concat(this.rest, this.restLength);
      at = 0;
      stop = buffer.length;
    }
    while (stop - at >= 8) {
      const kind = buffer[at] as number;
      const length = buffer.readUInt32BE(at + 4);
      if (kind > 3 || buffer[at + 1] !== 0 || buffer[at + 2] !== 0 || buffer[at + 3] !== 0 || length > MAX_FRAME) {
        this.broken = true;
        throw new BadFrame(`no frame header: ${buffer.subarray(at, at + 8).toString('hex')}`);
      }
      if (stop - at - 8 < length) break;
      if (length > 0) this.onFrame(STREAMS[kind] as FrameStream, buffer, at + 8, at + 8 + length);
      at += 8 + length;
    }
    this.restLength = stop - at;
    this.rest = this.restLength > 0 ? [Buffer.from(buffer.subarray(at, stop))] : [];
  }

  /** True when nothing of an unfinished frame is held. */
  get empty(): boolean {
    return this.restLength === 0;
  }

  private needed(): number {
    const first = this.rest[0] as Buffer;
    if (first.length >= 8) return 8 + first.readUInt32BE(4);
    const header = Buffer.concat(this.rest).subarray(0, 8);
    this.rest = [Buffer.concat(this.rest)];
    return header.length < 8 ? 8 : 8 + header.readUInt32BE(4);
  }
}
