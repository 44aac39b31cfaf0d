/*
 * QR codes (ISO/IEC 18004) for short texts: byte mode, error correction M, versions 1 to 20. Enough for a command line
 * that is to reach another machine through its camera.
 */

/** Per version, from 1: error correction codewords of a block, and the number of blocks, at level M (table 9 of the standard). */
const CHECK_WORDS = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const MOST = 20;
/** Level M in the format information. */
const LEVEL = 0;

type Grid = boolean[][];
const get = (grid: Grid, x: number, y: number): boolean => grid[y]?.[x] ?? false;
const bit = (value: number, index: number): boolean => ((value >>> index) & 1) === 1;

/** The dark modules of the smallest code for `text` (UTF-8), row by row without a border; undefined when it is too long (over 666 bytes). */
export function qrCode(text: string): boolean[][] | undefined {
  const data = new TextEncoder().encode(text);
  let version = 1;
  while (version <= MOST && 4 + lengthBits(version) + 8 * data.length > 8 * dataWords(version)) version += 1;
  if (version > MOST) return undefined;
  const { grid, fixed } = frame(version);
  place(grid, fixed, withCheckWords(codewords(data, version), version));
  let best: { grid: Grid; penalty: number } | undefined;
  for (let mask = 0; mask < 8; mask += 1) {
    const tried = grid.map((row, y) => row.map((dark, x) => dark !== (!get(fixed, x, y) && masked(mask, x, y))));
    writeFormat(tried, mask);
    const penalty = penaltyOf(tried);
    if (!best || penalty < best.penalty) best = { grid: tried, penalty };
  }
  return best?.grid;
}

const lengthBits = (version: number): number => (version < 10 ? 8 : 16);
const sizeOf = (version: number): number => 17 + 4 * version;

/** Modules left for data and check words once all patterns are drawn, in whole bytes. */
function allWords(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const aligned = Math.floor(version / 7) + 2;
    modules -= (25 * aligned - 10) * aligned - 55;
  }
  return Math.floor((version >= 7 ? modules - 36 : modules) / 8);
}
const dataWords = (version: number): number => allWords(version) - (CHECK_WORDS[version] ?? 0) * (BLOCKS[version] ?? 0);

function codewords(data: Uint8Array, version: number): number[] {
  const bits: boolean[] = [];
  const append = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i -= 1) bits.push(bit(value, i));
  };
  append(0b0100, 4);
  append(data.length, lengthBits(version));
  for (const byte of data) append(byte, 8);
  const room = 8 * dataWords(version);
  append(0, Math.min(4, room - bits.length));
  append(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) append(pad, 8);
  return Array.from({ length: room / 8 }, (_, i) => bits.slice(8 * i, 8 * i + 8).reduce((word, one) => word * 2 + Number(one), 0));
}

/** Product in the field of 256 elements with the polynomial 0x11d. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i -= 1) product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (bit(b, i) ? a : 0);
  return product;
}

/** The Reed-Solomon remainder of `data`: `count` check words. */
export function checkWords(data: readonly number[], count: number): number[] {
  const divisor = [...Array<number>(count - 1).fill(0), 1];
  let root = 1;
  for (let i = 0; i < count; i += 1) {
    for (let j = 0; j < count; j += 1) divisor[j] = multiply(divisor[j] ?? 0, root) ^ (divisor[j + 1] ?? 0);
    root = multiply(root, 2);
  }
  const rest = Array<number>(count).fill(0);
  for (const word of data) {
    const factor = word ^ (rest.shift() ?? 0);
    rest.push(0);
    for (let i = 0; i < count; i += 1) rest[i] = (rest[i] ?? 0) ^ multiply(divisor[i] ?? 0, factor);
  }
  return rest;
}

/** Data split into blocks, each with its check words, taken in turns. The first blocks are one word shorter. */
function withCheckWords(data: number[], version: number): number[] {
  const blocks = BLOCKS[version] ?? 1;
  const check = CHECK_WORDS[version] ?? 0;
  const short = Math.floor(data.length / blocks);
  const shortBlocks = blocks - (data.length % blocks);
  const parts = Array.from({ length: blocks }, (_, i) => {
    const at = i * short + Math.max(0, i - shortBlocks);
    const part = data.slice(at, at + short + (i < shortBlocks ? 0 : 1));
    return { part, check: checkWords(part, check) };
  });
  const all: number[] = [];
  for (let i = 0; i <= short; i += 1) for (const { part } of parts) if (part[i] !== undefined) all.push(part[i] as number);
  for (let i = 0; i < check; i += 1) for (const one of parts) all.push(one.check[i] ?? 0);
  return all;
}

/** Finder, timing, alignment patterns and version information; `fixed` marks every module that carries no data. */
function frame(version: number): { grid: Grid; fixed: Grid } {
  const size = sizeOf(version);
  const empty = (): Grid => Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const grid = empty();
  const fixed = empty();
  const set = (x: number, y: number, dark: boolean): void => {
    const row = grid[y];
    const known = fixed[y];
    if (!row || !known || x < 0 || x >= size) return;
    row[x] = dark;
    known[x] = true;
  };
  for (let i = 0; i < size; i += 1) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy += 1) for (let dx = -4; dx <= 4; dx += 1) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
    }
  }
  const centres = alignment(version);
  const last = centres.at(-1);
  for (const cx of centres) for (const cy of centres) {
    if ((cx === 6 && (cy === 6 || cy === last)) || (cx === last && cy === 6)) continue;
    for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }
  for (let i = 0; i < 9; i += 1) {
    // The places of the format information, written once per mask.
    if (!get(fixed, 8, i)) set(8, i, false);
    if (!get(fixed, i, 8)) set(i, 8, false);
    if (i < 8) set(size - 1 - i, 8, false);
    if (i < 8) set(8, size - 1 - i, false);
  }
  set(8, size - 8, true);
  if (version >= 7) {
    const bits = (version << 12) | remainder(version, 12, 0x1f25);
    for (let i = 0; i < 18; i += 1) {
      const far = size - 11 + (i % 3);
      const near = Math.floor(i / 3);
      set(far, near, bit(bits, i));
      set(near, far, bit(bits, i));
    }
  }
  return { grid, fixed };
}

function alignment(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => sizeOf(version) - 7 - step * (count - 2 - i))];
}

/** Remainder of a BCH code with `count` check bits. */
function remainder(value: number, count: number, generator: number): number {
  let rest = value;
  for (let i = 0; i < count; i += 1) rest = (rest << 1) ^ ((rest >>> (count - 1)) * generator);
  return rest;
}

function writeFormat(grid: Grid, mask: number): void {
  const size = grid.length;
  const data = (LEVEL << 3) | mask;
  const bits = ((data << 10) | remainder(data, 10, 0x537)) ^ 0x5412;
  const set = (x: number, y: number, i: number): void => {
    const row = grid[y];
    if (row) row[x] = bit(bits, i);
  };
  for (let i = 0; i <= 5; i += 1) set(8, i, i);
  set(8, 7, 6);
  set(8, 8, 7);
  set(7, 8, 8);
  for (let i = 9; i < 15; i += 1) set(14 - i, 8, i);
  for (let i = 0; i < 8; i += 1) set(size - 1 - i, 8, i);
  for (let i = 8; i < 15; i += 1) set(8, size - 15 + i, i);
}

/** The words bit by bit, in columns of two from the right, up and down in turns. */
function place(grid: Grid, fixed: Grid, words: number[]): void {
  const size = grid.length;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const up = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) for (const x of [right, right - 1]) {
      const y = up ? size - 1 - step : step;
      const row = grid[y];
      if (!row || get(fixed, x, y) || at >= words.length * 8) continue;
      row[x] = bit(words[at >>> 3] ?? 0, 7 - (at & 7));
      at += 1;
    }
  }
}

function masked(mask: number, x: number, y: number): boolean {
  if (mask === 0) return (x + y) % 2 === 0;
  if (mask === 1) return y % 2 === 0;
  if (mask === 2) return x % 3 === 0;
  if (mask === 3) return (x + y) % 3 === 0;
  if (mask === 4) return (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0;
  if (mask === 5) return ((x * y) % 2) + ((x * y) % 3) === 0;
  if (mask === 6) return (((x * y) % 2) + ((x * y) % 3)) % 2 === 0;
  return (((x + y) % 2) + ((x * y) % 3)) % 2 === 0;
}

/** How hard a code is to read: long runs, blocks, look-alikes of the finder, and uneven darkness (section 7.8.3 of the standard). */
function penaltyOf(grid: Grid): number {
  const size = grid.length;
  let penalty = 0;
  let dark = 0;
  const line = (at: (i: number) => boolean): void => {
    let text = '';
    for (let i = 0; i < size; i += 1) text += at(i) ? '1' : '0';
    for (const [run] of text.matchAll(/1{5,}|0{5,}/g)) penalty += run.length - 2;
    const wide = `0000${text}0000`;
    for (let i = 0; i + 11 <= wide.length; i += 1) if (wide.startsWith('10111010000', i) || wide.startsWith('00001011101', i)) penalty += 40;
  };
  for (let y = 0; y < size; y += 1) {
    line((x) => get(grid, x, y));
    line((i) => get(grid, y, i));
    for (let x = 0; x < size; x += 1) {
      const one = get(grid, x, y);
      if (one) dark += 1;
      if (x + 1 < size && y + 1 < size && one === get(grid, x + 1, y) && one === get(grid, x, y + 1) && one === get(grid, x + 1, y + 1)) penalty += 3;
    }
  }
  return penalty + 10 * (Math.ceil(Math.abs(dark * 20 - size * size * 10) / (size * size)) - 1);
}
