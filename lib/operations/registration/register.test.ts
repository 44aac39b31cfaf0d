import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { registerFailure } from './register-failure.ts';
import { recordVerdict } from './register-verdict.ts';
import { sentValidFor } from './sent-validity.ts';

const NOW = 1_790_000_000_000;
const KEY = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
const URL = 'http://203.0.113.7:8000';
const want = { url: URL, key: KEY };
const record = (change = {}) => ({ address: 'gonka1x', url: URL, status: 'RAMPING', validatorKey: KEY, joinHeight: 1, epochsCompleted: 0, ...change });
const read = (value: ReturnType<typeof record> | false, rest = {}) => ({ state: 'ok' as const, value, at: NOW, source: 'own node', ...rest });

describe('the record on chain', () => {
  it.each([
    ['ours to the letter', read(record()), 'registered'], ['none', read(false), 'absent'], ['an older URL (measured 8)', read(record({ url: 'http://203.0.113.7:8001' })), 'other-url'],
    ['our URL with a slash behind it', read(record({ url: `${URL}/` })), 'other-url'], ['another key', read(record({ validatorKey: 'other' })), 'other-key'], ['another key and URL', read(record({ validatorKey: 'other', url: 'x' })), 'other-key'],
    ['no key at all', read(record({ validatorKey: '' })), 'other-key'], ['ours, a minute and more old', read(record(), { at: NOW - 60_001 }), 'unknown'], ['none, of a stale answer', read(false, { state: 'stale' }), 'unknown'],
    ['ours, from the future', read(record(), { at: NOW + 60_001 }), 'unknown'], ['nobody answered', { state: 'unknown' as const }, 'unknown'],
  ])('%s', (_name, reading, state) => expect(recordVerdict(reading, want, NOW)).toMatchObject({ state }));
  it('is never ours without a key of our own', () => expect(recordVerdict(read(record({ validatorKey: '' })), { url: URL, key: '' }, NOW)).toMatchObject({ state: 'other-key' }));
});

describe('what a failed command says', () => {
  const CLI = path.join(import.meta.dirname, '../../../../shared/gonka/samples');
  const lines = (file: string) => readFileSync(file, 'utf8').split('\n').map((line) => line.trim()).filter(Boolean);
  const recorded: [string, string][] = [
    ['register-own-node-down', 'register_no_consensus_key'], ['register-seed-refuses', 'register_seed_down'], ['register-seed-unknown-host', 'register_seed_down'], ['register-consensus-key-as-account-key', 'register_no_account'],
  ];
  const files = existsSync(CLI) ? ['v0.2.4', 'v0.2.8'].flatMap((release) => readdirSync(path.join(CLI, release, 'cli')).map((name) => path.join(CLI, release, 'cli', name))) : [];
  it.skipIf(!existsSync(CLI)).each(recorded)('%s', (name, code) => {
    const found = files.filter((file) => path.basename(file) === `${name}.txt`);
    expect(found.length).toBeGreaterThan(0);
    for (const file of found) expect(registerFailure(lines(file), 'http://node2.gonka.ai:8000')).toMatchObject({ code, params: { seed: 'node2.gonka.ai:8000' } });
  });
  it.each([
    ['server returned status 500: {"error":"rpc error: code = Unknown desc = runtime error: invalid memory address or nil pointer dereference: panic"}', 'register_funded_account'],
    ['server returned status 400: {"error":"URL cannot point to private IP"}', 'register_url_refused'], ['server returned status 503: <html>', 'register_seed_busy'],
    ['failed to send HTTP request: Post "http://s/v1/participants": EOF', 'register_seed_cut'], ['failed to send HTTP request: Post "http://s/v1/participants": context deadline exceeded (Client.Timeout exceeded while awaiting headers)', 'register_seed_cut'],
    ['server returned status 403: {"error":"no"}', 'register_seed_refused'],
  ])('%s', (line, code) => expect(registerFailure(['Usage: --consensus-key string', line], 'http://s')?.code).toBe(code));
  it('a limit of the seed’s proxy was taken for an unknown error: its web page has many lines', () => {
    const page = ['<html>', '<head><title>503 Service Temporarily Unavailable</title></head>', '<body>', '<center><h1>503 Service Temporarily Unavailable</h1></center>', '<hr><center>nginx/1.22.1</center>', '</body>', '</html>'];
    expect(registerFailure([`server returned status 503: ${page[0]}`, ...page.slice(1)], 'http://s')).toMatchObject({ code: 'register_seed_busy', params: { detail: 'server returned status 503: <html>' } });
  });
  it('is nothing of ours otherwise', () => expect(registerFailure(['no space left on device'], 'http://s')).toBeUndefined());
});

it('a clock that was set back let a registration that was just sent be sent again', () => {
  expect(sentValidFor(NOW, NOW - 5_000)).toBe(120_000);
  expect([sentValidFor(NOW, NOW), sentValidFor(NOW, NOW + 119_000), sentValidFor(NOW, NOW + 120_001)]).toEqual([120_000, 1_000, 0]);
});
