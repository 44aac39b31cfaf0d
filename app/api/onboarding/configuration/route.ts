import os from 'node:os';
import type { ConfigurationNow } from '#components/onboarding/configuration-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import { panelEnv, readEnv } from '#lib/core/env.ts';
import { configNow, templateRows } from '#lib/deployment/config-now.ts';
import { unfilledVariables } from '#lib/deployment/config-template.ts';
import { keyringNames, operationalKeyFile } from '#lib/deployment/operational-key-file.ts';
import { roomyPlaces } from '#lib/deployment/roomy-places.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { seesHostNetwork } from '#lib/host/host-network.ts';
import { listeners } from '#lib/host/listeners.ts';
import { ownAddresses } from '#lib/host/own-addresses.ts';
import { configSuggestions, GUIDE_VARIABLES } from '#lib/onboarding/config-suggestions.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { answer } from '../../operations/answer.ts';

const NONE: Omit<ConfigurationNow, 'at'> = { path: '', version: 'absent', fromTemplate: false, fields: [], broken: 0, privateAddresses: [], operationalKey: 'unknown' };
const isGuide = (name: string): boolean => (GUIDE_VARIABLES as readonly string[]).includes(name);

/** The variables to fill in, each with what this machine knows about it. Nothing is written. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ConfigurationNow> => {
    const { deployment, error } = await deploymentNow();
    if (deployment) return { at: clock.now(), ...(await configuration(deployment)) };
    return { at: clock.now(), ...NONE, ...(error ? { deploymentError: error } : { noDeployment: true }) };
  });
}

/** From a container's own network nothing is known of the host's ports: none is called free. */
const hostListeners = async () => ((await seesHostNetwork()) ? listeners() : undefined);

async function configuration(of: Deployment): Promise<Omit<ConfigurationNow, 'at'>> {
  const [config, unfilled, heard, addresses, roomy, keys, operational, { engine, containers }] = await Promise.all([configNow(of), unfilledVariables(of.dir), hostListeners(), ownAddresses(), roomyPlaces(), keyringNames(of), operationalKeyFile(of), engineWatch().snapshot()]);
  const fromTemplate = config.version === 'absent' && !config.error;
  const rows = fromTemplate ? await templateRows(of) : config.rows;
  const seeds = panelEnv().seedApiUrls;
  const suggestions = configSuggestions({
    hostName: os.hostname(), addresses, heard, roomy, keys,
    ownPorts: engine.state !== 'ok' ? undefined : containers.filter(({ project }) => project === of.project.name).flatMap(({ ports }) => ports.flatMap(({ hostPort }) => (hostPort === undefined ? [] : [hostPort]))),
    values: Object.fromEntries(rows.flatMap(({ name, set, secret, value }) => (set && !secret && value !== undefined ? [[name, value]] : []))),
    ...(seeds.join() === readEnv({}).seedApiUrls.join() ? {} : { seeds }),
  });
  const problems = [...config.problems, ...config.rows.flatMap((row) => row.problems)];
  const order = (name: string): number => (isGuide(name) ? GUIDE_VARIABLES.indexOf(name as (typeof GUIDE_VARIABLES)[number]) : GUIDE_VARIABLES.length);
  const open = ({ name, line }: (typeof rows)[number]): boolean => isGuide(name) || unfilled.has(name) || (suggestions[name] !== undefined && line !== undefined);
  return {
    path: config.path, version: config.version, ...(config.error ? { error: config.error } : {}), fromTemplate,
    fields: rows.filter(open).sort((a, b) => order(a.name) - order(b.name)).map((row) => ({ row, guide: isGuide(row.name), ...(suggestions[row.name] ? { suggestion: suggestions[row.name] } : {}) })),
    broken: problems.filter(({ level }) => level === 'broken').length,
    privateAddresses: addresses.public.length > 0 ? [] : addresses.private.map(({ address }) => address),
    operationalKey: operational.state,
  };
}
