/** Sends bytes at a rate that all transfers of a server share, so that a download can be watched, stopped and gone on with. */
import type { ServerResponse } from 'node:http';

const TICK_MS = 50;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export class Trickle {
  /** Of all running transfers together; 0 has no limit. Can change at any time. */
  bytesPerSecond: number;
  #running = 0;

  constructor(bytesPerSecond = 0) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Ends the response with these bytes; after `cutAfter` of them the connection breaks instead. */
  async send(response: ServerResponse, bytes: Buffer, cutAfter = Infinity): Promise<void> {
    this.#running++;
    try {
      for (let at = 0; at < bytes.length && !response.destroyed;) {
        if (at >= cutAfter) {
          response.destroy();
          return;
        }
        const share = this.bytesPerSecond ? Math.max(1, Math.floor((this.bytesPerSecond * TICK_MS) / 1000 / this.#running)) : 1 << 20;
        const piece = bytes.subarray(at, Math.min(at + share, cutAfter));
        at += piece.length;
        await new Promise<void>((resolve) => { response.write(piece, () => resolve()); });
        if (this.bytesPerSecond) await sleep(TICK_MS);
      }
      response.end();
    } finally {
      this.#running--;
    }
  }
}
