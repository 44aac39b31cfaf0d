import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blockRate, NOTHING_READ, readLines, type SyncLine, type SyncRead } from './sync-progress.ts';
import { syncView } from './sync-view.ts';

const T0 = Date.parse('2026-11-23T13:22:00Z');
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString().replace('Z', '123456Z');
const inf = (message: string, fields = '') => `\u001b[90m1:22PM\u001b[0m \u001b[32mINF\u001b[0m \u001b[1m${message}\u001b[0m ${fields.replace(/(\w[\w/]*=)/g, '\u001b[36m$1\u001b[0m')} \u001b[36mmodule=\u001b[0mstatesync`;
const fold = (lines: [number, string][], before: SyncRead = NOTHING_READ) => readLines(before, lines.map(([s, line]): SyncLine => ({ time: at(s), line })));
const running = { state: 'running', restarts: 0 };
const say = (read: SyncRead, seconds: number, more = {}) => syncView(read, { tmkms: running, node: running, ...more }, T0 + seconds * 1000);

const SYNC: [number, string][] = [
  [0, 'CMD> inferenced set-statesync /root/.inference/config/config.toml true'],
  [1, inf('starting node with ABCI CometBFT in-process')],
  [2, inf('SignerListener: Blocking for connection')],
  [3, inf('SignerListener: Connected')],
  [4, inf('Starting state sync')],
  [5, inf('sync any', 'msg="Discovering snapshots for 15s"')],
  [6, inf("Couldn't connect to any seeds")],
  [20, inf('sync any', 'msg="Discovering snapshots for 15s"')],
  [25, inf('Discovered new snapshot', 'format=3 hash=AB height=300')],
  [26, inf('Offering snapshot to ABCI app', 'format=3 hash=AB height=300')],
  [27, inf('Snapshot accepted, restoring', 'format=3 hash=AB height=300')],
  [28, inf('Fetching snapshot chunk', 'chunk=0 format=3 height=300 total=4')],
  [29, inf('Applied snapshot chunk to ABCI app', 'chunk=0 format=3 height=300 total=4')],
  [30, inf('Applied snapshot chunk to ABCI app', 'chunk=1 format=3 height=300 total=4')],
  [40, inf('Verified ABCI app', 'height=300')],
  [41, inf('Snapshot restored', 'format=3 hash=AB height=300')],
  [45, inf('committed state', 'block_app_hash=AA height=301')],
  [46, inf('committed state', 'block_app_hash=AA height=321')],
  [48, inf('committed state', 'block_app_hash=AA height=361')],
];
const upTo = (seconds: number) => fold(SYNC.filter(([s]) => s <= seconds));

describe('reading the start of a chain node', () => {
  it('names each stage as it comes', () => {
    expect([0, 1, 2, 3, 4, 25, 27, 40, 41, 45].map((s) => upTo(s).stage)).toEqual(['initialising', 'starting', 'signer', 'starting', 'discovering', 'discovering', 'restoring', 'verifying', 'restored', 'blocks']);
  });

  it('counts tries, seeds, chunks and heights', () => {
    expect(upTo(20)).toMatchObject({ tries: 2, noSeeds: true, moved: T0 + 4000 });
    expect(upTo(25)).toMatchObject({ noSeeds: false, snapshot: { height: 300 } });
    expect(upTo(30).snapshot).toMatchObject({ applied: 2, chunks: 4, height: 300 });
    expect(upTo(48).height).toBe(361);
    expect(blockRate(upTo(48).heights)).toBeCloseTo(20, 1);
  });

  it('reads the same when the lines come in any portions', () => {
    let read = NOTHING_READ;
    for (const line of SYNC) read = fold([line], read);
    expect(read).toEqual(fold(SYNC));
  });

  it('begins again when the container does', () => {
    const again = fold([[60, 'CMD> inferenced config set app pruning custom']], upTo(48));
    expect(again).toMatchObject({ stage: 'initialising', heights: [], tries: 0 });
  });

  it('does not take the traced words of the set-up script for their failure', () => {
    expect(fold([[0, "+ eval ': ${RPC_SERVER_URL_1:?Environment variable RPC_SERVER_URL_1 is required}'"]]).trouble).toBeUndefined();
    expect(fold([[0, './init-docker.sh: 12: RPC_SERVER_URL_1: Environment variable RPC_SERVER_URL_1 is required']]).trouble).toEqual({ code: 'variable_missing', params: { variable: 'RPC_SERVER_URL_1' } });
    expect(fold([[0, 'CMD> inferenced download-genesis X'], [1, 'RC = 1']]).trouble).toEqual({ code: 'command_failed', params: { command: 'inferenced download-genesis X', exit: 1 } });
    expect(fold([[0, 'Successfully set the statesync.enable to trueRC = 0']]).trouble).toBeUndefined();
  });

  it('a full disk was called a crash, and a processor or a database that the release does not like was not named (facts 13, rows 7, 9, 50)', () => {
    expect(fold([[0, 'panic: write /root/.inference/data/application.db/000123.log: no space left on device']]).trouble).toEqual({ code: 'disk_full', params: {} });
    expect(fold([[0, 'ERR error in proxyAppConn.FinalizeBlock err="no validator signing info found" module=state']]).trouble).toEqual({ code: 'no_signing_info', params: {} });
    expect(fold([[0, 'Caught SIGILL in blst_cgo_init, consult <blst>/bindings/go/README.md.']]).trouble).toEqual({ code: 'illegal_instruction', params: {} });
  });

  it('a seed that cannot be dialled is no failure of the node, its own unresolvable address is', () => {
    expect(fold([[0, inf('Error dialing seed', 'err="invalid NodeInfo: error looking up host (g-node): no such host"')]]).trouble).toBeUndefined();
    expect(fold([[0, 'Error: error looking up host (my-host): lookup my-host: no such host']]).trouble).toMatchObject({ code: 'host_unresolved', params: { host: 'my-host' } });
  });
});

describe('saying it', () => {
  it('goes through the steps in words', () => {
    expect(say(upTo(0), 1).doing).toMatchObject({ state: 'working', word: 'initialising' });
    expect(say(upTo(20), 21).doing).toMatchObject({ state: 'attention', word: 'noSeeds' });
    expect(say(upTo(30), 31)).toMatchObject({ doing: { word: 'chunks', params: { applied: 2, total: 4 } }, share: 0.5 });
    expect(say(upTo(30), 31, { status: { height: 0, catchingUp: true, synced: false, at: T0 } }).doing.word).toBe('chunks');
    expect(say(NOTHING_READ, 0).doing).toMatchObject({ state: 'unknown', word: 'silent' });
    expect(syncView(NOTHING_READ, {}, T0).doing.word).toBe('notStarted');
  });

  it('computes distance, speed and remaining time, the network going on meanwhile', () => {
    const network = { height: 1300, at: T0 + 48_000, source: 'node2.gonka.ai', secondsPerBlock: 0.1 };
    const view = say(upTo(48), 48, { network, status: { height: 361, catchingUp: true, synced: false, at: T0 + 48_000 } });
    expect(view.doing).toMatchObject({ state: 'working', word: 'catchingUp' });
    expect(view.catchingUp).toMatchObject({ height: 361, target: 1300, left: 939 });
    expect(view.share).toBeCloseTo(61 / 1000, 3);
    expect(view.catchingUp?.etaMs).toBeGreaterThan(92_000);
    expect(view.catchingUp?.etaMs).toBeLessThan(95_000);
  });

  it('a node that was still catching up had 0 blocks to go and 100 % done where nobody knew a newer block', () => {
    const status = { height: 361, catchingUp: true, synced: false, at: T0 + 48_000 };
    const view = say(upTo(48), 48, { status, network: { height: 361, at: T0 + 48_000, source: 's' } });
    expect(view).toMatchObject({ synced: false, doing: { state: 'working', word: 'processing', params: { height: 361 } } });
    expect([view.share, view.catchingUp?.left, view.catchingUp?.target, view.catchingUp?.etaMs]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is synced only when the own node and the network agree', () => {
    const status = { height: 361, catchingUp: false, synced: true, at: T0 + 48_000 };
    expect(say(upTo(48), 48, { status, network: { height: 362, at: T0 + 48_000, source: 's' } })).toMatchObject({ synced: true, doing: { state: 'ok', word: 'synced' } });
    expect(say(upTo(48), 48, { status, network: { height: 500, at: T0 + 48_000, source: 's' } })).toMatchObject({ synced: false, doing: { word: 'catchingUp' } });
    expect(say(upTo(48), 48, { status })).toMatchObject({ synced: false, doing: { state: 'attention', word: 'syncedAlone' } });
  });

  it('calls a standstill what it is', () => {
    expect(say(upTo(30), 60).stalled).toBeUndefined();
    expect(say(upTo(30), 400)).toMatchObject({ stalled: { word: 'chunks' }, doing: { state: 'attention' } });
    expect(say(upTo(48), 200)).toMatchObject({ stalled: { word: 'blocks' } });
    expect(say(upTo(20), 200)).toMatchObject({ stalled: { word: 'seeds' } });
  });

  it('a node that keeps failing is broken, with its reason', () => {
    const read = fold([[0, 'x: Environment variable KEY_NAME is required']]);
    expect(syncView(read, { tmkms: running, node: { state: 'restarting', restarts: 4, exitCode: 1 } }, T0)).toMatchObject({ doing: { state: 'broken', word: 'failing' }, trouble: { code: 'variable_missing' } });
  });
});

// Recorded from the real programs, shortened.
for (const release of ['0.2.4', '0.2.8']) {
  describe(`a real first start, ${release}`, () => {
    const lines = () => readFileSync(new URL(`./fixtures/node-first-start.${release}.log`, import.meta.url), 'utf8').split('\n').map((line, i): SyncLine => ({ time: at(i / 100), line }));
    it('reaches the stage that its last lines show', () => {
      const read = readLines(NOTHING_READ, lines());
      expect(read.trouble).toBeUndefined();
      if (release === '0.2.4') expect(read).toMatchObject({ stage: 'blocks' });
      else expect(read).toMatchObject({ stage: 'initialising', command: expect.stringContaining('set-statesync-trusted-block') });
    });
  });
}
