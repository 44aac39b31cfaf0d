import { redact } from '#lib/core/redact.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { type Container, containerEnvironment } from '#lib/docker/client.ts';
import { environmentReferences } from './compose-yaml.ts';
import { readConfigEnv, readDotEnv } from './config-env.ts';
import { composeConfigurationOf } from './deployment.ts';
import type { Deployment } from './schema.ts';
import { isSecretName, secretsOf } from './secret-values.ts';

type Shown = { code: string; params: Record<string, string | number> };
export type EffectiveRow = { variable: string; running?: string; file?: string; compose?: string; secret: boolean; state: 'same' | 'differs' | 'only-running' | 'only-compose' };
export type EffectiveService = { service: string; role: string; container?: { name: string; state: string; startedAt?: string }; rows: EffectiveRow[]; error?: Shown };

/** A secret is looked for inside other values from this length on. */
const SHORTEST_INSIDE = 4;

/**
 * For every active service: what its container was made with, what config.env says, what compose would give it today;
 * differences first. What only the image brings is left out. Secrets are compared here and never in the answer.
 * `containers`: those of the project.
 */
export async function effectiveServices(of: Deployment, containers: Container[]): Promise<EffectiveService[]> {
  const [config, env, dotEnv, sources] = await Promise.all([composeConfigurationOf(of), readConfigEnv(of.dir), readDotEnv(of.dir), environmentReferences(of.project.dir, of.project.files)]);
  const known = [...env.values.variables].flatMap(([name, one]): [string, string][] => (one.state === 'unknown' ? [] : [[name, one.value]]));
  const values: Record<string, string> = { ...dotEnv, ...of.values };
  const secrets = secretsOf(env.file, [...known, ...Object.entries(dotEnv)]);

  return Promise.all(of.services.filter((one) => one.active || containers.some((c) => c.service === one.name)).map(async ({ name, role }): Promise<EffectiveService> => {
    const mine = containers.filter((one) => one.service === name && !one.oneOff);
    const container = mine.find((one) => one.state === 'running') ?? mine[0];
    const wanted = config && stringValues(config.services[name]?.environment ?? {});
    let running: Record<string, string> | undefined;
    let error: Shown | undefined;
    try {
      running = container && (await containerEnvironment(container.id));
    } catch (cause) {
      if (!isPanelError(cause)) throw cause;
      error = { code: cause.code, params: cause.params };
    }
    const rows = wanted ? effectiveRows({ wanted, running, values, secrets, sources: sources.get(name) ?? new Map() }) : [];
    return { service: name, role, ...(container ? { container: { name: container.name, state: container.state, ...(container.startedAt ? { startedAt: container.startedAt } : {}) } } : {}), rows, ...(error ? { error } : {}) };
  }));
}

const stringValues = (environment: Record<string, unknown>) => Object.fromEntries(Object.entries(environment).flatMap(([key, value]) => (value === null || value === undefined ? [] : [[key, String(value)]])));

type Input = { wanted: Record<string, string>; running?: Record<string, string>; values: Record<string, string>; secrets: string[]; /** Key of the environment → variables that it is written with. */ sources: Map<string, string[]> };

/** Rows of one service: keys that compose sets, and variables of config.env that an older container still has. */
export function effectiveRows({ wanted, running, values, secrets, sources }: Input): EffectiveRow[] {
  const hidden = (text: string | undefined) => text !== undefined && (redact(text) !== text || secrets.some((secret) => text === secret || (secret.length >= SHORTEST_INSIDE && text.includes(secret))));
  // What the files no longer give isn't told apart from what the image brings, unless a variable of that name is known.
  const keys = new Set([...Object.keys(wanted), ...Object.keys(running ?? {}).filter((key) => key in values)]);
  const rows = [...keys].map((variable): EffectiveRow => {
    const now = running?.[variable];
    const compose = wanted[variable];
    const names = sources.get(variable) ?? (variable in values ? [variable] : []);
    const file = names.length === 1 ? values[names[0] as string] : undefined;
    const secret = isSecretName(variable) || names.some(isSecretName) || [now, compose, file].some(hidden);
    const state = now === undefined ? 'only-compose' : compose === undefined ? 'only-running' : now === compose ? 'same' : 'differs';
    const shown = secret ? {} : { ...(now === undefined ? {} : { running: now }), ...(file === undefined ? {} : { file }), ...(compose === undefined ? {} : { compose }) };
    return { variable, ...shown, secret, state };
  });
  return rows.sort((a, b) => Number(a.state === 'same') - Number(b.state === 'same') || a.variable.localeCompare(b.variable));
}
