import type { OnboardingNow } from '#components/onboarding/onboarding-data.ts';
import { clock } from '#lib/core/clock.ts';
import { accountKeyState } from '#lib/chain/account-key.ts';
import { configNow } from '#lib/deployment/config-now.ts';
import { readConfigFile } from '#lib/deployment/config-file.ts';
import { discoverDeployments } from '#lib/deployment/discovery.ts';
import { parseNodeConfig } from '#lib/deployment/node-config.ts';
import { operationalKeyAddress } from '#lib/deployment/operational-key-address.ts';
import { operationalKeyFile } from '#lib/deployment/operational-key-file.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { weightsPlace } from '#lib/deployment/weights-place.ts';
import { engineWatch, type EngineSnapshot } from '#lib/docker/engine-watch.ts';
import { wantedImages } from '#lib/operations/downloads/images-to-pull.ts';
import { type StepFacts, stepFindings } from '#lib/onboarding/step-findings.ts';
import { STEPS } from '#lib/onboarding/schema.ts';
import { isFinished, landingStep, stepStates } from '#lib/onboarding/steps.ts';
import { unknownSince } from '#lib/onboarding/unknown-since.ts';
import type { NetworkSnapshot } from '#lib/watch/network-readings.ts';
import { apiAccount, networkSnapshot } from '#lib/watch/network-snapshot.ts';
import { containerOf, serviceHealth } from '#lib/watch/service-health.ts';
import { deploymentNow } from '../deployment-now.ts';
import { permissionsNow } from './permissions-now.ts';
import { configuredModels } from './configured-models.ts';
import { prerequisitesNow } from './prerequisites-now.ts';
import { weightsShown } from './weights-shown.ts';

/** How far this host is, from evidence alone: files, containers, chain. `again` measures the machine anew. Changes nothing. */
export async function onboardingNow(again = false): Promise<OnboardingNow> {
  const [{ deployment, error }, engine, network] = await Promise.all([deploymentNow(), engineWatch().snapshot(), networkSnapshot().catch(() => undefined)]);
  const [prerequisites, config, images, weights, operationalKey, permissions, ofApi] = await Promise.all([prerequisitesNow({ deployment, engine, network, again }), deployment && configFacts(deployment), deployment && engine.engine.state === 'ok' ? imagesHere(deployment) : undefined, deployment && weightsHere(deployment), deployment && operationalKeyNow(deployment), deployment && permissionsNow(deployment), network?.ownApi.state === 'ok' ? apiAccount() : undefined]);
  const now = clock.now();
  const account = accountKeyState(deployment?.values.ACCOUNT_PUBKEY);
  const facts: StepFacts = {
    now, rows: prerequisites.rows,
    deployment: deployment ? { state: 'ok', dir: deployment.dir, ...(deployment.release ? { release: deployment.release } : {}), problems: deployment.problems } : error ? { state: 'unknown', error } : { state: 'absent', found: await foundHere() },
    ...(account.state === 'ok' ? { account: { address: account.address } } : {}), ...(operationalKey ? { operationalKey } : {}), ...(permissions ? { permissions } : {}), ...(ofApi ? { apiAccount: ofApi } : {}), ...(config ? { config } : {}), ...(images ? { images } : {}), ...(weights ? { weights } : {}),
    ...(deployment?.values.PUBLIC_URL ? { publicUrl: deployment.values.PUBLIC_URL } : {}),
    engine: { ok: engine.engine.state === 'ok', at: engine.at, source: engine.engine.state === 'ok' ? `Docker ${engine.engine.version}` : engine.engine.socket, ...(engine.engine.state === 'ok' ? {} : { error: { code: `engine_${engine.engine.state}`, params: { socket: engine.engine.socket, detail: engine.engine.detail } } }) },
    services: deployment ? health(deployment, engine, now) : [],
    ...chainFacts(network),
  };
  const findings = stepFindings(facts);
  const steps = stepStates(findings, unknownSince(STEPS.filter((name) => findings[name].state === 'unknown'), now));
  return { at: now, steps, landing: landingStep(steps), finished: isFinished(steps), rows: prerequisites.rows, measuredAt: prerequisites.at };
}

/** What could be chosen: asked only while nothing is. */
const foundHere = async (): Promise<string[]> => (await discoverDeployments()).filter(({ problem }) => !problem).map(({ dir }) => dir);

function chainFacts(network: NetworkSnapshot | undefined): Pick<StepFacts, 'node' | 'own' | 'api' | 'epoch' | 'set'> {
  if (!network) return { node: { state: 'unknown' }, own: { state: 'unknown' }, api: { state: 'unknown' }, epoch: { state: 'unknown' }, set: { state: 'unknown' } };
  const { epoch, participants } = network;
  return {
    node: network.ownNode, own: network.own, api: network.ownApi,
    epoch: { ...epoch, value: epoch.value && { epoch: epoch.value.epoch, nextPocStart: epoch.value.stages.nextPocStart } },
    set: { ...participants, value: participants.value && { epoch: participants.value.epoch } },
  };
}

async function operationalKeyNow(deployment: Deployment): Promise<StepFacts['operationalKey']> {
  const [file, address] = await Promise.all([operationalKeyFile(deployment), operationalKeyAddress(deployment)]);
  return { ...file, ...(address.state === 'known' && address.by === 'keyring' ? { address: address.address } : {}) };
}

async function configFacts(deployment: Deployment): Promise<NonNullable<StepFacts['config']>> {
  const [env, nodes] = await Promise.all([configNow(deployment), readConfigFile(deployment.dir, 'node-config.json').then(({ text }) => text, () => null)]);
  const parsed = typeof nodes === 'string' ? parseNodeConfig(nodes) : undefined;
  const broken = parsed && (parsed.nodes.length === 0 || parsed.problems.some(({ level }) => level === 'broken'));
  return {
    present: env.version !== 'absent',
    problems: [...env.problems, ...env.rows.flatMap((row) => row.problems)],
    ...(env.error ? { error: env.error } : {}),
    nodes: nodes === null ? 'unknown' : !parsed ? 'missing' : broken ? 'broken' : 'ok',
    nodeCount: parsed?.nodes.length ?? 0,
  };
}

/** Undefined when the engine fails in the middle. */
async function imagesHere(deployment: Deployment): Promise<StepFacts['images']> {
  return wantedImages(deployment).then((all) => all.map(({ image, here, fits }) => ({ image, here: here !== undefined, fits })), () => undefined);
}

async function weightsHere(deployment: Deployment): Promise<StepFacts['weights']> {
  const [place, models] = await Promise.all([weightsPlace(deployment), configuredModels(deployment)]);
  if (!models) return undefined;
  return { offline: place?.offline ?? false, models: await Promise.all(models.map(async ({ here, model, revision }) => {
    const found = here && place ? await weightsShown(place, { model, ...(revision ? { revision } : {}) }) : undefined;
    return { model, state: found?.state ?? 'elsewhere', ...(found?.state === 'partial' && found.beside ? { beside: true as const } : {}) };
  })) };
}

function health(deployment: Deployment, { containers }: EngineSnapshot, now: number): StepFacts['services'] {
  const ours = containers.filter(({ project }) => project === deployment.project.name);
  return deployment.services.filter(({ active }) => active).map(({ name, role }) => ({ name, role, health: serviceHealth(containerOf(ours, name), now) }));
}
