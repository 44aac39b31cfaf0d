import net from 'node:net';
import { panelEnv } from '#lib/core/env.ts';
import { ChunkedBody } from './chunked-body.ts';

/** An answer of the engine other than 200, as dockerode throws it. */
export class EngineRefusal extends Error {
  readonly name = 'EngineRefusal';
  readonly statusCode: number;
  constructor(statusCode: number, words: string) {
    super(words);
    this.statusCode = statusCode;
  }
}

const HEAD_CAP = 64 * 1024;
const BLANK_LINE = Buffer.from('\r\n\r\n');

/** One streamed GET of the engine. `onEnd` comes once, with the error when the answer broke off; after close() nothing comes any more. */
export type LogSocket = { pause(): void; resume(): void; isPaused(): boolean; close(): void };
export type LogSocketSink = { /** The next stretch of the body; only valid during the call. */ onData(bytes: Buffer, start: number, end: number): void; onEnd(error?: Error): void };

const READ_BYTES = 64 * 1024;

/** One buffer for all that is read: at a flood a read brings ten lines, and a buffer of its own for each costs more than they do. */
function connect(onBytes: (bytes: Buffer) => void): net.Socket {
  const { host } = panelEnv().docker;
  const onread = {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback(length: number, buffer: Uint8Array) {
      onBytes((buffer as Buffer).subarray(0, length));
      return true;
    },
  };
  if (host.startsWith('unix://')) return net.connect({ path: host.slice('unix://'.length), onread });
  const url = new URL(host);
  return net.connect({ host: url.hostname, port: Number(url.port || 2375), onread });
}

/**
 * How long (ms) a followed stream rests after each read. The engine writes line by line; at a flood its reader would be woken
 * for every few of them, which costs more than the lines do. What comes in the meantime fits into the socket's buffer.
 */
const REST_MS = 1;

/**
 * Asks the engine for `path` and streams the body of its 200 to `sink`. Resolves when that begins; rejects with
 * connection errors (with their `code`), EngineRefusal (with `statusCode`), or the signal's reason. `signal` closes it.
 * `follow`: lines come as they are written, see REST_MS.
 */
export function openLogSocket(path: string, sink: LogSocketSink, { follow, signal }: { follow: boolean; signal?: AbortSignal }): Promise<LogSocket> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const answer = new AnswerReader(sink.onData);
    let opened = false;
    let over = false;
    let wanted = true;
    let resting: NodeJS.Timeout | undefined;
    const close = () => {
      over = true;
      clearTimeout(resting);
      signal?.removeEventListener('abort', onAbort);
      socket.destroy();
    };
    const end = (error?: Error) => {
      if (over) return;
      close();
      if (opened) sink.onEnd(error);
      else reject(answer.refusal ?? error ?? new Error('the engine closed the log stream'));
    };
    const onAbort = () => end(signal?.reason as Error);
    const goOn = () => {
      if (wanted && !resting && !over) socket.resume();
    };
    const rest = () => {
      if (over || resting) return;
      socket.pause();
      resting = setTimeout(() => {
        resting = undefined;
        goOn();
      }, REST_MS);
    };
    const handle: LogSocket = {
      pause: () => {
        wanted = false;
        socket.pause();
      },
      resume: () => {
        wanted = true;
        goOn();
      },
      isPaused: () => !wanted,
      close,
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const socket = connect((bytes) => {
      if (over) return;
      try {
        answer.push(bytes, () => {
          opened = true;
          resolve(handle);
        });
        if (answer.complete) end();
        else if (follow) rest();
      } catch (error) {
        end(error as Error);
      }
    });
    socket.on('connect', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n`));
    socket.on('error', end);
    socket.on('close', () => end(answer.endsWithConnection ? undefined : new Error('the engine closed the log stream')));
  });
}

/** One HTTP/1.1 answer out of the bytes of its connection: the head, then the body in whichever way it is delimited. */
class AnswerReader {
  private readonly onData: LogSocketSink['onData'];
  private head: Buffer | undefined = Buffer.alloc(0);
  private status = 0;
  private chunked: ChunkedBody | undefined;
  /** Bytes still to come of a body of known length. */
  private left: number | undefined;
  private readonly refused: Buffer[] = [];

  constructor(onData: LogSocketSink['onData']) {
    this.onData = onData;
  }

  /** `onOpen` is called once, before the first byte of a 200's body. Throws on what is no HTTP. */
  push(bytes: Buffer, onOpen: () => void): void {
    if (!this.head) {
      this.body(bytes);
      return;
    }
    this.head = Buffer.concat([this.head, bytes]);
    const blank = this.head.indexOf(BLANK_LINE);
    if (blank < 0) {
      if (this.head.length > HEAD_CAP) throw new Error('the engine answered without end of its header');
      return;
    }
    const rest = this.head.subarray(blank + BLANK_LINE.length);
    this.readHead(this.head.toString('latin1', 0, blank));
    this.head = undefined;
    if (this.status === 200) onOpen();
    if (rest.length > 0) this.body(rest);
  }

  get complete(): boolean {
    return !this.head && (this.chunked ? this.chunked.complete : this.left === 0);
  }

  /** Neither length nor chunks: the connection's end is the answer's. */
  get endsWithConnection(): boolean {
    return !this.head && !this.chunked && this.left === undefined;
  }

  get refusal(): EngineRefusal | undefined {
    return this.head || this.status === 200 ? undefined : new EngineRefusal(this.status, words(Buffer.concat(this.refused)));
  }

  private readHead(text: string): void {
    const [first = '', ...lines] = text.split('\r\n');
    const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(first)?.[1];
    if (!status) throw new Error('the engine answered something that is no HTTP');
    this.status = Number(status);
    const length = lines.map((line) => /^content-length:\s*(\d{1,15})\s*$/i.exec(line)?.[1]).find(Boolean);
    if (lines.some((line) => /^transfer-encoding:\s*chunked\s*$/i.test(line))) this.chunked = new ChunkedBody((data, start, end) => this.deliver(data, start, end));
    else if (length !== undefined) this.left = Number(length);
  }

  private body(bytes: Buffer): void {
    if (this.chunked) {
      this.chunked.push(bytes);
      return;
    }
    const length = Math.min(bytes.length, this.left ?? bytes.length);
    if (this.left !== undefined) this.left -= length;
    if (length > 0) this.deliver(bytes, 0, length);
  }

  private deliver(bytes: Buffer, start: number, end: number): void {
    if (this.status === 200) this.onData(bytes, start, end);
    else this.refused.push(Buffer.from(bytes.subarray(start, end)));
  }
}

/** The engine's own sentence: `{"message": "…"}`. */
function words(body: Buffer): string {
  const text = body.toString('utf8');
  try {
    return String((JSON.parse(text) as { message?: unknown }).message ?? text).slice(0, 500);
  } catch {
    return text.trim().slice(0, 500);
  }
}
