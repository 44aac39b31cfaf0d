/**
 * The second half of the path, broken at every step (the first half: onboarding-broken.spec.ts): what the network, the disk, the
 * engine and a killed panel do to a host between its first block and its place in the active set. Each time: a clear sentence
 * with the next thing to do, nothing done twice, nothing lost; then the same step is finished by clicking.
 * The files were made by hand, as the guide says it, on a small filesystem; one host goes through all of it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type BrokenHost, openBrokenHost, PASSWORD, RELEASE, say } from './broken-host.ts';
import { byHand } from './by-hand.ts';
import type { Faults } from './network/faults.ts';
import { startGitServer } from './network/git-server.ts';
import { ensureImages } from './network/image.ts';
import { RELEASES } from './network/releases.ts';
import { dirIn, forThisEngine } from './onboarding-walk.ts';
import { post } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
const LONG = Boolean(process.env.TEST_LONG);

test.describe.configure({ mode: 'serial' });

let host: BrokenHost;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  await ensureImages();
  const upstream = await startGitServer({ change: forThisEngine });
  host = await openBrokenHost({
    browser, port: 4161, withoutTool: false,
    environment: async ({ seed, home, operator }) => {
      const hand = byHand({ home, release: RELEASE, repository: upstream.url, seedUrl: seed.containerUrl, password: PASSWORD, operator });
      for (const step of ['account-key', 'deployment', 'configuration'] as const) await hand[step]();
      return { SEED_API_URLS: seed.containerUrl, GONKA_DEPLOY_DIR: dirIn(home) };
    },
  });
  await upstream.close();
});
test.afterAll(async () => {
  test.setTimeout(120_000);
  await host?.close();
});
test.beforeEach(() => {
  test.setTimeout(LONG ? 1_200_000 : 480_000);
});

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' });
const file = (...names: string[]) => path.join(host.dir, ...names);
const filesIn = (dir: string) => (existsSync(file(dir)) ? readdirSync(file(dir)).sort().map((name) => [name, readFileSync(file(dir, name), 'base64')]) : []);
/** What cannot be made again: the two files that the operator wrote, the keyring, the consensus key. */
const kept = () => ({ env: readFileSync(file('config.env'), 'utf8'), nodes: readFileSync(file('node-config.json'), 'utf8'), keyring: filesIn('.inference/keyring-file'), signer: filesIn('.tmkms/secrets') });
/** Service → container. Two for one service would be two hosts. */
const containers = () => docker('ps', '-a', '--no-trunc', '--filter', `label=com.docker.compose.project.working_dir=${host.dir}`, '--format', '{{.Label "com.docker.compose.service"}} {{.ID}}').split('\n').filter(Boolean).sort();
const oneEach = (...services: string[]) => expect(containers().map((line) => line.split(' ')[0])).toEqual([...services].sort());
const registered = () => host.seed.ledger.hosts.filter(({ address }) => address === host.operator.key()!.address);
/** Registrations that reached the seed. */
const asked = () => host.seed.requests.filter((one) => one.path === '/v1/participants').length;

test('start of the chain: a seed that is away or lies, no room, the panel killed, the power cut; one tmkms with one key', async () => {
  const start = { kind: 'launch-chain' };
  const before = kept();
  await host.withoutRoom(async () => {
    await host.fails(start, 'operation_command_failed');
    await expect(host.page.getByText(/no space left on device/).first()).toBeVisible();
    await host.shot('06-no-room');
  });
  // Its first start asks the seed for the genesis file: the container ends again and again.
  for (const fault of [{ down: true }, ...(LONG ? [{ html: true }, { garbage: true }, { status: 500 }, { truncated: true }] : [])] as Faults[]) {
    host.seed.setFaults(fault);
    await host.fails(start, 'service_crash_looping');
    await host.shot(`06-seed-${Object.keys(fault)[0]}`);
  }
  await host.isKilledDuring(start, 'verify-running', 0);
  // Whoever waits for a seed lets it rest meanwhile.
  docker('stop', '-t', '1', 'node', 'tmkms');
  host.seed.setFaults({});
  await host.walk().steps['start-chain']();
  const key = () => docker('exec', 'tmkms', 'tmkms-pubkey');
  const [its, made] = [key(), containers()];
  await host.powerCut();
  await host.comesToBe('start-chain', 'done', 120_000);
  await host.succeeds(start);
  expect([key(), containers()]).toEqual([its, made]);
  oneEach('node', 'tmkms');
  expect({ ...kept(), signer: [] }).toEqual({ ...before, signer: [] });
});

test('the chain in trouble: every known cause is named beside the logs with what to do, and it is over when it is over', async () => {
  for (const [trouble, code] of [['consensus-failure', 'consensus_failure'], ...(LONG ? [['illegal-instruction', 'illegal_instruction'], ['disk-full', 'disk_full'], ['signing-info', 'no_signing_info']] as const : [])] as const) {
    host.seed.change({ nodeTrouble: trouble });
    await host.page.goto(`${host.panel.url}/start-chain`);
    await expect(host.page.getByText(say(`startChain.trouble.${code}.what`)).first(), trouble).toBeVisible({ timeout: 60_000 });
    await expect(host.page.getByText(say(`startChain.trouble.${code}.next`)).first()).toBeVisible();
    await host.shot(`06-${trouble}`);
    host.seed.change({ nodeTrouble: undefined });
    await host.succeeds({ kind: 'restart', target: 'node' });
    await host.comesToBe('start-chain', 'done');
  }
});

test('ML operational key: no room, the panel killed, the engine restarted; none is made, then one, and its password fits', async () => {
  const make = { kind: 'create-ml-key' };
  const before = kept();
  await host.withoutRoom(async () => {
    await host.fails(make, 'ml_key_not_made');
    await host.shot('07-no-room');
  });
  // Another panel is at it: this one waits, and what ends it there has made nothing.
  const preview = await (await post(host.panel, '/api/operations/preview', make, { cookie: host.cookie })).text();
  const name = /gonka-panel-ml-key-[0-9a-f]{12}/.exec(preview)?.[0] ?? '';
  docker('create', '--name', name, `ghcr.io/product-science/api:${RELEASE}`);
  await host.isKilledDuring(make, 'ml-key');
  const id = await host.start(make);
  await host.comesTo(id, 'ml-key');
  await host.withoutEngine(() => host.comesToFail(id));
  docker('rm', name);
  expect(kept()).toEqual(before);
  await host.walk().steps['ml-key']();
  // The guide's own command opens the keyring with the password as it stands in config.env.
  const shown = execFileSync('bash', ['-c', `source config.env && docker compose run --rm --no-deps -T api /bin/sh -c 'printf "%s\\n" "$KEYRING_PASSWORD" | inferenced keys show "$KEY_NAME" -a --keyring-backend file'`], { cwd: host.dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  expect(shown).toMatch(/^gonka1[a-z0-9]{38}\s*$/);
  const made = kept();
  expect(made.keyring.filter(([name]) => name?.endsWith('.info'))).toHaveLength(1);
  // Once more: it is found, and stays.
  await host.succeeds(make);
  expect(kept()).toEqual(made);
});

test('registration: a seed that refuses, limits or stumbles, nobody who knows the chain; the power cut once it was sent; then it is there, once', async () => {
  const register = { kind: 'register-host' };
  const before = kept();
  for (const [fault, code] of [[{ status: 500 }, 'register_seed_refused'], [{ rateLimited: true }, 'register_seed_busy']] as const) {
    host.seed.setFaults({ ...fault, only: '/v1/participants' });
    await host.fails(register, code);
  }
  host.seed.setFaults({});
  host.seed.change({ registration: { waitMs: 500, answer: 'panics' } });
  await host.fails(register, 'register_funded_account');
  await host.shot('08-funded');
  host.seed.change({ registration: { waitMs: 500 } });
  if (LONG) {
    // Minutes each: a command that says "successful" is given three of them to come true, and what may be under way two.
    host.seed.change({ registration: { waitMs: 500, answer: 'ignored' } });
    await host.fails(register, 'register_nothing_on_chain');
    host.seed.change({ registration: { waitMs: 500 } });
    for (const fault of [{ html: true }, { garbage: true }] as const) {
      host.seed.setFaults({ ...fault, only: '/v1/participants' });
      await host.fails(register, 'register_nothing_on_chain');
    }
    host.seed.setFaults({ down: true, only: '/v1/participants' });
    await host.fails(register, 'register_seed_cut');
    host.seed.setFaults({});
  }
  // Nobody can say whether it is registered: nothing is sent.
  let sent = asked();
  docker('stop', '-t', '1', 'node');
  host.seed.setFaults({ down: true });
  // What the chain said a moment ago counts for a while.
  await host.restartPanel();
  await host.fails(register, 'register_chain_unread');
  host.seed.setFaults({});
  docker('start', 'node');
  expect(asked()).toBe(sent);
  await host.comesToBe('start-chain', 'done');
  expect(registered()).toHaveLength(0);

  host.seed.change({ registration: { waitMs: 20_000, afterBlocks: 4 } });
  sent = asked();
  const id = await host.start(register);
  await expect.poll(asked, { intervals: [50], timeout: 150_000 }).toBe(sent + 1);
  await host.powerCut();
  await host.wasInterrupted(id);
  host.seed.change({ registration: { waitMs: 1500 } });
  await host.comesToBe('register', 'done', 120_000);
  await host.walk().openStep('register');
  await expect(host.page.getByText(t('onboarding.register.registered.what'))).toBeVisible({ timeout: 60_000 });
  await host.succeeds(register);
  expect([asked(), registered().length]).toEqual([sent + 1, 1]);
  expect(kept()).toEqual(before);
});

test('permissions: a part, what was taken back, nobody who knows the chain, a seed that talks nonsense, the power cut: no tick before all are there', async () => {
  const needed = RELEASES[RELEASE].permissions;
  const { steps, openStep } = host.walk();
  await openStep('grant');
  const text = await host.page.getByRole('region', { name: t('onboarding.grant.command') }).locator('pre').first().innerText();
  const warm = /gonka-account-key (gonka1[a-z0-9]{38})/.exec(text)?.[1] ?? '';
  const account = host.operator.key()!.address;
  const count = (there: number) => host.page.getByText(t('onboarding.grant.chain.count', { there, of: needed.length }));
  // The chain gives them out in pages.
  host.seed.change({ grantsPage: 10 });
  host.seed.grant(account, warm, { messages: needed.slice(0, 12) });
  await expect(count(12)).toBeVisible({ timeout: 60_000 });
  await host.powerCut();
  await openStep('grant');
  await expect(count(12)).toBeVisible({ timeout: 60_000 });
  host.seed.revoke(account, warm);
  await expect(count(0)).toBeVisible({ timeout: 60_000 });
  await host.comesToBe('grant', 'ready');
  // Whom nobody can tell of isn't without permissions, and has none either.
  docker('stop', '-t', '1', 'node');
  const only = '/chain-api/cosmos/authz';
  for (const fault of [{ down: true }, { garbage: true, only }, ...(LONG ? [{ status: 404, only }, { truncated: true, only }, { html: true, only }] : [])] as Faults[]) {
    const [name] = Object.keys(fault);
    host.seed.setFaults(fault);
    const before = host.seed.requests.length;
    // What the chain said a moment ago counts for a while.
    await host.restartPanel();
    await openStep('grant');
    // A seed that was asked a lot this minute is let alone until the next.
    if (fault.only) await expect.poll(() => host.seed.requests.slice(before).some((one) => one.path.startsWith(only)), { timeout: 120_000, message: name }).toBe(true);
    await expect(async () => {
      const { state, evidence: { error }, since } = (await host.stepNow('grant'))!;
      expect([state, typeof since, typeof error?.code], name).toEqual(['unknown', 'number', 'string']);
      for (const part of ['what', 'next']) await expect(host.page.getByText(say(`errors.${error?.code}.${part}`, error?.params)).first(), name).toBeVisible();
    }).toPass({ timeout: 90_000 });
    await expect(host.page.getByText(new RegExp(`^${t('onboarding.unknownSince').replace('<at></at>', '\\d')}`)), name).toBeVisible();
    for (const part of ['what', 'next']) await expect(host.page.getByText(say(`onboarding.grant.unread.${part}`)), name).toBeVisible();
    // No permission stands there, with or without a tick.
    await expect(host.page.getByText(t('onboarding.grant.chain.unknown'))).toBeVisible();
    await expect(host.page.locator('main li code[title]')).toHaveCount(0);
    await host.shot(`09-unread-${name}`);
  }
  // A seed alone is enough to know it again.
  host.seed.setFaults({});
  await expect(count(0)).toBeVisible({ timeout: 90_000 });
  docker('start', 'node');
  await steps.grant();
});

test('launch: a port that somebody has, no room, a wrong password, the panel killed, the engine restarted; then everything runs', async () => {
  const launch = { kind: 'launch-all' };
  const before = kept();
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(8000, '0.0.0.0', resolve));
  await host.fails(launch, 'operation_command_failed');
  await expect(host.page.getByText(/0\.0\.0\.0:8000.*address already in use/).first()).toBeVisible();
  await host.shot('10-port');
  await new Promise((resolve) => taken.close(resolve));
  await host.withoutRoom(async () => {
    await host.fails(launch, 'operation_command_failed');
    await expect(host.page.getByText(/no space left on device/).first()).toBeVisible();
    await host.shot('10-no-room');
  });

  const good = before.env;
  writeFileSync(file('config.env'), good.replace(/^export KEYRING_PASSWORD=.*$/m, 'export KEYRING_PASSWORD=another-password'));
  await host.succeeds({ kind: 'recreate', target: 'api' });
  await host.page.goto(`${host.panel.url}/onboarding/launch`);
  await expect(host.page.getByText(say('onboarding.problems.wrong_password.what')).first()).toBeVisible({ timeout: 90_000 });
  await expect(host.page.getByText(say('onboarding.problems.wrong_password.next')).first()).toBeVisible();
  await host.shot('10-wrong-password');
  expect((await host.stepNow('launch'))?.state).not.toBe('done');
  writeFileSync(file('config.env'), good);

  await host.isKilledDuring(launch, 'verify-running', 0);
  const id = await host.start(launch);
  await host.comesTo(id, 'verify-running');
  await host.restartEngine();
  await expect.poll(async () => (await host.operation(id)).state, { timeout: 120_000 }).not.toBe('running');
  const { state } = await host.operation(id);
  if (state !== 'succeeded') await host.isSaid(await host.operation(id));
  await host.walk().steps.launch();
  oneEach('api', 'bridge', 'explorer', 'inference', 'mlnode-308', 'node', 'proxy', 'tmkms');
  expect(kept()).toEqual(before);
});

test('verification: nobody who knows the set takes the tick, not the host; the power cut; then it stands in the set', async () => {
  const before = { files: kept(), made: containers() };
  docker('stop', '-t', '1', 'api', 'node');
  host.seed.setFaults({ down: true });
  await host.restartPanel();
  await host.comesToBe('verify', 'blocked');
  expect((await host.stepNow('launch'))?.evidence.code).toBe('services_down');
  await host.walk().openStep('verify');
  await expect(host.page.getByText(say('onboarding.evidence.set_unread')).first()).toBeVisible({ timeout: 30_000 });
  await host.shot('11-unread');
  host.seed.setFaults({});
  docker('start', 'node', 'api');
  await host.powerCut();
  await host.walk().steps.verify();
  expect(registered()).toHaveLength(1);
  expect({ files: kept(), made: containers() }).toEqual(before);
  for (const secret of [PASSWORD, 'another-password']) expect(host.output()).not.toContain(secret);
});
