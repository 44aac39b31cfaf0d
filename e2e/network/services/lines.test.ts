/** Log lines by their shape (colours, level, words, names of fields) against the recorded ones. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLedger } from '../ledger.ts';
import { createWorld } from '../world.ts';
import { blockLines as apiBlockLines, nodeGoneLines } from './api-lines.ts';
import { nodeLine, tmkmsLine, apiLine } from './log.ts';
import { blockLines, identityLines, signerLines, startLines, stopLines } from './node-lines.ts';

const SAMPLES = join(import.meta.dirname, '../../../../shared/gonka/samples');
const now = Date.parse('2026-11-23T13:22:01Z');
const world = createWorld({ now });
const view = { world, ledger: createLedger(world, now), now };

/** A line without its values: what stands between escape codes and names of fields. */
function shape(line: string): string {
  return line
    .replace(/^(\x1b\[90m)\d+:\d\d[AP]M/, '$1TIME').replace(/^(\x1b\[2m)[\d\-T:.]+Z/, '$1TIME').replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, 'TIME ')
    .replace(/(\x1b\[36m[\w.]+=\x1b\[0m)("(?:[^"\\]|\\.)*"|[^\x1b ]*)/g, '$1V')
    .replace(/ (!?[A-Za-z_][\w.]*)=("(?:[^"\\]|\\.)*(?:"|$)|\S*)/g, ' $1=V')
    .replace(/(signed \w+:)(\w+|<nil>)( at h\/r\/s )\d+\/\d+\/\d/, '$1HASH$3N').replace(/\b[0-9a-f]{40}\b/g, 'ID').replace(/gonka1zcjduepq\w+/, 'KEY');
}

function recorded(release: string, prefix: string): Set<string> {
  const dir = join(SAMPLES, `v${release}/logs`);
  const shapes = new Set<string>();
  for (const file of readdirSync(dir)) if (file.startsWith(prefix)) for (const line of readFileSync(join(dir, file), 'utf8').split('\n')) shapes.add(shape(line));
  return shapes;
}

const strangers = (lines: string[], known: Set<string>) => lines.flatMap((line) => line.split('\n')).map(shape).filter((line) => !known.has(line));

describe.skipIf(!existsSync(SAMPLES))('log lines', () => {
  test('node: start, blocks, signer, stop', () => {
    const known = recorded('0.2.4', 'node-');
    const key = Buffer.alloc(32, 1).toString('base64');
    expect(strangers(startLines(), known)).toEqual([]);
    expect(strangers(identityLines('a'.repeat(40), key, '203.0.113.7:5000', false), known)).toEqual([]);
    // No recording starts as a validator; the line differs by its words only.
    expect(strangers([...blockLines(view, 12031), ...blockLines(view, 12060)], known)).toEqual([]);
    expect(strangers([signerLines.connected(), signerLines.listening(), signerLines.blocking(), signerLines.pingTimeout(), signerLines.failed(1, 26658)], known)).toEqual([]);
    expect(strangers(stopLines(), known)).toEqual([]);
  });

  test('tmkms', () => {
    const known = recorded('0.2.4', 'tmkms-');
    const peer = '[gonka-mainnet@tcp://node:26658]';
    expect(strangers([
      tmkmsLine('INFO', 'tmkms::commands::start', 'tmkms 0.12.2 starting up...'), tmkmsLine('INFO', 'tmkms::connection::tcp', `KMS node ID: ${'3'.repeat(40)}`),
      tmkmsLine('INFO', 'tmkms::session', `${peer} connected to validator successfully`), tmkmsLine('WARN', 'tmkms::session', `${peer}: unverified validator peer ID! (${'b'.repeat(40)})`),
      tmkmsLine('INFO', 'tmkms::session', `${peer} signed PreVote:AF073212AC at h/r/s 1215/0/1 (0 ms)`), tmkmsLine('INFO', 'tmkms::session', `${peer} signed PreCommit:<nil> at h/r/s 1215/0/2 (0 ms)`),
      tmkmsLine('INFO', 'tmkms::session', `${peer} signed Proposal:AF073212AC at h/r/s 1215/0/0 (0 ms)`), tmkmsLine('ERROR', 'tmkms::client', `${peer} I/O error: Connection refused (os error 111)`),
      tmkmsLine('ERROR', 'tmkms::client', `${peer} I/O error: failed to fill whole buffer`), tmkmsLine('ERROR', 'tmkms::client', `${peer} I/O error: failed to lookup address information: Name or service not known`),
    ], known)).toEqual([]);
  });

  test('api', () => {
    const known = recorded('0.2.4', 'api-');
    expect(strangers(apiBlockLines(1204, 20, 1200, 'PoCGenerate', 'ABC'), known)).toEqual([]);
    expect(strangers(nodeGoneLines(true), known)).toEqual([]);
    expect(strangers(nodeGoneLines(false), recorded('0.2.8', 'api-'))).toEqual([]);
    expect(strangers([
      apiLine('INFO', 'Node config already merged. Skipping', 'Config'), apiLine('INFO', 'Received request', 'Server', { method: 'GET', path: '/admin/v1/nodes' }),
      apiLine('INFO', 'starting nats server', 'Messages', { port: 4222, host: '0.0.0.0' }), apiLine('INFO', 'Claimed rewards', 'Validation', { TX: 'code: 0\n', '!BADKEY': 'type' }),
      apiLine('INFO', 'Marking previous seed as claimed', 'Config', { epochIndex: 18 }), apiLine('INFO', 'start admin server on addr', 'Server', { addr: ':9200' }),
    ], known)).toEqual([]);
  });

  test('the node prints its values as they are recorded', () => {
    expect(nodeLine('INF', 'committed state', { block_app_hash: 'AB', height: 44, module: 'state' }, new Date('2026-11-23T09:24:00Z')))
      .toBe('\x1b[90m9:24AM\x1b[0m \x1b[32mINF\x1b[0m \x1b[1mcommitted state\x1b[0m \x1b[36mblock_app_hash=\x1b[0mAB \x1b[36mheight=\x1b[0m44 \x1b[36mmodule=\x1b[0mstate');
    expect(tmkmsLine('INFO', 'tmkms::session', 'x', new Date('2026-11-23T09:24:11.000Z'))).toBe('\x1b[2m2026-11-23T09:24:11.000462Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mtmkms::session\x1b[0m\x1b[2m:\x1b[0m x');
  });
});
