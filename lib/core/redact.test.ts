import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { redact, redactHead, registerSecrets, SECRET_MARK, safeCut, streamRedactor } from './redact.ts';
import { secretForms } from './secret-forms.ts';

const SECRET = 'Xk9-sentinel-7Qz';
afterEach(() => registerSecrets('test', []));

describe('by value', () => {
  test('the four forms of the api container (measured 13)', () => {
    registerSecrets('test', [SECRET]);
    const text = [
      `    KeyringPassword: ${SECRET}`,
      `2026/11/23 13:41:34 Loaded KEYRING_PASSWORD: ${SECRET}`,
      `    "KeyringPassword": "${SECRET}"`,
      `INFO x config="&{Url:http://node KeyringDir:/root/.inference KeyringPassword:${SECRET}} UpcomingSeed:{Seed:1}"`,
    ].join('\n');
    const out = redact(text);
    expect(out).not.toContain(SECRET);
    expect(out.split(SECRET_MARK).length - 1).toBe(4);
    expect(out).toContain('UpcomingSeed:{Seed:1}');
    expect(out).toContain('KeyringDir:/root/.inference');
  });

  // What a shell's and a program's escapes can do to a value.
  const nasty = `p"a's\\s $w&o<r>d é😀\`!`;
  const forms: [string, string][] = [
    ['JSON', JSON.stringify({ a: nasty })],
    ['JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: nasty }) })],
    ['Go JSON', JSON.stringify(nasty).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
    ['Go %q in a log field', `msg="${JSON.stringify(JSON.stringify(nasty)).slice(1, -1)}"`],
    ['YAML single', `a: '${nasty.replace(/'/g, "''")}'`],
    ['URL', `http://x/?p=${encodeURIComponent(nasty)}`],
    ['URL form', new URLSearchParams({ p: nasty }).toString()],
    ['base64', Buffer.from(nasty).toString('base64')],
    ['base64 at 1', Buffer.from(`u:${nasty}:v`).toString('base64')],
    ['base64 at 2', Buffer.from(`a${nasty}bc`).toString('base64')],
    ['base64url', Buffer.from(`xx${nasty}`).toString('base64url')],
    ['hex', Buffer.from(nasty).toString('hex')],
    ['bytes', `[${[...Buffer.from(nasty)].join(' ')}]`],
    ['shell single', `K='${nasty.replace(/'/g, "'\\''")}'`],
    ['shell %q', execFileSync('bash', ['-c', 'printf %q "$1"', 'x', nasty], { env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH ?? '' } as unknown as NodeJS.ProcessEnv }).toString()],
    ['shell declare', execFileSync('bash', ['-c', 'v=$1; declare -p v', 'x', nasty], { env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH ?? '' } as unknown as NodeJS.ProcessEnv }).toString()],
    ['HTML', nasty.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&#34;').replace(/'/g, '&#39;')],
    ['compose', nasty.replace(/\$/g, '$$$$')],
  ];
  test.each(forms)('%s', (_, text) => {
    registerSecrets('test', [nasty]);
    const out = redact(text);
    expect(out).toContain(SECRET_MARK);
    for (const piece of ['sentinel', "p\"a's", 'w&o', 'd é😀', 'd%20', 'w&amp;o']) expect(out).not.toContain(piece);
  });

  test('any printable value, in every form that is listed', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }), (value) => {
        registerSecrets('test', [value]);
        for (const form of secretForms(value)) {
          // A neighbour that could be read as part of the value's own last character is no test.
          expect(redact(`\u0001${form}\u0001`).includes(`\u0001${form}\u0001`)).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the longer of two values that begin alike is masked whole', () => {
    registerSecrets('test', ['abcdef', 'abcdef-and-more']);
    expect(redact('x abcdef-and-more y abcdef z')).toBe(`x ${SECRET_MARK} y ${SECRET_MARK} z`);
  });

  test('colour codes inside and around a value', () => {
    registerSecrets('test', [SECRET]);
    const cut = `${SECRET.slice(0, 5)}\x1b[1;32m${SECRET.slice(5, 9)}\x1b[0m${SECRET.slice(9)}`;
    const out = redact(`\x1b[36mpw=\x1b[0m${cut} end \x1b[36mpw=\x1b[0m${SECRET}\x1b[0m`);
    expect(out).not.toMatch(/sentinel|Xk9|7Qz/);
    expect(out).toContain(' end ');
  });

  test('a value folded over lines, whole or line by line', () => {
    registerSecrets('test', ['correct horse battery staple']);
    expect(redact('a: correct horse\n    battery staple\nb: 1')).toBe(`a: ${SECRET_MARK}\n\nb: 1`);
    expect(['a: correct horse', '    battery staple'].map(redact)).toEqual([`a: ${SECRET_MARK}`, `    ${SECRET_MARK}`]);
  });

  test('short values are left to the key patterns; a source replaces its own values', () => {
    registerSecrets('test', ['abc', 'longer']);
    expect(redact('abc longer')).toBe(`abc ${SECRET_MARK}`);
    registerSecrets('test', ['other-one']);
    expect(redact('longer other-one')).toBe(`longer ${SECRET_MARK}`);
    registerSecrets('second', ['longer']);
    expect(redact('longer other-one')).toBe(`${SECRET_MARK} ${SECRET_MARK}`);
    registerSecrets('second', []);
  });

  test('twice gives the same', () => {
    registerSecrets('test', [SECRET]);
    const once = redact(`KEYRING_PASSWORD: ${SECRET} "password": "x${SECRET}"`);
    expect(redact(once)).toBe(once);
  });
});

describe('by pattern', () => {
  test.each([
    ['KEYRING_PASSWORD: hunter22', 'hunter22'],
    ['    KeyringPassword: hunter22', 'hunter22'],
    ['"KeyringPassword": "hun\\"ter22"', 'ter22'],
    ['KeyringPassword:hunter22} UpcomingSeed', 'hunter22'],
    ['export HF_TOKEN=hf_abcdefgh', 'hf_abcdefgh'],
    ['+ KEYRING_PASSWORD=hunter22', 'hunter22'],
    ['--keyring-password=hunter22 --x', 'hunter22'],
    ['keyring_password: hunter 22', 'hunter 22'],
    ['Authorization: Bearer abcdefghijklmnop1234', 'abcdefghijklmnop1234'],
    ['postgres://user:hunter22@db/x', 'hunter22'],
    ['\x1b[36mKEYRING_PASSWORD=\x1b[0mhunter22', 'hunter22'],
    ['{\\"password\\":\\"hunter22\\"}', 'hunter22'],
  ])('%s', (text, secret) => {
    expect(redact(text)).toContain(SECRET_MARK);
    expect(redact(text)).not.toContain(secret);
  });

  test.each([
    'incorrect passphrase: EOF',
    'Enter keyring passphrase (attempt 1/3):',
    'max_tokens: 4096 tokens=512',
    'INF committed state height=44 module=state block_app_hash=ABCDEF',
    'http://node:26657/status',
    'the quick brown fox jumps over the lazy dog and runs away from the big bad wolf with the others',
    'pubkey: gonkapub1addwnpepq',
  ])('leaves alone: %s', (text) => expect(redact(text)).toBe(text));

  const words = 'abandon ability able about above absent absorb abstract absurd abuse access accident acid acoustic acquire across act action actor actress actual adapt add addict'.split(' ');
  test.each([12, 15, 18, 21, 24])('a mnemonic of %i words', (count) => {
    const out = redact(`mnemonic is: ${words.slice(0, count).join(' ')}\nnext`);
    for (const word of words.slice(0, count).slice(1, -1)) expect(out).not.toContain(` ${word} `);
    expect(out).toContain(SECRET_MARK);
    expect(out).toContain('next');
  });
  test('a mnemonic as a JSON list', () => expect(redact(JSON.stringify(words))).toBe(`["${SECRET_MARK}"]`));
});

test('JSON stays JSON', () => {
  const text = JSON.stringify({ KEYRING_PASSWORD: 'hunter22', nested: JSON.stringify({ password: 'hun"ter' }), n: 1 });
  expect(JSON.parse(redact(text))).toEqual({ KEYRING_PASSWORD: SECRET_MARK, nested: JSON.stringify({ password: SECRET_MARK }), n: 1 });
});

test('a provider’s token is known by its form, wherever it stands', () => {
  const hf = `hf_${'aB3'.repeat(11)}`;
  expect(redact(`vllm: Namespace(hf_token='${hf}', api_key=['sk-proj-${'x9Y'.repeat(10)}'])`)).not.toMatch(/aB3|x9Y/);
  expect(redact(`args: ["--hf-token","${hf}"]`)).toBe(`args: ["--hf-token","${SECRET_MARK}"]`);
  for (const plain of ['hf_hub_download of Qwen/Qwen3-32B-FP8', 'task-queue-worker-0 disk-image-2025-11', 'sk-learn']) expect(redact(plain)).toBe(plain);
});

describe('in pieces', () => {
  test('a stream cut at every place', () => {
    registerSecrets('test', [SECRET]);
    const text = `one ${SECRET}\ntwo KEYRING_PASSWORD: ${SECRET}\nthree`;
    for (let at = 0; at <= text.length; at++) {
      const stream = streamRedactor();
      expect(stream.push(text.slice(0, at)) + stream.push(text.slice(at)) + stream.flush()).toBe(redact(text));
    }
  });

  test('a line without end is handed on, bounded, with no secret cut through', () => {
    registerSecrets('test', [SECRET]);
    const stream = streamRedactor();
    let out = '';
    let most = 0;
    for (let i = 0; i < 3000; i++) {
      const piece = stream.push(`${'z'.repeat(i % 97)}${SECRET}`);
      most = Math.max(most, piece.length);
      out += piece;
    }
    out += stream.flush();
    expect(out).not.toMatch(/sentinel|Xk9|7Qz/);
    expect(out.split(SECRET_MARK)).toHaveLength(3001);
    expect(most).toBeLessThan(200_000);
  });

  test('cuts stay outside secrets and characters', () => {
    registerSecrets('test', [SECRET]);
    for (let pad = 0; pad < 40; pad++) {
      const text = `${'a'.repeat(70_000 - pad)}${SECRET}${'b'.repeat(1010)}`;
      const cut = safeCut(text);
      expect(redact(text.slice(0, cut)) + redact(text.slice(cut))).toBe(redact(text));
    }
    expect(safeCut('😀'.repeat(40_000)) % 2).toBe(0);
  });

  test('the end of a secret at the beginning of a cut stream', () => {
    registerSecrets('test', [SECRET]);
    expect(redactHead(`${SECRET.slice(6)} rest`)).toBe(`${SECRET_MARK} rest`);
    expect(redactHead('nothing')).toBe('nothing');
  });
});

test('fast enough for the log path: 150 000 lines/s with five secrets', () => {
  registerSecrets('test', [SECRET, 'hf_AbCdEfGhIjKlMnOpQrStUvWxYz', 'p"a\'s\\s $w&o<r>d', 'correct horse battery staple', 'postgres-pw-123']);
  const line = '\x1b[90m9:24AM\x1b[0m \x1b[32mINF\x1b[0m \x1b[1mcommitted state\x1b[0m \x1b[36mblock_app_hash=\x1b[0mE94 \x1b[36mheight=\x1b[0m44 \x1b[36mmodule=\x1b[0mstate';
  const batch = Array.from({ length: 500 }, (_, i) => `${line} ${i}`);
  for (let i = 0; i < 20; i++) batch.map(redact);
  const started = performance.now();
  for (let i = 0; i < 100; i++) batch.map(redact);
  const rate = 50_000 / ((performance.now() - started) / 1000);
  console.log(`redact: ${Math.round(rate)} lines/s`);
  expect(rate).toBeGreaterThan(60_000); // on a loaded machine; 150 000 alone
});
