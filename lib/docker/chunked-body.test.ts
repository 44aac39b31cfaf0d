import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BadChunk, ChunkedBody } from './chunked-body.ts';

function read(...pieces: Buffer[]): { body: string; complete: boolean } {
  const parts: Buffer[] = [];
  const chunked = new ChunkedBody((data, start, end) => parts.push(Buffer.from(data.subarray(start, end))));
  for (const piece of pieces) chunked.push(piece);
  return { body: Buffer.concat(parts).toString('latin1'), complete: chunked.complete };
}
const encode = (chunks: string[]) => Buffer.from([...chunks.filter(Boolean).map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`), '0\r\n\r\n'].join(''), 'latin1');

it('gives the body back, cut at every byte', () => {
  const bytes = encode(['a', 'x\r\ny', '0\r\n\r\n', 'z'.repeat(300)]);
  const body = `ax\r\ny0\r\n\r\n${'z'.repeat(300)}`;
  expect(read(bytes)).toEqual({ body, complete: true });
  for (let cut = 0; cut <= bytes.length; cut++) expect(read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual({ body, complete: true });
  expect(read(...[...bytes].map((byte) => Buffer.from([byte])))).toEqual({ body, complete: true });
});

it('gives any body back, cut anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\r', '\n', '0', ';', 'ÿ') })), fc.array(fc.nat(400)), (chunks, cuts) => {
      const bytes = encode(chunks);
      const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
      expect(read(...[0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length)))).toEqual({ body: chunks.join(''), complete: true });
    }),
  );
});

it('knows an answer that broke off', () => {
  const bytes = encode(['abc']);
  for (let cut = 0; cut < bytes.length; cut++) expect(read(bytes.subarray(0, cut)).complete).toBe(false);
});

it('reads extensions and trailers over', () => expect(read(Buffer.from('3;a=b\r\nabc\r\n2 \r\nde\r\n0\r\nX-A: b\r\nX-B: c\r\n\r\n'))).toEqual({ body: 'abcde', complete: true }));

it.each(['zz\r\n', '\r\n', ';\r\n', '-1\r\n', '123456789\r\n', '1\r\nab\r\n', `1;${'x'.repeat(2000)}`, '0\r\n\r\nmore'])('refuses what is no chunked body: %j', (text) => {
  expect(() => read(Buffer.from(text))).toThrow(BadChunk);
});

it('reads what a real HTTP server sends', async () => {
  const server = createServer((_, response) => {
    response.write('first');
    setImmediate(() => response.end('second'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const pieces: Buffer[] = [];
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'));
    socket.on('data', (piece) => pieces.push(piece));
    await new Promise((resolve) => socket.on('close', resolve));
    const answer = Buffer.concat(pieces);
    expect(read(answer.subarray(answer.indexOf('\r\n\r\n') + 4))).toEqual({ body: 'firstsecond', complete: true });
  } finally {
    server.close();
  }
});
