import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { panelEnv } from '#lib/core/env.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { migrate } from '#lib/db/migrate.ts';
import { fixedPlaceRefusal, proposedPlaces } from '#lib/deployment/clone-place.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { gitState } from '#lib/deployment/git-state.ts';
import { chosenDir, saveChosenDir } from '#lib/deployment/store.ts';
import { upstreamReleases } from '#lib/deployment/upstream-releases.ts';
import { cancelOperation, finished, operation, operationOutput, retryOperation, startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { progressOf } from '#lib/operations/progress.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { git, type GitServer, startGitServer } from '../network/git-server.ts';
import type { Job, Report } from './panel-child.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const by = { user: 'ann', ip: '192.0.2.7' };
let upstream: GitServer;
let scratch: string;
let place: string;

beforeAll(async () => {
  upstream = await startGitServer({ host: '127.0.0.1' });
  scratch = mkdtempSync(path.join(tmpdir(), 'get-deployment-'));
  // A repository of something else, with a tag that looks right.
  const other = path.join(scratch, 'other');
  mkdirSync(other);
  writeFileSync(path.join(other, 'README.md'), 'something else\n');
  for (const args of [['init', '-q', '-b', 'main'], ['add', '-A'], ['commit', '-q', '-m', 'Something else'], ['tag', 'release/v0.2.14'], ['clone', '-q', '--bare', '.', path.join(path.dirname(upstream.repository), 'other.git')]]) git(other, args);
  process.env.PANEL_DATA_DIR = path.join(scratch, 'data');
  mkdirSync(process.env.PANEL_DATA_DIR, { mode: 0o700 });
  process.env.GONKA_REPOSITORY = upstream.url;
  delete process.env.GONKA_DEPLOY_DIR;
  migrate(path.join(process.env.PANEL_DATA_DIR, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
  surroundOperations({ phase: async () => ({ known: false, why: 'unknown' }) as never, membership: async () => 'out', ownKey: async () => ({ state: 'not-registered' }), signatures: async () => ({ state: 'known', newest: 1000, gapUnread: false }), audit: async () => {} });
});
afterAll(async () => {
  await upstream.close();
  rmSync(scratch, { recursive: true, force: true });
});
let count = 0;
beforeEach(async () => {
  place = path.join(scratch, `host${count++}`, 'gonka');
  mkdirSync(path.dirname(place));
  upstream.setRate(0);
  upstream.setFaults({});
  panelEnv().repository = upstream.url;
  await saveChosenDir('');
  forgetDeployment();
});
const dir = () => path.join(place, 'deploy/join');
const beside = () => readdirSync(path.dirname(place));
const params = (release = 'release/v0.2.8') => ({ place, release });

async function get(release?: string, retryOf?: string): Promise<OperationView> {
  const { id } = retryOf ? await retryOperation(retryOf, by) : await startOperation({ kind: 'get-deployment', params: params(release), ...by });
  await finished(id);
  return (await operation(id)) as OperationView;
}
const refusal = async (work: Promise<unknown>) => work.then(() => 'nothing', (error) => (isPanelError(error) ? error.code : String(error)));

describe('a clone of a chosen release', () => {
  it('is whole, at the chosen place, managed, and as its commit has it', async () => {
    expect((await upstreamReleases()).releases.map(({ ref }) => ref)).toEqual(['release/v0.2.14', 'release/v0.2.8', 'release/v0.2.4']);
    const asked = upstream.requests.length;
    await Promise.all([upstreamReleases(), upstreamReleases()]);
    expect(upstream.requests.length, 'a repository host is asked once in ten minutes').toBe(asked);
    const shown = (await previewOperation({ kind: 'get-deployment', params: params() })).command;
    const done = await get();
    expect(done).toMatchObject({ state: 'succeeded', exitCode: 0, command: shown });
    expect(shown).toEqual(['git', 'clone', '--depth', '1', '--branch', 'release/v0.2.8', '--progress', '--', upstream.url, path.join(path.dirname(place), '.gonka.gonka-panel/clone')]);
    expect(done.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['clone-place done', 'clone done', 'clone-check done', 'clone-move done', 'clone-adopt done']);
    expect(beside()).toEqual(['gonka']);
    expect(await chosenDir()).toBe(dir());
    expect(await currentDeployment()).toMatchObject({ dir: dir(), release: '0.2.8' });
    expect(existsSync(path.join(place, 'genesis/genesis.json'))).toBe(true);
    expect(git(place, ['rev-list', '--count', 'HEAD'])).toBe('1');
    // No hook from a template of this machine.
    expect(existsSync(path.join(place, '.git/hooks'))).toBe(false);
    expect(await gitState(dir())).toMatchObject({ state: 'known', root: place, release: '0.2.8', names: ['release/v0.2.8'], count: 0 });
    const lines = (await operationOutput(done.id)).map((one) => ('line' in one ? one.line : ''));
    expect(lines.some((line) => /^Receiving objects: 100%.*done\.$/.test(line))).toBe(true);
    expect(lines.filter((line) => line.startsWith('Receiving objects')).length).toBe(1);
  });

  it('can be an annotated tag, and main', async () => {
    for (const release of ['release/v0.2.14', 'main']) {
      place = path.join(path.dirname(place), release.replace(/\W/g, '-'));
      expect((await get(release)).state).toBe('succeeded');
      expect(await gitState(dir())).toMatchObject({ state: 'known', count: 0, names: [release] });
    }
  });

  it('shows how many bytes came, and a cancel leaves nothing', async () => {
    upstream.setRate(300_000);
    const { id } = await startOperation({ kind: 'get-deployment', params: params(), ...by });
    await expect.poll(() => progressOf(id)?.done ?? 0, { timeout: 20_000, interval: 20 }).toBeGreaterThan(100_000);
    expect(beside()).toEqual(['.gonka.gonka-panel']);
    expect(await refusal(startOperation({ kind: 'get-deployment', params: { place: `${place}2`, release: 'main' }, ...by }))).toBe('operation_running');
    await cancelOperation(id, by);
    await finished(id);
    expect(await operation(id)).toMatchObject({ state: 'cancelled' });
    expect(beside()).toEqual([]);
    expect(await chosenDir()).toBeUndefined();
    upstream.setRate(0);
    expect((await get(undefined, id)).state).toBe('succeeded');
  });
});

describe('what a place must be', () => {
  const refused = async (code: string, given: Record<string, unknown> = {}) => {
    const asked = upstream.requests.length;
    const done = await get();
    expect(done).toMatchObject({ state: 'failed', error: { code, ...(Object.keys(given).length > 0 ? { params: given } : {}) } });
    expect(upstream.requests.length).toBe(asked);
  };
  it('an empty directory is taken', async () => {
    mkdirSync(place);
    expect((await get()).state).toBe('succeeded');
  });
  it('a directory that is not empty is left alone', async () => {
    mkdirSync(place);
    writeFileSync(path.join(place, 'mine'), 'x');
    await refused('clone_place_taken');
    expect(readFileSync(path.join(place, 'mine'), 'utf8')).toBe('x');
  });
  it('neither is a file, and a link to a directory with something in it', async () => {
    writeFileSync(place, 'x');
    await refused('clone_place_taken');
    rmSync(place);
    symlinkSync(ROOT, place);
    await refused('clone_place_taken');
  });
  it('a parent that is not there is not made', async () => {
    place = path.join(path.dirname(place), 'typo', 'gonka');
    await refused('clone_place_no_parent');
  });
  it('somebody else’s directory of the staging name is not removed', async () => {
    const foreign = path.join(path.dirname(place), '.gonka.gonka-panel');
    mkdirSync(foreign);
    writeFileSync(path.join(foreign, 'mine'), 'x');
    expect(await get()).toMatchObject({ state: 'failed', error: { code: 'clone_staging_foreign' } });
    expect(readFileSync(path.join(foreign, 'mine'), 'utf8')).toBe('x');
  });
  it('a disk without enough room is said before anything is asked for', async () => {
    await onSmallDisk('100m', async () => refused('clone_place_full'));
  });
});

/** Runs with `place` on a file system of its own of this size. */
async function onSmallDisk(size: string, work: () => Promise<void>): Promise<void> {
  const disk = path.dirname(place);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
  try {
    await work();
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}

describe('with GONKA_DEPLOY_DIR', () => {
  afterEach(() => {
    panelEnv().deployDir = undefined;
  });
  it('a clone goes where the variable points, and nowhere else', async () => {
    panelEnv().deployDir = dir();
    expect(await fixedPlaceRefusal()).toBeUndefined();
    expect(await proposedPlaces()).toMatchObject([{ place }]);
    const { id } = await startOperation({ kind: 'get-deployment', params: { ...params(), place: `${place}-2` }, ...by });
    await finished(id);
    expect((await operation(id))?.error).toMatchObject({ code: 'deploy_dir_fixed' });
    expect((await get()).state).toBe('succeeded');
    expect(await currentDeployment()).toMatchObject({ dir: dir() });
    // It is there now: another clone is refused, with the reason.
    expect(await fixedPlaceRefusal()).toMatchObject({ code: 'clone_place_taken' });
  });
  it('a directory that no clone could make is said', async () => {
    panelEnv().deployDir = '/srv/node';
    expect(await fixedPlaceRefusal()).toMatchObject({ code: 'deploy_dir_fixed' });
    expect(await proposedPlaces()).toEqual([]);
  });
});

describe('what goes wrong on the way is named', () => {
  it('a disk that fills up during the clone', async () => {
    await onSmallDisk('600m', async () => {
      execFileSync('fallocate', ['-l', '99m', path.join(path.dirname(place), 'before')]);
      upstream.setRate(400_000);
      const { id } = await startOperation({ kind: 'get-deployment', params: params(), ...by });
      await expect.poll(() => existsSync(path.join(path.dirname(place), '.gonka.gonka-panel/clone/.git')), { timeout: 20_000, interval: 10 }).toBe(true);
      // Somebody else fills it.
      execFileSync('sh', ['-c', `cat /dev/zero > '${path.join(path.dirname(place), 'flood')}' 2>/dev/null || true`]);
      await finished(id);
      expect((await operation(id))?.error).toMatchObject({ code: 'git_disk_full' });
      expect(beside()).not.toContain('.gonka.gonka-panel');
    });
  });
  it('no network: a closed door, a name that nobody knows, a line that is cut', async () => {
    for (const repository of ['git://127.0.0.1:9/gonka.git', 'http://127.0.0.1:9/gonka.git', 'https://gonka.invalid/gonka.git']) {
      panelEnv().repository = repository;
      expect((await get()).error, repository).toMatchObject({ code: 'git_no_network', params: { repository } });
    }
    panelEnv().repository = upstream.url;
    upstream.setFaults({ cutAfter: 500_000 });
    const { id } = await startOperation({ kind: 'get-deployment', params: params(), ...by });
    await finished(id);
    expect((await operation(id))?.error).toMatchObject({ code: 'git_no_network' });
    expect(beside()).toEqual([]);
    expect(await chosenDir()).toBeUndefined();
  });
  it('a release that is not there', async () => {
    expect((await get('release/v9.9.9')).error).toMatchObject({ code: 'git_release_unknown', params: { release: 'release/v9.9.9' } });
  });
  it('an address without a repository, and a repository of something else', async () => {
    panelEnv().repository = upstream.url.replace('gonka.git', 'nothing.git');
    expect((await get()).error).toMatchObject({ code: 'git_no_repository' });
    panelEnv().repository = upstream.url.replace('gonka.git', 'other.git');
    expect((await get('release/v0.2.14')).error).toMatchObject({ code: 'clone_not_gonka' });
    expect(beside()).toEqual([]);
  });
  it('no git on this machine', async () => {
    const { PATH } = panelEnv().child;
    panelEnv().child.PATH = '/nowhere';
    expect((await get()).error).toMatchObject({ code: 'git_absent' });
    panelEnv().child.PATH = PATH as string;
  });
});

describe('the panel is killed (-9)', () => {
  function panel(job: Job): Promise<{ signal: string | null; report?: Report; said: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['e2e/operations/panel-child.ts', JSON.stringify(job)], { cwd: ROOT, env: { ...process.env, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stdout.on('data', (chunk) => (said += chunk));
      child.stderr.on('data', (chunk) => (said += chunk));
      child.on('error', reject);
      child.on('close', (_code, signal) => {
        const line = said.trim().split('\n').findLast((one) => one.startsWith('{"recovered"'));
        resolve({ signal, report: line ? (JSON.parse(line) as Report) : undefined, said });
      });
    });
  }
  for (const { step, afterMs } of [{ step: 'clone-place', afterMs: 0 }, { step: 'clone', afterMs: 0 }, { step: 'clone', afterMs: 400 }, { step: 'clone', afterMs: 1500 }, { step: 'clone-check', afterMs: 0 }, { step: 'clone-move', afterMs: 0 }, { step: 'clone-adopt', afterMs: 0 }]) {
    it(`step ${step}, after ${afterMs} ms: nothing that looks whole and isn't, a retry completes`, async () => {
      upstream.setRate(step === 'clone' ? 700_000 : 0);
      const first = await panel({ start: { kind: 'get-deployment', params: params() }, killAt: { step, afterMs } });
      if (first.signal !== 'SIGKILL') {
        // A step of a few milliseconds was over before the killer came.
        expect(step, first.said).not.toBe('clone');
        expect(first.report?.operation?.state).toBe('succeeded');
        return;
      }
      // At the place there is nothing, or the whole of it.
      if (existsSync(place)) expect(await gitState(dir())).toMatchObject({ state: 'known', count: 0, names: ['release/v0.2.8'] });
      upstream.setRate(0);
      const { report, said } = await panel({ recover: true });
      expect(report?.recovered, said).toMatchObject([{ state: 'interrupted', error: { code: 'operation_interrupted' } }]);
      expect(report?.recovered[0]?.steps.some((one) => one.state === 'running')).toBe(false);
      expect(report?.operation?.state, JSON.stringify(report?.operation?.error)).toBe('succeeded');
      expect(beside()).toEqual(['gonka']);
      expect(await chosenDir()).toBe(dir());
      expect(await gitState(dir())).toMatchObject({ count: 0 });
      await sleep(50);
      const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(path.dirname(place)) && line.startsWith('git '));
      expect(left).toEqual([]);
    });
  }
});

describe('an adopted clone', () => {
  it('shows which files differ, and runs no program that its configuration names', async () => {
    git(path.dirname(place), ['clone', '-q', '--depth', '1', '--branch', 'release/v0.2.4', '--', `file://${upstream.repository}`, 'gonka']);
    const ran = path.join(scratch, 'ran');
    for (const [name, value] of Object.entries({ 'core.fsmonitor': `touch ${ran}`, 'core.hooksPath': path.join(scratch, 'hooks'), 'filter.x.clean': `touch ${ran}; cat`, 'filter.x.smudge': 'cat', 'diff.external': `touch ${ran}`, 'core.sshCommand': `touch ${ran}` })) git(place, ['config', name, value]);
    writeFileSync(path.join(place, '.gitattributes'), '* filter=x\n');
    writeFileSync(path.join(dir(), 'docker-compose.yml'), `${readFileSync(path.join(dir(), 'docker-compose.yml'), 'utf8')}# mine\n`);
    rmSync(path.join(dir(), 'node-config-qwq.json'));
    writeFileSync(path.join(dir(), 'config.env'), 'export KEY_NAME=a\n');
    const index = readFileSync(path.join(place, '.git/index'));
    const state = await gitState(dir());
    expect(state).toMatchObject({ state: 'known', release: '0.2.4', count: 2, files: [{ file: 'deploy/join/docker-compose.yml', added: 1, removed: 0 }, { file: 'deploy/join/node-config-qwq.json', added: 0 }] });
    expect(existsSync(ran)).toBe(false);
    expect(readFileSync(path.join(place, '.git/index')).equals(index)).toBe(true);
  });
  it('copied by hand has no git, and a broken one is unknown', async () => {
    mkdirSync(dir(), { recursive: true });
    expect(await gitState(dir())).toEqual({ state: 'none' });
    mkdirSync(path.join(place, '.git'));
    writeFileSync(path.join(place, '.git/HEAD'), 'ref: refs/heads/main\n');
    expect(await gitState(dir())).toEqual({ state: 'unknown', why: 'HEAD' });
  });
});
afterEach(() => {
  panelEnv().repository = upstream.url;
});
