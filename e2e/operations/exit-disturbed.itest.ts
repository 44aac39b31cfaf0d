/** An exit under everything that comes in between, one test each. Each ends out of the set and stopped, and none stops before. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { clock } from '#lib/core/clock.ts';
import { answerExit } from '#lib/operations/exit/control.ts';
import { cancelOperation, finished, operation } from '#lib/operations/journal.ts';
import { intents } from '#lib/operations/ml-nodes/intent.ts';
import type { Faults } from '../network/faults.ts';
import type { ReleaseName } from '../network/releases.ts';
import { startDocker, stopDocker } from '../../scripts/machine/private-docker.mjs';
import { by, docker, type ExitHost, forgetNetwork, openExitHost, patience } from './exit-host.ts';

let host: ExitHost | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await host?.close();
  host = undefined;
});

type Begun = ExitHost & { id: string };
/** A host of its own whose ML nodes leave; the exit has disabled them and waits for the set. */
async function leaving(release: ReleaseName, port: number): Promise<Begun> {
  host = await openExitHost({ release, port });
  const id = await host.start('safe-exit', { scope: 'ml-nodes' });
  await host.stage(id, 'set');
  return { ...host, id };
}
const whys = async ({ id, view }: Begun) => (await view(id)).unknown.map(({ code }) => code);
const mlRuns = (of: ExitHost) => of.containers()['mlnode-308'] === 'running';
async function ends({ id, containers }: Begun): Promise<void> {
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  expect(containers()).not.toHaveProperty('mlnode-308');
}
const admin = (path: string, body?: unknown) =>
  fetch(`http://${docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'api')}:9200/admin/v1/${path}`, { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(5_000) }).then(({ status }) => status);

const long = (name: string, test: () => Promise<void>) => it.runIf(process.env.TEST_LONG)(name, test, 500_000);

long('node is restarted: api ends with it and forgets the disable, the exit disables again', async () => {
  const begun = await leaving('0.2.4', 4630);
  await begun.restart('node', ['node', 'api']);
  await expect.poll(async () => (await begun.view(begun.id)).nodes[0]?.forgotten, patience).toBeGreaterThan(0);
  await expect.poll(async () => (await begun.nodes())[0]?.enabled, patience).toBe(false);
  await begun.nextSet();
  await ends(begun);
});

long('the engine is restarted, as with the machine: what always restarts comes back, and the exit disables again', async () => {
  const begun = await leaving('0.2.8', 4641);
  const engine = path.dirname((process.env.DOCKER_HOST ?? '').replace(/^unix:\/\//, ''));
  await stopDocker(engine);
  await startDocker(engine);
  await expect.poll(async () => (await begun.nodes().catch(() => []))[0]?.enabled, patience).toBe(false);
  await expect.poll(async () => (await begun.view(begun.id)).nodes[0]?.forgotten, patience).toBeGreaterThan(0);
  begun.record.stops.splice(0);
  await begun.nextSet();
  await ends(begun);
});

long('api forgets the disable in the middle of the PoC: the epoch counts anew, and the host stays until the one after it', async () => {
  const begun = await leaving('0.2.8', 4631);
  const { epoch = 0 } = (await begun.view(begun.id)).clock ?? {};
  begun.seed.change({ moveTo: 60 });
  await begun.restart('api');
  await expect.poll(async () => (await begun.view(begun.id)).nodes[0]?.countsFrom, patience).toBe(epoch + 1);
  // A slow restart may have lasted until its set.
  if (begun.epoch() === epoch) await begun.nextSet();
  expect(begun.epoch()).toBe(epoch + 1);
  await begun.stage(begun.id, 'set');
  expect(mlRuns(begun)).toBe(true);
  await begun.nextSet();
  await ends(begun);
});

long('the admin side of v0.2.4 is wedged before anything is disabled: said as what it is, and cured by a restart of api', async () => {
  const open = await openExitHost({ release: '0.2.4', port: 4632 });
  host = open;
  expect(await admin('nodes/absent/disable')).toBe(404);
  const id = await open.start('safe-exit', { scope: 'ml-nodes' });
  const begun = { ...open, id };
  await expect.poll(() => whys(begun), patience).toContain('admin_wedged');
  await begun.restart('api');
  await begun.stage(id, 'set');
  await begun.nextSet();
  await ends(begun);
});

long('seeds are down, cut answers off, or say other things than JSON: that proves nothing, and the exit waits for a good one', async () => {
  const begun = await leaving('0.2.8', 4633);
  const only = '/v1/epochs/current/participants';
  const faults: Faults[] = [{ down: true }, { only, truncated: true }, { only, garbage: true }, { only, html: true }, { only, status: 404 }];
  begun.seed.setFaults({ down: true });
  await begun.nextSet();
  await begun.stage(begun.id, 'proof');
  for (const fault of faults) {
    begun.seed.setFaults(fault);
    forgetNetwork();
    const { at = 0 } = await begun.view(begun.id);
    await expect.poll(async () => ((await begun.view(begun.id)).at ?? 0) - at, patience).toBeGreaterThan(3_000);
    expect((await begun.view(begun.id)).stage, JSON.stringify(fault)).toBe('proof');
    expect(mlRuns(begun)).toBe(true);
  }
  begun.seed.setFaults({});
  // The chain has gone on while nobody could be asked.
  await begun.nextSet();
  await ends(begun);
});

long('the own node is behind: it is no witness, and the exit waits until it has caught up', async () => {
  const begun = await leaving('0.2.8', 4634);
  begun.seed.change({ nodeTrouble: 'consensus-failure' });
  await begun.nextSet();
  await expect.poll(async () => (await begun.view(begun.id)).clock?.source, patience).not.toBe('own node');
  await expect.poll(() => whys(begun), patience).not.toEqual([]);
  expect(mlRuns(begun)).toBe(true);
  begun.seed.change({ nodeTrouble: undefined });
  await begun.restart('node', ['node', 'api']);
  await begun.nextSet();
  await begun.nextSet();
  await ends(begun);
});

long('the clock of the machine jumps two hours on and an hour back: blocks decide', async () => {
  const begun = await leaving('0.2.4', 4635);
  const now = vi.spyOn(clock, 'now').mockImplementation(() => Date.now() + 2 * 3_600_000);
  await begun.nextSet();
  await expect.poll(async () => (await begun.view(begun.id)).at ?? 0, patience).toBeGreaterThan(Date.now() + 3_600_000);
  expect((await begun.view(begun.id)).state).toBe('running');
  now.mockImplementation(() => Date.now() - 3_600_000);
  await expect.poll(async () => (await begun.view(begun.id)).at ?? 0, patience).toBeLessThan(Date.now());
  now.mockRestore();
  forgetNetwork();
  await begun.nextSet();
  await ends(begun);
});

long('the chain stands still: the exit says so, waits, and goes on with it', async () => {
  const begun = await leaving('0.2.8', 4636);
  begun.seed.change({ halted: true });
  await expect.poll(() => whys(begun), patience).toContain('chain_frozen');
  expect(mlRuns(begun)).toBe(true);
  begun.seed.change({ halted: false });
  await begun.nextSet();
  await ends(begun);
});

long('somebody enables a node by hand: the exit asks, fights nobody, and goes on when it is told to', async () => {
  const begun = await leaving('0.2.8', 4637);
  expect(await admin('nodes/node1/enable')).toBe(200);
  await expect.poll(async () => (await begun.view(begun.id)).question, patience).toMatchObject({ code: 'node_enabled', nodes: ['node1'] });
  await begun.nextSet(true);
  expect((await begun.nodes())[0]).toMatchObject({ enabled: true });
  expect(mlRuns(begun)).toBe(true);
  await answerExit(begun.id, { answer: 'go-on', nodes: ['node1'] }, by);
  await expect.poll(async () => (await begun.nodes())[0]?.enabled, patience).toBe(false);
  await begun.nextSet();
  await ends(begun);
});

long('somebody adds a node: the exit asks, and waits', async () => {
  const begun = await leaving('0.2.8', 4638);
  const node = { id: 'node2', host: '10.9.8.7', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: { 'Qwen/Qwen2.5-7B-Instruct': { args: [] } } };
  expect(await admin('nodes', node)).toBe(200);
  await expect.poll(async () => (await begun.view(begun.id)).question, patience).toMatchObject({ code: 'node_added', nodes: ['node2'] });
  await answerExit(begun.id, { answer: 'go-on', nodes: ['node2'] }, by);
  await expect.poll(async () => (await begun.nodes()).every(({ enabled }) => !enabled), patience).toBe(true);
  await begun.nextSet();
  await ends(begun);
});

long('compose can do nothing with the files when the containers are to go: said with since when, longer than any number of tries, and the exit goes on', async () => {
  const begun = await leaving('0.2.8', 4645);
  const file = path.join(begun.dir, 'docker-compose.mlnode.yml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('    image: ', '    hostname: "${TAKEN_AWAY:?it is needed}"\n    image: '));
  await begun.nextSet();
  await expect.poll(async () => (await begun.view(begun.id)).failing, patience).toMatchObject({ since: expect.any(Number) });
  const { since = 0 } = (await begun.view(begun.id)).failing ?? {};
  // At a pace of 0.4 s at first: five tries are over long before.
  await expect.poll(() => Date.now() - since, patience).toBeGreaterThan(12_000);
  expect(await begun.view(begun.id)).toMatchObject({ state: 'running', stage: 'remove', failing: { since } });
  expect(mlRuns(begun)).toBe(true);
  writeFileSync(file, text);
  await ends(begun);
  expect((await begun.view(begun.id)).failing).toBeUndefined();
});

long('the reward is not claimed by itself: the exit asks the api to, and stops only when the chain has it', async () => {
  const begun = await leaving('0.2.4', 4639);
  begun.seed.change({ claims: { byHand: true } });
  await begun.nextSet();
  await ends(begun);
  expect(await begun.view(begun.id)).toMatchObject({ claim: { state: 'claimed' } });
});

it('a cancel enables again what the exit disabled, and nothing is wanted any more', async () => {
  const begun = await leaving('0.2.8', 4640);
  await cancelOperation(begun.id, by);
  await finished(begun.id);
  const over = await operation(begun.id);
  expect(over).toMatchObject({ state: 'cancelled' });
  expect(over?.steps.find(({ name }) => name === 'undo')).toMatchObject({ state: 'done', detail: { code: 'exit_undone', params: { nodes: 'node1' } } });
  expect(await begun.nodes()).toMatchObject([{ id: 'node1', enabled: true }]);
  expect(await intents(begun.dir)).toEqual([]);
  expect(mlRuns(begun)).toBe(true);
});
