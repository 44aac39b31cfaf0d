import { afterEach, expect, test } from 'vitest';
import { registerSecrets, SECRET_MARK } from '#lib/core/redact.ts';
import { LineAssembler, type RawLine, shown } from './log-lines.ts';

const T = (n: number) => `2026-11-23T20:00:00.${String(n).padStart(9, '0')}Z`;

function frame(text: string | Buffer, kind = 1): Buffer {
  const body = Buffer.from(text as string);
  const head = Buffer.alloc(8);
  head[0] = kind;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

function lines(chunks: Buffer[], options = { tty: false, cut: false }): RawLine[] {
  const out: RawLine[] = [];
  const assembler = new LineAssembler(options, (line) => out.push(line));
  for (const chunk of chunks) {
    // As the socket is read: the same memory is used for what comes next.
    const read = Buffer.from(chunk);
    assembler.push(read);
    read.fill(0xee);
  }
  assembler.flush();
  return out;
}

afterEach(() => registerSecrets('test', []));

test('time, stream, text; lines of one time are counted', () => {
  expect(lines([frame(`${T(1)} one\n`), frame(`${T(1)} two\n`, 2), frame(`${T(2)} \n`)])).toEqual([
    { time: T(1), n: 1, stream: 'stdout', line: 'one' },
    { time: T(1), n: 2, stream: 'stderr', line: 'two' },
    { time: T(2), n: 1, stream: 'stdout', line: '' },
  ]);
});

test('cut at every byte, with characters of several bytes', () => {
  const bytes = Buffer.concat([frame(`${T(1)} 日本 😀 ü\n`), frame(`${T(2)} zwei\r\n`, 2), frame(`${T(3)} drei`)]);
  const whole = lines([bytes]);
  expect(whole.map((l) => l.line)).toEqual(['日本 😀 ü', 'zwei', 'drei']);
  for (let at = 0; at <= bytes.length; at++) expect(lines([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
});

test('the 16 KB pieces of a long line are joined, a character over the border and the other stream in between included', () => {
  const text = `${'a'.repeat(16383)}é${'b'.repeat(16384)}end`;
  const body = Buffer.from(text);
  const piece = (n: number) => body.subarray(n * 16384, (n + 1) * 16384);
  const out = lines([
    frame(Buffer.concat([Buffer.from(`${T(5)} `), piece(0)])),
    frame(`${T(6)} other\n`, 2),
    frame(Buffer.concat([Buffer.from(`${T(7)} `), piece(1)])),
    frame(Buffer.concat([Buffer.from(`${T(8)} `), piece(2), Buffer.from('\n')])),
  ]);
  expect(out).toHaveLength(2);
  expect(out[1]).toEqual({ time: T(5), n: 1, stream: 'stdout', line: text });
});

test('a secret over the border of two pieces is masked', () => {
  registerSecrets('test', ['Sentinel-Xyz-99']);
  const head = `${'a'.repeat(16380)}Sent`;
  const out = lines([frame(`${T(1)} ${head}`), frame(`${T(1)} inel-Xyz-99 rest\n`)]);
  expect(out.map((l) => l.line)).toEqual([`${'a'.repeat(16380)}${SECRET_MARK} rest`]);
});

test('a line of 10 MB comes in pieces: none lost, bounded, no secret cut through', () => {
  registerSecrets('test', ['Sentinel-Xyz-99']);
  const chunks: Buffer[] = [];
  for (let i = 0; i < 640; i++) chunks.push(frame(`${T(1)} ${`Sentinel-Xyz-99${'q'.repeat(i % 31)}`.padEnd(16384, 'z')}`));
  chunks.push(frame(`${T(1)} END\n`));
  const out = lines(chunks);
  expect(out.length).toBeGreaterThan(100);
  expect(Math.max(...out.map((l) => l.line.length))).toBeLessThan(90_000);
  const all = out.map((l) => l.line).join('');
  expect(all).not.toMatch(/Sentinel|Xyz/);
  expect(all.split(SECRET_MARK)).toHaveLength(641);
  expect(all.endsWith('END')).toBe(true);
});

test('carriage returns: a progress bar shows its last state, and goes on while its line has no end', () => {
  expect(shown('10%\r50%\r100%')).toBe('100%');
  expect(shown('100%\r')).toBe('100%');
  expect(shown('a\rb\r\r')).toBe('b');
  const seen: string[] = [];
  const assembler = new LineAssembler({ tty: false, cut: false }, (line) => seen.push(line.line));
  assembler.push(frame(`${T(1)} \r 1%|#\r 2%|##\r 3`, 2));
  expect(seen).toEqual([' 2%|##']);
  assembler.push(frame(`${T(1)} %|###\r 4%`, 2));
  expect(seen).toEqual([' 2%|##', ' 3%|###']);
  assembler.push(frame(`${T(2)} |####\n`, 2));
  expect(seen.at(-1)).toBe(' 4%|####');
});

test('a terminal has no frames: lines and the 16 KB pieces by their length, cut at every place', () => {
  const long = 'y'.repeat(16384);
  const bytes = Buffer.from(`${T(1)} one\r\n${T(2)} ${long}${T(3)} tail\r\n${T(4)} \u0001\u0000\u0000\u0000no frame\r\n`);
  const tty = { tty: true, cut: false };
  const whole = lines([bytes], tty);
  expect(whole.map((l) => [l.time, l.line])).toEqual([
    [T(1), 'one'],
    [T(2), `${long}tail`],
    [T(4), '\u0001\u0000\u0000\u0000no frame'],
  ]);
  for (let at = 0; at <= bytes.length; at += at < 80 || at > 16300 ? 1 : 997) expect(lines([bytes.subarray(0, at), bytes.subarray(at)], tty)).toEqual(whole);
});

test('invalid UTF-8 and control characters do no harm', () => {
  const out = lines([frame(Buffer.concat([Buffer.from(`${T(1)} `), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('\n')]))]);
  expect(out[0]?.line).toBe('\ufffd\ufffd\ufffd');
});

test('the end of a secret at the beginning of a cut stream is masked', () => {
  registerSecrets('test', ['Sentinel-Xyz-99']);
  expect(lines([frame(`${T(1)} inel-Xyz-99 rest\n`)], { tty: false, cut: true })[0]?.line).toBe(`${SECRET_MARK} rest`);
});

test('the engine’s own words in the stream are an error', () => {
  expect(() => lines([frame('Error grabbing logs: no space left', 3)])).toThrow('Error grabbing logs');
});
