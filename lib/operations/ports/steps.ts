import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { PanelError } from '#lib/core/errors.ts';
import { isInnerAddress, LOOPBACK } from '#lib/deployment/internal-ports.ts';
import { isPortFile, putPortFile, readPortFile } from '#lib/deployment/port-files.ts';
import { checkPortOverrides } from '#lib/deployment/port-overrides.ts';
import { engineState, listContainers } from '#lib/docker/client.ts';
import { countLines } from '#lib/docker/count-lines.ts';
import { composeVersion } from '#lib/docker/compose.ts';
import { isAtLeast, OVERRIDE_SINCE } from '#lib/docker/compose-version.ts';
import { hostAddresses } from '#lib/host/host-addresses.ts';
import { seesHostNetwork } from '#lib/host/host-network.ts';
import { listeners } from '#lib/host/listeners.ts';
import { bindsThere, deploymentSound, pullMissing } from '#lib/operations/lifecycle/compose-steps.ts';
import { strayListeners } from './listeners.ts';
import { PORT_UP, portPlan } from './plan.ts';
import type { PortParams } from './params.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import { awaitRunning } from '#lib/operations/lifecycle/settle.ts';
import { currentContainers } from '#lib/operations/situation.ts';

/** How long Docker may take to let go of the old listeners (ms). */
const PATIENCE = 15_000;

const paramsOf = (run: RunContext): PortParams => run.params as PortParams;

/** What is to be done, as long as it is what was on the screen. Throws ports_plan_changed. */
async function plan(run: RunContext) {
  const params = paramsOf(run);
  const found = await portPlan(run.deployment, params.address);
  const more = found.services.find((name) => !params.services.includes(name));
  if (more || !isDeepStrictEqual(found.params.files, params.files)) throw new PanelError('ports_plan_changed', { service: more ?? '-' }, { status: 409 });
  return found;
}

const version: Step = {
  name: 'compose-version',
  async run(run): Promise<StepResult> {
    const state = await engineState();
    if (state.state !== 'ok') throw new PanelError(`engine_${state.state}`, { socket: state.socket, detail: state.detail }, { status: 503 });
    const compose = await composeVersion(run.deployment.project.dir);
    if (!compose) throw new PanelError('compose_absent', {}, { status: 503 });
    if (paramsOf(run).address && !isAtLeast(compose, OVERRIDE_SINCE)) throw new PanelError('ports_compose_old', { version: compose, least: OVERRIDE_SINCE }, { status: 409 });
    return { evidence: { code: 'engine', params: { engine: state.version, compose } } };
  },
};

const look: Step = {
  name: 'ports-look',
  async run(run): Promise<StepResult> {
    const { address } = paramsOf(run);
    if (address && address !== LOOPBACK) {
      const known = await hostAddresses(isInnerAddress);
      if (known && !known.some((one) => one.address === address)) throw new PanelError('ports_address_absent', { address, known: known.map((one) => one.address).join(', ') || LOOPBACK }, { status: 409 });
    }
    const { overrides, services } = await plan(run);
    for (const { name } of overrides.files) await readPortFile(run.deployment.dir, name);
    const ports = overrides.bindings.map((one) => `${one.service} ${one.published || one.container} → ${one.to}`).join(', ');
    return { evidence: { code: 'ports_found', params: { ports: ports || '-', count: overrides.bindings.length, services: services.join(', ') || '-' } } };
  },
};

/** Before anything is in its place: compose takes the files from elsewhere, and says what it would make of them. */
const check: Step = {
  name: 'ports-check',
  async run(run): Promise<StepResult> {
    const { overrides, project } = await plan(run);
    const aside = await mkdtemp(path.join(tmpdir(), 'gonka-panel-ports-'));
    try {
      for (const { name, text } of overrides.files) if (text) await writeFile(path.join(aside, name), text);
      await checkPortOverrides(run.deployment, { ...project, files: project.files.map((name) => (isPortFile(name) ? path.join(aside, name) : name)) }, overrides);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return { evidence: { code: 'ports_accepted', params: { count: overrides.bindings.length } } };
  },
};

const write: Step = {
  name: 'ports-write',
  async run(run): Promise<StepResult> {
    const { overrides } = await plan(run);
    const { dir } = run.deployment;
    const before = await Promise.all(overrides.files.map(async ({ name }) => ({ name, ...(await readPortFile(dir, name)) })));
    const changed: string[] = [];
    try {
      for (const [i, { name, text }] of overrides.files.entries()) if (await putPortFile(dir, name, text, before[i]?.version ?? 'absent')) changed.push(name);
      await run.readAgain();
      await checkPortOverrides(run.deployment, run.deployment.project, overrides);
    } catch (error) {
      // The deployment stays as it was.
      for (const { name, text } of before) await readPortFile(dir, name).then((now) => putPortFile(dir, name, text, now.version)).catch(() => undefined);
      await run.readAgain().catch(() => undefined);
      throw error;
    }
    const files = overrides.files.flatMap(({ name, text }) => (text ? [name] : [])).join(', ');
    return { skipped: changed.length === 0, evidence: { code: files ? 'ports_written' : 'ports_no_files', params: { files: files || '-' } } };
  },
};

/** Every request stands in the api's log (facts 4); this one is answered with the keyring password (measured 14). Neither the panel nor the ML nodes ask it. */
export const CONFIG_ASKED = /Received request.*path=\S*\/admin\/v1\/config(?![\w/])/;

/** The log goes with the container: whether somebody has read the configuration is looked for before it is replaced. */
const reached: Step = {
  name: 'ports-reached',
  async run(run): Promise<StepResult> {
    const { overrides, services } = await plan(run);
    const open = overrides.bindings.find(({ service, container }) => container === 9200 && services.includes(service));
    const container = open && (await currentContainers(run.deployment)).get(open.service);
    if (!container) return { skipped: true, evidence: { code: 'ports_reached_not_asked', params: {} } };
    const found = await countLines(container.id, CONFIG_ASKED, run.signal);
    if (!found) return { skipped: true, evidence: { code: 'ports_reached_unknown', params: {} } };
    return { evidence: { code: 'ports_reached', params: { count: found.count, since: found.first ?? '-', last: found.last ?? '-', whole: found.whole ? 'yes' : 'no' } } };
  },
};

const recreate: Step = {
  name: 'recreate',
  async run(run): Promise<StepResult> {
    const [{ services }, containers] = await Promise.all([plan(run), currentContainers(run.deployment)]);
    const present = paramsOf(run).services.filter((name) => containers.has(name));
    // A recreate that was cut off leaves a container that is new and doesn't run.
    const left = present.filter((name) => services.includes(name) || containers.get(name)?.state !== 'running');
    if (left.length === 0) return { skipped: true, evidence: present.length > 0 ? { code: 'ports_applied', params: { services: present.join(', ') } } : { code: 'ports_no_container', params: {} } };
    return { exitCode: await run.compose(PORT_UP(left)), evidence: { code: 'config_recreated', params: { services: left.join(', ') } } };
  },
};

const runs: Step = {
  name: 'verify-running',
  async run(run): Promise<StepResult> {
    const containers = await currentContainers(run.deployment);
    const wanted = paramsOf(run).services.filter((name) => containers.has(name));
    return wanted.length > 0 ? awaitRunning(run, wanted) : { skipped: true, evidence: { code: 'ports_no_container', params: {} } };
  },
};

/** Neither the files nor the exit code prove it: what the kernel and Docker say now does. */
const heard: Step = {
  name: 'ports-listeners',
  async run(run): Promise<StepResult> {
    const { overrides } = await plan(run);
    const sees = await seesHostNetwork();
    for (let waited = 0; ; waited += 500) {
      const containers = await listContainers({ project: run.deployment.project.name });
      const { stray, listening } = strayListeners(overrides.internal, containers, sees ? await listeners() : undefined);
      if (stray.length === 0) {
        if (!containers.some(({ state, service }) => state === 'running' && overrides.internal.some((one) => one.service === service))) return { skipped: true, evidence: { code: 'ports_no_container', params: {} } };
        // Docker can forward without a listening program (userland-proxy off); from a container the host's aren't seen.
        return { evidence: listening.length > 0 ? { code: 'ports_listening', params: { addresses: listening.join(', ') } } : { code: 'ports_published', params: { addresses: [...new Set(overrides.internal.map((one) => `${one.address || '*'}:${one.published}`))].join(', ') } } };
      }
      if (waited >= PATIENCE) throw new PanelError('ports_still_open', { addresses: stray.join(', ') }, { status: 502 });
      await run.wait(500);
    }
  },
};

const BEFORE = [version, look, check, write, deploymentSound, pullMissing, bindsThere];

/** Binding internal ports to an address that the internet doesn't reach (product S2), and taking that back. */
export const PORTS: Record<'close-ports' | 'open-ports', Procedure> = {
  'close-ports': { steps: [...BEFORE, reached, recreate, runs, heard] },
  'open-ports': { steps: [...BEFORE, recreate, runs] },
};
