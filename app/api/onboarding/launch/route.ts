import type { LaunchNow } from '#components/onboarding/launch-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { accountKeyState } from '#lib/chain/account-key.ts';
import { clock } from '#lib/core/clock.ts';
import { redact } from '#lib/core/redact.ts';
import type { Container } from '#lib/docker/client.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { lastLines } from '#lib/docker/last-lines.ts';
import { serviceReadiness, type HostFacts, type ServiceFacts } from '#lib/onboarding/service-readiness.ts';
import { knownProblems } from '#lib/watch/known-problems.ts';
import { mlContainerSays } from '#lib/watch/ml-node-says.ts';
import { apiAccount, networkSnapshot } from '#lib/watch/network-snapshot.ts';
import { serviceHealth, type ServiceHealth, type ServiceRole } from '#lib/watch/service-health.ts';
import { answer } from '../../operations/answer.ts';
import { deploymentNow } from '../../deployment-now.ts';

/** Of a loop the last ends, of a service that goes on the lines since its start. */
const TAIL = 300;

/** Whether each active service does its work, and what its log says where it doesn't. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(launchNow);
}

async function launchNow(): Promise<LaunchNow> {
  const [{ deployment, error }, snapshot, network, account] = await Promise.all([deploymentNow(), engineWatch().snapshot(), networkSnapshot().catch(() => undefined), apiAccount().catch(() => undefined)]);
  const now = clock.now();
  const { engine, at } = snapshot;
  if (!deployment || engine.state !== 'ok') return { at: now, services: [], ...(error ? { error } : {}), ...(engine.state === 'ok' ? {} : { engineError: { code: `engine_${engine.state}`, params: { socket: engine.socket, detail: engine.detail } } }) };
  const ours = accountKeyState(deployment.values.ACCOUNT_PUBKEY);
  const accounts = account?.state === 'ok' && account.value && ours.state === 'ok' ? { accounts: { api: account.value, ours: ours.address } } : {};
  const host: HostFacts = { now, ...accounts, engine: { at, source: `Docker ${engine.version}` }, node: network?.ownNode ?? { state: 'unknown' }, api: network?.ownApi ?? { state: 'unknown' } };
  const containers = snapshot.containers.filter(({ project, oneOff }) => project === deployment.project.name && !oneOff);
  const services = await Promise.all(deployment.services.filter(({ active }) => active).map(async ({ name, role }) => {
    const own = containers.filter(({ service }) => service === name);
    const container = own.find(({ state }) => state === 'running') ?? own[0];
    const facts = factsOf({ name, role }, container, now);
    const seen = serviceReadiness(facts, host);
    // What answers for itself needs no log.
    if (!container || (seen.state === 'ready' && (role === 'node' || role === 'api'))) return seen;
    const [problems, said] = await Promise.all([problemsOf(role, container, facts.health), role === 'mlnode' ? mlContainerSays(container) : undefined]);
    return serviceReadiness({ ...facts, problems, ...(said ? { said } : {}) }, host);
  }));
  return { at: now, services };
}

function factsOf({ name, role }: { name: string; role: ServiceRole }, container: Container | undefined, now: number): ServiceFacts {
  const startedAt = Date.parse(container?.startedAt ?? '');
  return {
    name, role, health: serviceHealth(container, now), restarts: container?.restartCount ?? 0, problems: [], checked: container?.health === 'healthy',
    ...(container?.exitCode === undefined ? {} : { exitCode: container.exitCode }), ...(container?.error ? { refused: redact(container.error) } : {}), ...(Number.isFinite(startedAt) ? { startedAt } : {}),
  };
}

async function problemsOf(role: ServiceRole, container: Container, health: ServiceHealth) {
  const goesOn = container.state === 'running' && health !== 'crash-looping';
  return knownProblems(role, await lastLines(container, { tail: TAIL, ...(goesOn ? { since: Date.parse(container.startedAt ?? '') || undefined } : {}) }));
}
