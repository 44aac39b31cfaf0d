import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadFrame, FrameDecoder, type FrameStream } from './frame-decoder.ts';

const KIND = { stdout: 1, stderr: 2, system: 3 } as const;

function frame(stream: FrameStream, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload as string);
  const head = Buffer.alloc(8);
  head[0] = KIND[stream];
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

function decode(chunks: Buffer[]): [FrameStream, string][] {
  const out: [FrameStream, string][] = [];
  const decoder = new FrameDecoder((stream, bytes, start, end) => out.push([stream, bytes.toString('latin1', start, end)]));
  for (const chunk of chunks) {
    // As the socket is read: the same memory is used for what comes next.
    const read = Buffer.from(chunk);
    decoder.push(read);
    read.fill(0xee);
  }
  return out;
}

const bytes = Buffer.concat([frame('stdout', 'one\n'), frame('stderr', ''), frame('stdout', ''), frame('stderr', 'zwei ü\n'), frame('stdout', 'x'.repeat(300)), frame('system', 'oops')]);
const whole = decode([bytes]);

test('cut in two at every byte', () => {
  expect(whole).toHaveLength(4);
  for (let at = 0; at <= bytes.length; at++) expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
});

test('byte by byte, and in three at random', () => {
  expect(decode([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
  fc.assert(
    fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      expect(decode([bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)])).toEqual(whole);
    }),
  );
});

test('any frames, cut anywhere, come out as they went in', () => {
  const oneFrame = fc.record({ stream: fc.constantFrom<FrameStream>('stdout', 'stderr'), payload: fc.uint8Array({ maxLength: 200 }) });
  fc.assert(
    fc.property(fc.array(oneFrame, { maxLength: 30 }), fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 50 }), (frames, cuts) => {
      const all = Buffer.concat(frames.map((f) => frame(f.stream, Buffer.from(f.payload))));
      const chunks: Buffer[] = [];
      for (let at = 0, i = 0; at < all.length; i++) {
        const size = cuts[i % cuts.length] as number;
        chunks.push(all.subarray(at, at + size));
        at += size;
      }
      expect(decode(chunks)).toEqual(frames.filter((f) => f.payload.length > 0).map((f) => [f.stream, Buffer.from(f.payload).toString('latin1')]));
    }),
  );
});

test('ten thousand frames in one chunk, and a frame of 8 MB in small chunks', () => {
  const many = Buffer.concat(Array.from({ length: 10_000 }, (_, i) => frame('stdout', `${i}\n`)));
  expect(decode([many])).toHaveLength(10_000);
  const big = frame('stdout', Buffer.alloc(8 * 1024 * 1024, 97));
  const chunks = Array.from({ length: Math.ceil(big.length / 4096) }, (_, i) => big.subarray(i * 4096, (i + 1) * 4096));
  const started = performance.now();
  expect(decode(chunks)[0]?.[1]).toHaveLength(8 * 1024 * 1024);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('garbage is an error, not a crash and not a wait for gigabytes', () => {
  for (const bad of ['HTTP/1.1 500', '\u0001\u0001\u0000\u0000aaaa', '\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0001x', '\u0001\u0000\u0000\u0000\u00ff\u00ff\u00ff\u00ff']) {
    expect(() => decode([Buffer.from(bad, 'latin1')])).toThrow(BadFrame);
  }
  const decoder = new FrameDecoder(() => {});
  expect(() => decoder.push(Buffer.from('garbage!garbage!'))).toThrow(BadFrame);
  expect(() => decoder.push(frame('stdout', 'fine'))).toThrow(BadFrame);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      try {
        decode([Buffer.from(noise)]);
      } catch (error) {
        expect(error).toBeInstanceOf(BadFrame);
      }
    }),
    { numRuns: 500 },
  );
});
