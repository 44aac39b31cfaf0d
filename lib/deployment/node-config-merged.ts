import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { sqliteImage } from './node-config-db.ts';
import type { DeploymentService } from './schema.ts';

/** Text: `config.nodeConfigMerged.<code>`. */
export type NodeConfigMerged = { state: 'merged' | 'not-merged' | 'unknown'; evidence: { code: string; params: Record<string, string | number> } };

const FLAG = 'node_config_merged';

/**
 * Whether the api has taken node-config.json over already (facts 3.2): afterwards the file is never read again. The proof
 * is the flag in `.dapi/gonka.db`, before 0.2.4 the one in `.dapi/api-config.yaml`; both are only read. What can't be read
 * is unknown. `dir`: the deployment directory; `services`: to find `.dapi` where compose mounts it.
 */
export async function nodeConfigMerged(dir: string, services: Pick<DeploymentService, 'role' | 'mounts'>[] = []): Promise<NodeConfigMerged> {
  const dapi = services.find(({ role }) => role === 'api')?.mounts.find(({ target }) => target === '/root/.dapi')?.source ?? path.join(/*turbopackIgnore: true*/ dir, '.dapi');
  const say = (state: NodeConfigMerged['state'], code: string, params: Record<string, string | number> = {}): NodeConfigMerged => ({ state, evidence: { code, params } });
  const shown = (file: string): string => path.join(path.relative(dir, dapi).startsWith('..') ? dapi : path.relative(dir, dapi), file);

  // A directory that may be passed through but not listed would make files in it look absent.
  const seen = await readdir(/*turbopackIgnore: true*/ dapi).catch((error: NodeJS.ErrnoException) => error.code ?? 'error');
  if (seen === 'ENOENT') return say('not-merged', 'never_started', { path: shown('') });
  if (typeof seen === 'string') return say('unknown', 'unreadable', { file: shown(''), reason: seen });

  const yaml = await yamlFlag(path.join(/*turbopackIgnore: true*/ dapi, 'api-config.yaml'));
  const image = await sqliteImage(path.join(/*turbopackIgnore: true*/ dapi, 'gonka.db'));
  if ('problem' in image) {
    if (image.problem !== 'absent') return say('unknown', image.problem === 'unreadable' ? 'unreadable' : 'database_doubtful', { file: shown('gonka.db'), reason: image.reason ?? image.problem });
    if (yaml === 'unreadable') return say('unknown', 'unreadable', { file: shown('api-config.yaml'), reason: 'error' });
    return yaml === true ? say('merged', 'flag_set', { file: shown('api-config.yaml'), flag: 'merged_node_config' }) : say('not-merged', 'no_database', { file: shown('gonka.db') });
  }
  try {
    const flag = databaseFlag(image.db);
    if (flag) return say('merged', 'flag_set', { file: shown('gonka.db'), flag: FLAG });
    // The database takes the old file's word over at its first start with it.
    if (yaml === true) return say('unknown', 'flags_differ', { file: shown('gonka.db'), other: shown('api-config.yaml') });
    return say('not-merged', 'flag_not_set', { file: shown('gonka.db'), flag: FLAG });
  } catch {
    return say('unknown', 'database_doubtful', { file: shown('gonka.db'), reason: 'SQLITE_CORRUPT' });
  } finally {
    image.db.close();
  }
}

/** The flag counts when its JSON is `true`, as the api reads it. The value's column has had more than one name. */
function databaseFlag(db: Extract<Awaited<ReturnType<typeof sqliteImage>>, { db: unknown }>['db']): boolean {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'kv_config'").get()) return false;
  const row = db.prepare('SELECT * FROM kv_config WHERE key = ?').get(FLAG) as Record<string, unknown> | undefined;
  return String(row?.value_json ?? row?.value ?? '').trim() === 'true';
}

/** Only this one line is looked at: the file holds secrets (measured 13). */
async function yamlFlag(file: string): Promise<boolean | 'unreadable'> {
  try {
    return /^merged_node_config:\s*true\s*$/m.test(await readFile(/*turbopackIgnore: true*/ file, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : 'unreadable';
  }
}
