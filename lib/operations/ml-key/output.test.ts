import { expect, it } from 'vitest';
import { registerSecrets } from '#lib/core/redact.ts';
import { phraseIn, readMlKeyOutput } from './output.ts';
import { STOPPED } from './script.ts';

const WORDS = Array.from({ length: 24 }, () => 'word').join(' ');
const ADDRESS = 'gonka1ena5pcz77qa82ucqcj3xary429k3uqnkyezflg';
const PUBLIC = 'AuLvHcLMHcg6OJyOnx/ejEwK5ka2d4GG9w9iM08dng6a';
const PUBKEY = `{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"${PUBLIC}"}`;
// Recorded on v0.2.4: keys-add-json.txt, keys-add-warm.txt, keys-show.txt, keys-show-wrong-password.txt.
const JSON_LINE = JSON.stringify({ name: 'gonka-op-key', type: 'local', address: ADDRESS, pubkey: PUBKEY, mnemonic: WORDS });
const YAML = `- address: ${ADDRESS}\n  name: gonka-op-key\n  pubkey: '${PUBKEY}'\n  type: local\n\n`;
const IMPORTANT = `\n\n**Important** write this mnemonic phrase in a safe place.\nIt is the only way to recover your account if you ever forget your password.\n\n${WORDS}`;
const USAGE = 'Usage:\n  inferenced keys show [name_or_address [name_or_address...]] [flags]\n\nGlobal Flags:\n      --trace                    print out full stack trace on errors\n\n';
const WRONG = `incorrect passphrase\nincorrect passphrase\nincorrect passphrase\n${USAGE}gonka-op-key is not a valid name or address: too many failed passphrase attempts\n`;
const shown = `gonka-panel address\n${ADDRESS}\ngonka-panel pubkey\n${PUBKEY}\ngonka-panel done\n`;
const read = (exitCode: number, stdout: string, stderr = '') => readMlKeyOutput({ exitCode, stdout, stderr }, 'gonka-op-key');

it('the recorded outputs, JSON and text', () => {
  const key = { ok: true, key: { address: ADDRESS, publicKey: PUBLIC } };
  expect(read(0, `gonka-panel absent\n${JSON_LINE}\n${shown}`)).toEqual({ found: 'absent', phrase: WORDS.split(' '), outcome: key });
  expect(read(0, `gonka-panel absent\n${YAML}\n${shown}`, IMPORTANT)).toEqual({ found: 'absent', phrase: WORDS.split(' '), outcome: key });
  expect(read(0, `gonka-panel present\n${shown}`)).toEqual({ found: 'present', outcome: key });
});

it('finds a phrase by its line, and in nothing else', () => {
  expect(phraseIn(IMPORTANT)).toHaveLength(24);
  expect(phraseIn(JSON_LINE)).toHaveLength(24);
  expect(phraseIn(`- mnemonic:\n${Array.from({ length: 12 }, () => 'abandon').join(' ')}`)).toHaveLength(12);
  expect(phraseIn(`${USAGE}${WRONG}${YAML}`)).toBeUndefined();
  expect(phraseIn('it is the only way to recover your account if you ever forget')).toBeUndefined();
});

it('exit 0 alone proves nothing', () => {
  const contradiction = { outcome: { ok: false, error: { code: 'ml_key_contradiction' } } };
  expect(read(0, `gonka-panel present\n${shown.replace(PUBLIC, 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq')}`)).toMatchObject(contradiction);
  expect(read(0, `gonka-panel present\n${shown.replace('secp256k1', 'ed25519')}`)).toMatchObject(contradiction);
  expect(read(0, `gonka-panel absent\n${JSON_LINE.replace(ADDRESS, 'gonka1agrku79k2atwatzql25rs9arxd793l58d3xldk')}\n${shown}`)).toMatchObject({ phrase: WORDS.split(' '), ...contradiction });
  expect(read(0, `gonka-panel present\ngonka-panel address\n${ADDRESS}\n`)).toMatchObject({ outcome: { ok: false } });
  expect(read(0, '')).toMatchObject({ found: 'unknown', outcome: { ok: false } });
});

it('a phrase is kept, whatever fails after it', () => {
  expect(read(STOPPED.not_shown, `gonka-panel absent\n${JSON_LINE}\ngonka-panel address\n`, WRONG)).toMatchObject({ found: 'absent', phrase: WORDS.split(' '), outcome: { ok: false } });
});

it('says why by what the program answered', () => {
  const code = (exitCode: number, stdout: string, stderr = '') => {
    const { outcome } = read(exitCode, stdout, stderr);
    return outcome.ok ? 'ok' : outcome.error.code;
  };
  expect(code(STOPPED.not_shown, 'gonka-panel present\ngonka-panel address\n', WRONG)).toBe('ml_key_password');
  expect(code(STOPPED.not_made, 'gonka-panel absent\n', `incorrect passphrase\nEOF\nEOF\n${USAGE}too many failed passphrase attempts\n`)).toBe('ml_key_keyring_password');
  expect(code(STOPPED.unreadable, '', "ls: can't open '.': Permission denied\n")).toBe('ml_key_unreadable');
  expect(code(STOPPED.not_made, 'gonka-panel absent\n', 'sh: inferenced: not found\n')).toBe('ml_key_not_made');
});

it('a container whose output was lost was said to have made no key', () => {
  for (const exitCode of [0, 137]) expect(read(exitCode, '').outcome).toMatchObject({ ok: false, error: { code: 'ml_key_unfinished' } });
});

it('quotes no words of a phrase and no secret in an error', () => {
  registerSecrets('test', ['sentinel-password']);
  const said = (stderr: string) => JSON.stringify(read(STOPPED.not_made, 'gonka-panel absent\n', stderr).outcome);
  expect(said('no space left on device')).toContain('no space left on device');
  expect(said(`odd\n${IMPORTANT}\nsomething: sentinel-password`)).not.toMatch(/word word|sentinel/);
  expect(said('open /x/sentinel-password: denied')).not.toContain('sentinel');
  registerSecrets('test', []);
});
