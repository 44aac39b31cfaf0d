import os from 'node:os';
import type { ExitView, LeavingNow } from '#components/leave/leave-data.ts';
import type { Overview, OverviewService } from '#components/overview/overview-data.ts';
import { rawAnswer, serviceWords } from '#components/services/service-words.ts';
import { rawState } from '#components/services/container-state.ts';
import type { ServiceContainer, Witness } from '#components/services/services-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import type { Container } from '#lib/docker/client.ts';
import { engineWatch, type EngineSnapshot } from '#lib/docker/engine-watch.ts';
import { lastExit } from '#lib/operations/exit/control.ts';
import { isOver } from '#lib/operations/schema.ts';
import { listOperations } from '#lib/operations/store.ts';
import type { HostPicture } from '#lib/watch/host-picture.ts';
import { needsYou } from '#lib/watch/needs-you.ts';
import { networkSnapshot, type NetworkSnapshot } from '#lib/watch/network-snapshot.ts';
import { verdict } from '#lib/watch/verdict.ts';
import { mlNodesNow } from '../ml-nodes/ml-nodes-now.ts';
import { permissionsNow } from '../onboarding/permissions-now.ts';

const SHOWN_OPERATIONS = 5;
/** What a host can't do without first. */
const ORDER = ['tmkms', 'node', 'api', 'mlnode', 'inference', 'proxy', 'explorer', 'other'];

/** Everything the overview shows. Each part is read by itself: an engine, seed or database that fails leaves the others standing. */
export async function GET(): Promise<Response> {
  await requireSession();
  const [deployment, snapshot, network, exit, operations] = await Promise.all([part(currentDeployment()), part(engineWatch().snapshot()), part(networkSnapshot()), part(lastExit()), part(listOperations({ limit: SHOWN_OPERATIONS }))]);
  const now = clock.now();
  const engine = snapshot.ok ? snapshot.value.engine : { state: 'unknown' as const };
  const known = deployment.ok ? deployment.value : undefined;
  const services = known && snapshot.ok ? judged(known, snapshot.value, now, network.ok ? { node: network.value.ownNode, api: network.value.ownApi } : undefined) : [];
  const permissions = known && network.ok ? await part(ownPermissions(known, network.value)) : undefined;
  const mlNodes = known ? await part(mlNodesNow(known)) : undefined;
  const last = operations.ok ? operations.value.operations[0] : undefined;
  const picture: HostPicture = {
    now,
    deployment: !deployment.ok ? { state: 'unknown', error: deployment.error } : known ? { state: 'ok', release: known.release, problems: known.problems } : { state: 'absent' },
    engine,
    services: known?.services.filter((service) => service.active) ?? [],
    containers: known && snapshot.ok ? snapshot.value.containers.filter((container) => container.project === known.project.name) : [],
    network: network.ok ? network.value : undefined,
    ...(permissions?.ok && permissions.value ? { permissions: permissions.value } : {}),
    ...(mlNodes?.ok && mlNodes.value ? { mlNodes: mlNodes.value } : {}),
    lastOperation: last && { id: last.id, kind: last.kind, target: last.target, state: last.state, endedAt: last.endedAt },
  };
  const body: Overview = {
    at: now,
    host: os.hostname(),
    release: known?.release,
    deployment: !deployment.ok ? { state: 'unknown', error: deployment.error } : known ? { state: 'ok', dir: known.dir } : { state: 'absent' },
    services: {
      state: engine.state === 'ok' && deployment.ok ? 'ok' : 'unknown',
      at: snapshot.ok ? snapshot.value.at : undefined,
      source: engine.state === 'ok' ? `Docker ${engine.version}` : undefined,
      list: services,
      error: engine.state !== 'ok' ? { code: engine.state === 'unknown' ? 'engine_error' : `engine_${engine.state}`, params: { socket: 'socket' in engine ? engine.socket : '', detail: 'detail' in engine ? engine.detail : '' } } : deployment.ok ? undefined : deployment.error,
    },
    network: network.ok ? { epoch: network.value.epoch, own: network.value.own, ownNode: network.value.ownNode, seeds: network.value.seeds } : undefined,
    verdict: verdict(picture),
    leaving: exit.ok && exit.value && !isOver(exit.value.state) ? leavingNow(exit.value) : undefined,
    needs: needsYou(picture),
    operations: operations.ok
      ? { state: 'ok', list: operations.value.operations.map(({ id, kind, target, state, startedBy, createdAt, reason, error }) => ({ id, kind, target, state, user: startedBy, at: createdAt, reason, error })) }
      : { state: 'unknown', list: [] },
  };
  return Response.json(body);
}

/** By the own node only: an open overview must not use up what a minute leaves for the seeds. */
async function ownPermissions(known: Known, { ownNode }: NetworkSnapshot) {
  return ownNode.state === 'ok' && ownNode.value?.synced ? (await permissionsNow(known)).read : undefined;
}

const leavingNow = ({ id, kind, params, state, stage, waits, failing, question, mayResume, at }: ExitView): LeavingNow => ({ id, kind, params, state, stage, waits, failing, question, mayResume, at });

type Part<T> = { ok: true; value: T } | { ok: false; error: { code: string; params?: Record<string, string | number> } };

async function part<T>(work: Promise<T>): Promise<Part<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    if (isPanelError(error)) return { ok: false, error: { code: error.code, params: error.params } };
    log.error({ err: error }, 'a part of the overview failed');
    return { ok: false, error: { code: 'unexpected', params: {} } };
  }
}

type Known = NonNullable<Awaited<ReturnType<typeof currentDeployment>>>;

function judged(deployment: Known, snapshot: EngineSnapshot, now: number, witness: Witness | undefined): OverviewService[] {
  const ours = snapshot.containers.filter((container) => container.project === deployment.project.name && !container.oneOff);
  const engineKnown = snapshot.engine.state === 'ok';
  const services = deployment.services.toSorted((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || a.name.localeCompare(b.name));
  return services.flatMap(({ name, role, group, image, active }): OverviewService[] => {
    const container = newest(ours.filter((each) => each.service === name));
    if (!active && !container) return []; // of a profile that isn't used here
    const seen = container && shown(container);
    const { state, word, params, since } = serviceWords(role, seen, now, engineKnown, witness);
    return [{
      name, role, group, image: container?.image ?? image, state, word, params, since, restarts: container?.restartCount ?? 0,
      raw: [rawState(seen), rawAnswer(role, witness)].filter(Boolean).join('\n') || undefined,
    }];
  });
}

/** While a container is being recreated there are two: the running one counts. */
function newest(containers: Container[]): Container | undefined {
  return containers.toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running') || (b.startedAt ?? '').localeCompare(a.startedAt ?? ''))[0];
}

function shown(container: Container): ServiceContainer {
  const { restartCount, ...rest } = container;
  return { ...rest, restarts: restartCount };
}
