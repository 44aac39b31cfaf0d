import os from 'node:os';
import type { VerifyNow } from '#components/onboarding/verify-data.ts';
import { accountKeyState } from '#lib/chain/account-key.ts';
import { clock } from '#lib/core/clock.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { collateralView } from '#lib/onboarding/collateral-view.ts';
import { outsideCheck, outsideUrl } from '#lib/onboarding/outside-check.ts';
import { verifyItems, waits } from '#lib/onboarding/verify-items.ts';
import { apiNodes } from '#lib/watch/api-nodes.ts';
import { mlNodesSay } from '#lib/watch/ml-node-says.ts';
import { collateralOf, networkSnapshot, ownPeering } from '#lib/watch/network-snapshot.ts';
import { deploymentNow } from '../../deployment-now.ts';

const ownAddresses = () => Object.values(os.networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));

/** The checks of the last step as they stand now. Changes nothing but the memory of a request that came from outside. */
export async function verifyNow(): Promise<VerifyNow> {
  const [{ deployment, error }, engine, network] = await Promise.all([deploymentNow(), engineWatch().snapshot(), networkSnapshot().catch(() => undefined)]);
  const now = clock.now();
  if (!deployment) return { at: now, items: [], ...(error ? { error } : {}) };
  const ours = engine.containers.filter(({ project, oneOff }) => project === deployment.project.name && !oneOff);
  const proxyName = deployment.services.find(({ role }) => role === 'proxy')?.name;
  const proxy = ours.find(({ service, state }) => service === proxyName && state === 'running');
  const publicUrl = deployment.values.PUBLIC_URL;
  const account = accountKeyState(deployment.values.ACCOUNT_PUBKEY);
  const [nodes, peering, deposit, outside] = await Promise.all([apiNodes(deployment), ownPeering(), account.state === 'ok' ? collateralOf(account.address) : undefined, proxy && publicUrl ? outsideCheck(deployment.dir, publicUrl, proxy, ownAddresses()) : undefined]);
  const saying = nodes.state === 'ok' && nodes.value ? await mlNodesSay(nodes.value.filter(waits), deployment, engine.containers) : undefined;
  const node = network?.ownNode.state === 'ok' ? network.ownNode : undefined;
  const count = node?.value?.peers;
  const items = verifyItems({ now, nodes, peering, ...(saying ? { saying } : {}), ...(count === undefined ? {} : { peers: { count, at: node?.at, source: node?.source } }), ...(outside ? { outside } : {}), ...(publicUrl ? { publicUrl } : {}) });
  const epoch = network?.epoch;
  const collateral = deposit && epoch?.value && collateralView(deposit, { epoch: epoch.value.epoch, active: network?.own.value?.active });
  return {
    at: now, items, ...(collateral ? { collateral } : {}),
    ...(outside && publicUrl ? { outsideUrl: outsideUrl(publicUrl, outside.token) } : {}),
    ...(deployment.values.SEED_API_URL ? { seedUrl: deployment.values.SEED_API_URL } : {}),
    ...(epoch ? { epoch: { state: epoch.state, ...(epoch.value ? { value: epoch.value } : {}), ...(epoch.at === undefined ? {} : { at: epoch.at }), ...(epoch.source ? { source: epoch.source } : {}), ...(epoch.error ? { error: epoch.error } : {}) } } : {}),
  };
}
