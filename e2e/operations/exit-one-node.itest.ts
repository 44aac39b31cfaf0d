/** One ML node of two leaves: the host stays in the set with the other one, and the ML services go only where nobody else needs them. */
import { afterEach, expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { resumeMaintenance } from '#lib/operations/exit/control.ts';
import { finished, operation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { by, docker, type ExitHost, openExitHost, patience } from './exit-host.ts';

const MODEL = 'Qwen/Qwen2.5-7B-Instruct';
let host: ExitHost | undefined;
afterEach(async () => {
  await host?.close();
  host = undefined;
});

/** A host with a second ML node at `address`, which stays and takes part in every PoC. */
async function withSecond(port: number, address: string, [inference, poc]: [number, number]): Promise<ExitHost> {
  const opened = await openExitHost({ release: '0.2.8', port });
  host = opened;
  const api = docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'api');
  const body = JSON.stringify({ id: 'node2', host: address, inference_port: inference, poc_port: poc, max_concurrent: 500, models: { [MODEL]: { args: [] } } });
  expect((await fetch(`http://${api}:9200/admin/v1/nodes`, { method: 'POST', body, signal: AbortSignal.timeout(5_000) })).status).toBe(200);
  return opened;
}
async function nextSetWithSecond({ seed, address, epoch, nextSet }: ExitHost): Promise<void> {
  seed.reportParticipation({ address, epoch: epoch() + 1, nodes: [{ id: 'node2', model: MODEL }] });
  await nextSet();
}
const startedAt = (service: string) => docker('inspect', '-f', '{{.Id}} {{.State.StartedAt}}', docker('ps', '-q', '--filter', `label=com.docker.compose.service=${service}`));
const removal = async (params: { scope: 'ml-node'; node: string }) => (await previewOperation({ kind: 'safe-exit', params })).commands?.some((argv) => argv.includes('rm'));

it('the other node is on another machine: the ML services of this one are removed, and the network node runs on', async () => {
  const one = await withSecond(4642, '10.9.8.7', [5000, 8080]);
  const params = { scope: 'ml-node', node: 'node1' } as const;
  const unknown = await one.start('safe-exit', { scope: 'ml-node', node: 'node9' }).catch((error: unknown) => error);
  expect(isPanelError(unknown) && unknown.code).toBe('exit_node_unknown');
  expect(await removal(params)).toBe(true);
  const id = await one.start('safe-exit', params);
  await one.stage(id, 'set');
  expect(await one.nodes()).toMatchObject([{ id: 'node1', enabled: false }, { id: 'node2', enabled: true }]);
  await nextSetWithSecond(one);
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  const { 'mlnode-308': ml, inference, ...rest } = one.containers();
  expect([ml, inference, rest.node, rest.api]).toEqual([undefined, undefined, 'running', 'running']);
  expect(await one.nodes()).toMatchObject([{ id: 'node1', enabled: false }, { id: 'node2', enabled: true }]);
  // The host itself is in the set: what proves it is of this node, by two places.
  const { proven } = await one.view(id);
  expect(proven?.witnesses).toMatchObject([{ kind: 'participants', says: 'out', weight: 0 }, { kind: 'participants', says: 'out', weight: 0 }]);
  expect(new Set(proven?.witnesses.map(({ place }) => place)).size).toBe(2);
  // The stop record counts the weight of the whole host; that of this node was gone.
  expect(one.record.stops.every(({ service }) => service === 'mlnode-308' || service === 'inference')).toBe(true);
  one.record.stops.splice(0);
}, 300_000);

it('the other node runs on the same services: they stay as they are, through the maintenance of the one and its way back', async () => {
  const one = await withSecond(4643, 'inference', [5001, 8081]);
  const params = { scope: 'ml-node', node: 'node1' } as const;
  expect(await removal(params)).toBe(false);
  const before = startedAt('inference');
  const id = await one.start('maintenance', params);
  await one.stage(id, 'set');
  await nextSetWithSecond(one);
  await expect.poll(async () => (await one.view(id)).mayResume, patience).toBe(true);
  expect((await operation(id))?.steps.find(({ name }) => name === 'remove-ml')).toMatchObject({ state: 'skipped', detail: { code: 'exit_ml_shared', params: { others: 'node2' } } });
  expect(await one.view(id)).toMatchObject({ takenDown: false });
  await resumeMaintenance(id, by);
  await expect.poll(async () => (await one.nodes()).map(({ enabled }) => enabled), patience).toEqual([true, true]);
  await one.nextSet(true);
  await finished(id);
  expect(await operation(id)).toMatchObject({ state: 'succeeded' });
  expect((await one.view(id)).back).toMatchObject({ weight: expect.any(Number) });
  expect(startedAt('inference')).toBe(before);
  expect(one.record.stops).toEqual([]);
}, 300_000);
