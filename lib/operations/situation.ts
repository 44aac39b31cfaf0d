import { PanelError } from '#lib/core/errors.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import type { Deployment, DeploymentService } from '#lib/deployment/schema.ts';
import type { Container } from '#lib/docker/client.ts';
import { composeCommand, serviceOperands } from '#lib/docker/compose.ts';
import { wouldRecreate } from '#lib/operations/lifecycle/compose-plan.ts';
import { applyArgs, pendingServices } from '#lib/operations/config/pending.ts';
import { isLeftOver } from './left-overs.ts';
import { imageId } from '#lib/docker/local-image.ts';
import { type Change, type FileKind, isFileKind, isGroup, type Kind, targetOf } from './schema.ts';
import { type Affected, serviceContainers, type Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { servicesOf } from '#lib/operations/lifecycle/service-group.ts';
import { downPlan, refuseUnnamedMl } from '#lib/operations/lifecycle/take-down-plan.ts';
import { WORK_PLANS } from './work-plans.ts';

export { inWords } from '#lib/operations/lifecycle/container-words.ts';
export { type Affected, currentContainers, serviceContainers, type Situation } from '#lib/operations/lifecycle/service-containers.ts';

const CHAIN_ROLES: readonly string[] = ['tmkms', 'node'];

/** The deployment that is managed. Throws operation_no_deployment. */
export async function deployment(): Promise<Deployment> {
  const found = await currentDeployment();
  if (!found) throw new PanelError('operation_no_deployment', {}, { status: 409 });
  return found;
}

/** The same for what is about to act by it: a reading that is shared may be older than the file that was changed before the click. */
export async function deploymentAnew(): Promise<Deployment> {
  forgetDeployment();
  return deployment();
}

function chosen(kind: Kind, target: string | undefined, of: Deployment): DeploymentService[] {
  const enabled = of.services.filter((s) => s.active);
  const wanted = targetOf(kind);
  if (wanted === 'chain' || wanted === 'all') {
    const chain = enabled.filter((s) => CHAIN_ROLES.includes(s.role)).sort((a, b) => CHAIN_ROLES.indexOf(a.role) - CHAIN_ROLES.indexOf(b.role));
    for (const role of CHAIN_ROLES) {
      if (!chain.some((s) => s.role === role)) throw new PanelError('operation_no_chain_service', { role, dir: of.dir }, { status: 409 });
    }
    return wanted === 'chain' ? chain : [...chain, ...enabled.filter((s) => !chain.includes(s))];
  }
  const services = servicesOf(target, of).filter((s) => s.active);
  if (services.length === 0) throw new PanelError('service_unknown', { service: target ?? '' }, { status: 404 });
  return services;
}

const runs = (container: Container) => ['running', 'restarting', 'paused'].includes(container.state);

function change(kind: Kind, container: Container | undefined, replaced: boolean): Change {
  if (kind === 'stop') return container && runs(container) ? 'stop' : 'none';
  if (!container) return 'create';
  if (kind === 'recreate' || replaced) return 'recreate';
  if (!runs(container)) return 'start';
  return kind === 'restart' ? 'restart' : 'none';
}

/** Which containers a launch would replace: what it replaces while it runs is an interruption like any other. */
async function replacedByLaunch(of: Deployment, found: { container?: Container; image?: string }[], upArgs: string[]): Promise<(container: Container) => boolean> {
  const present = found.filter((f) => f.container);
  if (!present.length) return () => false;
  // An image that is gone is pulled, and comes back as another one.
  if (found.some((f) => !f.image)) return () => true;
  const names = await wouldRecreate(of.project, upArgs);
  return (container) => names.has(container.name);
}

/**
 * What is there now and what the operation would change. `plan` false: without compose's dry run (half a second), for
 * those who only look at containers. `row`: what the operation's row says besides (services of an apply-config, params).
 * Throws service_unknown, operation_no_chain_service, engine_*, compose_*.
 */
export async function situation(kind: Kind, target: string | undefined, of: Deployment, plan = true, row: { config?: { services: string[] }; params?: unknown } = {}): Promise<Situation> {
  if (isFileKind(kind)) return fileSituation(kind, target, of, row.config?.services ?? [], plan);
  if (targetOf(kind) === 'none') return (await WORK_PLANS[kind]?.(of, row.params)) ?? { deployment: of, affected: [], command: [] };
  if (kind === 'down') {
    if (target === '@ml') await refuseUnnamedMl(of);
    return downPlan(of, target);
  }
  if (kind === 'pull') return pullSituation(of, chosen(kind, target, of));
  const services = chosen(kind, target, of);
  const [containers, images] = await Promise.all([serviceContainers(of), Promise.all(services.map((s) => imageId(s.image)))]);
  const all = targetOf(kind) === 'all';
  const group = isGroup(target ?? '');
  const upArgs = (flags: string[]) => ['up', '-d', '--no-deps', ...flags, ...serviceOperands(services.map((s) => s.name))];
  // The containers of a group that are there are started as they are; one service's by the engine.
  const composeArgs = all ? ['up', '-d'] : upArgs(kind === 'recreate' ? ['--force-recreate'] : kind === 'start' && group ? ['--no-recreate'] : []);
  const found = services.map((service, i) => {
    const [container, ...others] = containers.get(service.name) ?? [];
    return { service, container, others, image: images[i] };
  });
  const replaced = plan && (all || kind === 'launch-chain' || kind === 'up') ? await replacedByLaunch(of, found, composeArgs) : () => false;
  const affected = found.map((one): Affected => ({ ...one, change: change(kind, one.container, one.container !== undefined && replaced(one.container)) }));
  if (group && (kind === 'stop' || kind === 'restart')) return keptGroup(of, kind, affected);
  const first = group ? undefined : affected[0];
  // One container that exists is the engine's business; whatever creates one, or tidies up what a cut-off recreate left, is compose's.
  const clear = first?.container && (runs(first.container) || (!first.others.length && !isLeftOver(first.container)));
  if (first?.container && (kind === 'stop' || (clear && (kind === 'start' || kind === 'restart')))) return { deployment: of, affected, command: ['docker', kind, first.container.name] };
  if (kind === 'stop') return { deployment: of, affected, command: ['docker', 'stop', first?.service.containerName ?? first?.service.name ?? ''] };
  return { deployment: of, affected, composeArgs, pullArgs: pullOf(affected), command: composeCommand(of.project, composeArgs) };
}

/** Those of a group that have a container, in the order of their dependencies by compose. */
function keptGroup(of: Deployment, kind: 'stop' | 'restart', all: Affected[]): Situation {
  const affected = all.filter((one) => one.container);
  const names = affected.filter((one) => one.change !== 'none').map((one) => one.service.name);
  // Without a name it would mean every service.
  if (names.length === 0) return { deployment: of, affected, command: [] };
  const composeArgs = [kind, ...(kind === 'restart' ? ['--no-deps'] : []), ...serviceOperands(names)];
  return { deployment: of, affected, composeArgs, command: composeCommand(of.project, composeArgs) };
}

/** Touches no container: each keeps its image until it is recreated. */
function pullSituation(of: Deployment, services: DeploymentService[]): Situation {
  const composeArgs = ['pull', ...serviceOperands(services.map((one) => one.name))];
  return { deployment: of, affected: [], composeArgs, command: composeCommand(of.project, composeArgs), notes: ['pull_only'] };
}

/** The pull that goes before, when images are missing. */
function pullOf(affected: Affected[]): string[] | undefined {
  const missing = affected.filter((a) => !a.image).map((a) => a.service.name);
  return missing.length ? ['pull', ...serviceOperands(missing)] : undefined;
}

/** A save touches no container; applying replaces those of the named services that exist, and makes none. */
async function fileSituation(kind: FileKind, target: string | undefined, of: Deployment, names: string[], plan: boolean): Promise<Situation> {
  if (kind === 'save-config' || names.length === 0) return { deployment: of, affected: [], command: [] };
  const containers = await serviceContainers(of);
  const services = of.services.filter((one) => names.includes(one.name) && containers.has(one.name));
  if (services.length === 0) return { deployment: of, affected: [], command: [] };
  const current = new Map([...containers].map(([name, [one]]) => [name, one]));
  const pending = plan ? await pendingServices(target, of, services.map((one) => one.name), current) : new Set(names);
  const images = await Promise.all(services.map((one) => imageId(one.image)));
  const affected = services.map((service, i): Affected => {
    const [container, ...others] = containers.get(service.name) as [Container, ...Container[]];
    return { service, container, others, image: images[i], change: pending.has(service.name) ? 'recreate' : runs(container) ? 'none' : 'start' };
  });
  const composeArgs = applyArgs(target, services.map((one) => one.name));
  return { deployment: of, affected, composeArgs, pullArgs: pullOf(affected), command: composeCommand(of.project, composeArgs) };
}
