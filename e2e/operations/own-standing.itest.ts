/** What operations are told of this host's key and place, through the real glue: stand-in network, real containers of the chain. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { accountAddress } from '#lib/chain/addresses.ts';
import { clock } from '#lib/core/clock.ts';
import { chooseDeployment } from '#lib/deployment/current.ts';
import { startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import type { Kind } from '#lib/operations/schema.ts';
import { surroundings } from '#lib/operations/surroundings.ts';
import { networkSnapshot, networkWatch } from '#lib/watch/network-snapshot.ts';
import { type HostWorld, openHostWorld } from '../world.ts';
import { runShown, watchNetwork } from './watched-world.ts';

const PORT = 4611;
const OTHER = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';
let world: HostWorld | undefined;

watchNetwork(PORT);
afterAll(async () => {
  vi.restoreAllMocks();
  await world?.close();
});

const run = (kind: Kind, target?: string) => runShown(kind, { target, reason: 'a reason in case a PoC runs' });
const soon = { timeout: 60_000, interval: 500 };

/** As after a restart of the panel: nothing is remembered of the network, so nothing has to be waited for out of politeness. */
function forgetNetwork(): void {
  networkWatch().close();
  for (const name of ['network-watch', 'chain-gateway']) Reflect.deleteProperty(globalThis, Symbol.for(`gonka-panel.${name}`));
}
/** What was sent to the chain is in one of its next blocks. */
const nextBlock = (seed: HostWorld['seed']) => {
  const height = seed.height();
  return expect.poll(() => seed.height(), soon).toBeGreaterThan(height + 1);
};

it('key and place of a registered host', async () => {
  world = await openHostWorld({ release: '0.2.14', seedPort: PORT, epochSeconds: 120, startOffset: 60 });
  const { seed, dir } = world;
  // Nobody passes the PoC of the epoch that the test begins in.
  seed.change({ pocFails: true });
  seed.change({ moveTo: 30 });
  await chooseDeployment(dir);
  const launched = await run('launch-chain');
  expect(launched).toMatchObject({ state: 'succeeded' });
  const key = String(launched?.steps.find(({ name }) => name === 'remember-key')?.detail?.params.key);
  const pubKey = /^export ACCOUNT_PUBKEY=(.*)$/m.exec(readFileSync(path.join(dir, 'config.env'), 'utf8'))?.[1]?.replaceAll("'", '') ?? '';
  const address = accountAddress(pubKey) ?? '';

  // Registered with a key that isn't the one here: tmkms must not be started with it.
  seed.register({ address, url: 'http://203.0.113.7:8000', validator_key: OTHER, pub_key: pubKey });
  await nextBlock(seed);
  forgetNetwork();
  await expect.poll(() => surroundings().ownKey(), soon).toEqual({ state: 'registered', key: OTHER });
  expect((await previewOperation({ kind: 'restart', target: 'tmkms' })).gate).toEqual({ answer: 'refused', why: 'tmkms_key_differs', params: { own: key, chain: OTHER } });
  await expect(startOperation({ kind: 'restart', target: 'tmkms', reason: 'a reason in case a PoC runs', user: 'ann', ip: '192.0.2.7' })).rejects.toMatchObject({ code: 'gate_tmkms_key_differs' });
  // "PoC failed" says nothing of this host: a stop needs a reason.
  await expect.poll(async () => (await networkSnapshot()).participants, soon).toMatchObject({ state: 'ok', value: { pocFailed: true } });
  expect(await surroundings().membership()).toBe('unknown');
  const stop = await previewOperation({ kind: 'stop', target: 'node' });
  expect(stop.gate).toMatchObject({ answer: 'reason-needed', reasons: expect.arrayContaining([{ why: 'membership_unknown', params: { service: 'node' } }]) });

  // The chain has the key that is here, and the host passes the next PoC.
  const host = seed.ledger.hosts.find((each) => each.address === address);
  if (host) host.validatorKey = key;
  seed.ledger.revision += 1;
  const { epoch = 0 } = (await networkSnapshot()).epoch.value ?? {};
  seed.reportParticipation({ address, epoch: epoch + 1, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
  seed.change({ pocFails: false });
  seed.change({ moveTo: 30 });
  await nextBlock(seed);
  forgetNetwork();
  await expect.poll(() => surroundings().ownKey(), soon).toEqual({ state: 'registered', key });
  await expect.poll(() => surroundings().membership(), soon).toBe('in');
  const again = await run('restart', 'tmkms');
  expect(again).toMatchObject({ state: 'succeeded' });
  expect(again?.steps.find(({ name }) => name === 'tmkms-key')?.detail).toMatchObject({ code: 'tmkms_key', params: { key, chain: 'same' } });

  // Nobody answers any more: what was read counts for five minutes.
  seed.setFaults({ down: true });
  execFileSync('docker', ['stop', '-t', '1', 'node'], { stdio: 'ignore' });
  expect(await surroundings().ownKey()).toEqual({ state: 'registered', key });
  vi.spyOn(clock, 'now').mockImplementation(() => Date.now() + 6 * 60_000);
  expect(await surroundings().ownKey()).toMatchObject({ state: 'unknown' });
  expect(await surroundings().membership()).toBe('unknown');
});
