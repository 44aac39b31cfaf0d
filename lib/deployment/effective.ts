import { redact } from '#lib/core/redact.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import type { Container } from '#lib/docker/client.ts';
import { imageId } from '#lib/docker/local-image.ts';
import { type ContainerMade, containerMade } from '#lib/docker/container-made.ts';
import { environmentReferences } from './compose-yaml.ts';
import { CONFIG_ENV, readConfigEnv, readDotEnv } from './config-env.ts';
import { composeConfigurationOf } from './deployment.ts';
import { type PartKind, type Parts, partReferences, partsRunning, partsWanted } from './effective-parts.ts';
import type { Deployment } from './schema.ts';
import { isSecretName, secretsOf } from './secret-values.ts';

type Shown = { code: string; params: Record<string, string | number> };
/** `variable`: its name in the environment; for a port `80/tcp`, for a mount where it is in the container, for the image nothing. `moved`: the same tag, which is another image on this machine by now. */
export type EffectiveRow = { kind: 'variable' | PartKind; variable: string; running?: string; file?: string; compose?: string; secret: boolean; state: 'same' | 'differs' | 'moved' | 'only-running' | 'only-compose' };
export type EffectiveService = { service: string; role: string; container?: { name: string; state: string; startedAt?: string }; rows: EffectiveRow[]; error?: Shown };

/** A secret is looked for inside other values from this length on. */
const SHORTEST_INSIDE = 4;

/**
 * For every active service: what its container was made with, what config.env says, what compose would give it today:
 * environment, published ports, sources of mounts, image; differences first. What only the image brings is left out. Secrets are compared here and never in the answer.
 * `containers`: those of the project. Throws effective_no_config {file} where config.env can't be read: what the services would get isn't nothing, but unknown.
 */
export async function effectiveServices(of: Deployment, containers: Container[]): Promise<EffectiveService[]> {
  const env = await readConfigEnv(of.dir);
  if (!env.readable) throw new PanelError('effective_no_config', { file: CONFIG_ENV }, { status: 409 });
  const [config, dotEnv, sources, partSources] = await Promise.all([composeConfigurationOf(of), readDotEnv(of.dir), environmentReferences(of.project.dir, of.project.files), partReferences(of.project.dir, of.project.files)]);
  const known = [...env.values.variables].flatMap(([name, one]): [string, string][] => (one.state === 'unknown' ? [] : [[name, one.value]]));
  const values: Record<string, string> = { ...dotEnv, ...of.values };
  const secrets = secretsOf(env.file, [...known, ...Object.entries(dotEnv)]);

  return Promise.all(of.services.filter((one) => one.active || containers.some((c) => c.service === one.name)).map(async ({ name, role }): Promise<EffectiveService> => {
    const mine = containers.filter((one) => one.service === name && !one.oneOff);
    const container = mine.find((one) => one.state === 'running') ?? mine[0];
    const service = config?.services[name];
    let made: ContainerMade | undefined;
    let error: Shown | undefined;
    try {
      made = container && (await containerMade(container.id));
    } catch (cause) {
      if (!isPanelError(cause)) throw cause;
      error = { code: cause.code, params: cause.params };
    }
    const here = container && service?.image ? await idOf(service.image) : undefined;
    const rows = config
      ? differencesFirst([
          ...effectiveRows({ wanted: stringValues(service?.environment ?? {}), running: made?.environment, values, secrets, sources: sources.get(name) ?? new Map() }),
          ...movedTags(partRows({ wanted: service ? partsWanted(service) : new Map(), running: made && partsRunning(made), values, secrets, sources: partSources.get(name) ?? new Map() }), container?.imageId, here),
        ])
      : [];
    return { service: name, role, ...(container ? { container: { name: container.name, state: container.state, ...(container.startedAt ? { startedAt: container.startedAt } : {}) } } : {}), rows, ...(error ? { error } : {}) };
  }));
}

/** The id that a name has on this machine now; not knowing it is no difference. */
const idOf = (image: string) => imageId(image).catch((cause) => {
  if (!isPanelError(cause)) throw cause;
  return undefined;
});

const shortId = (id: string) => id.replace(/^sha256:/, '').slice(0, 12);

/** An image of the same name may be another one: it was pulled or built again after the container was made. `there` and `here` are ids. */
export function movedTags(rows: EffectiveRow[], there: string | undefined, here: string | undefined): EffectiveRow[] {
  if (!there || !here || there === here) return rows;
  return rows.map((row) => (row.kind !== 'image' || row.state !== 'same' ? row : {
    ...row, state: 'moved', ...(row.running === undefined ? {} : { running: `${row.running} (${shortId(there)})` }), ...(row.compose === undefined ? {} : { compose: `${row.compose} (${shortId(here)})` }),
  }));
}

const stringValues = (environment: Record<string, unknown>) => Object.fromEntries(Object.entries(environment).flatMap(([key, value]) => (value === null || value === undefined ? [] : [[key, String(value)]])));

type Known = { values: Record<string, string>; secrets: string[]; /** Key of the environment, or part → variables that it is written with. */ sources: Map<string, string[]> };

/** Rows of one service: keys that compose sets, and variables of config.env that an older container still has. */
export function effectiveRows({ wanted, running, ...known }: Known & { wanted: Record<string, string>; running?: Record<string, string> }): EffectiveRow[] {
  // What the files no longer give isn't told apart from what the image brings, unless a variable of that name is known.
  const keys = new Set([...Object.keys(wanted), ...Object.keys(running ?? {}).filter((key) => key in known.values)]);
  return differencesFirst([...keys].map((variable) => row({ kind: 'variable', variable }, { running: running?.[variable], compose: wanted[variable] }, known.sources.get(variable) ?? (variable in known.values ? [variable] : []), known)));
}

/** What stands outside of the environment: a variable that only a port or a mount is written with would be missed otherwise. */
export function partRows({ wanted, running, ...known }: Known & { wanted: Parts; running?: Parts }): EffectiveRow[] {
  return differencesFirst([...new Set([...wanted.keys(), ...(running?.keys() ?? [])])].map((key) => {
    const [kind = '', variable = ''] = key.split(/ (.*)/s);
    return row({ kind: kind as PartKind, variable }, { running: running?.get(key), compose: wanted.get(key) }, known.sources.get(key) ?? [], known);
  }));
}

function row(of: Pick<EffectiveRow, 'kind' | 'variable'>, { running, compose }: { running?: string; compose?: string }, names: string[], { values, secrets }: Known): EffectiveRow {
  const hidden = (text: string | undefined) => text !== undefined && (redact(text) !== text || secrets.some((secret) => text === secret || (secret.length >= SHORTEST_INSIDE && text.includes(secret))));
  const file = names.length === 1 ? values[names[0] as string] : undefined;
  const secret = (of.kind === 'variable' && isSecretName(of.variable)) || names.some(isSecretName) || [running, compose, file].some(hidden);
  const state = running === undefined ? 'only-compose' : compose === undefined ? 'only-running' : running === compose ? 'same' : 'differs';
  const shown = secret ? {} : { ...(running === undefined ? {} : { running }), ...(file === undefined ? {} : { file }), ...(compose === undefined ? {} : { compose }) };
  return { ...of, ...shown, secret, state };
}

const KINDS = ['variable', 'port', 'mount', 'image'];
const differencesFirst = (rows: EffectiveRow[]) => rows.sort((a, b) => Number(a.state === 'same') - Number(b.state === 'same') || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.variable.localeCompare(b.variable));
