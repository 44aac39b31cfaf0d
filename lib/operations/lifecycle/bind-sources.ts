import { stat } from 'node:fs/promises';
import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { engine, engineError, engineWords, statusOf } from '#lib/docker/engine.ts';
import type { Words } from '#lib/operations/schema.ts';

/** By its name inside the container: `genesis.json`, `nginx.conf`; not `.tmkms`. */
const isFile = (target: string): boolean => /[^/]\.[a-z0-9]{1,6}$/i.test(target);
const NOT_THERE = /bind source path does not exist/i;

/**
 * Whether the engine sees this path: a panel in a container of its own sees the deployment directory and nothing beside
 * it. A container with it as a `Mounts` entry (which, unlike `Binds`, makes no directory) is created, never started, removed.
 */
async function engineSees(source: string, image: string): Promise<boolean | 'unknown'> {
  try {
    const probe = await engine().createContainer({ Image: image, Cmd: ['true'], HostConfig: { Mounts: [{ Type: 'bind', Source: source, Target: '/probe', ReadOnly: true }] }, abortSignal: AbortSignal.timeout(15_000) } as never);
    await probe.remove({ force: true });
    return true;
  } catch (error) {
    if (NOT_THERE.test(engineWords(error))) return false;
    if (statusOf(error)) return 'unknown';
    throw engineError(error);
  }
}

/**
 * A missing source of a bind is made by Docker as a directory, also where a file belongs (v0.2.4:
 * `../../genesis/genesis.json`), and the container then fails in ways that don't say so. Folders may be missing.
 * `images`: service → image on this machine. Throws operation_bind_missing, operation_bind_directory, engine_*.
 */
export async function checkBinds(of: Deployment, images: Map<string, string>): Promise<Words> {
  const files = of.services.filter((s) => images.has(s.name)).flatMap((s) => s.mounts.filter((m) => isFile(m.target)).map(({ source, target }) => ({ service: s.name, source, target })));
  const unseen: string[] = [];
  for (const bind of files) {
    const found = await stat(/*turbopackIgnore: true*/ bind.source).catch(() => undefined);
    if (found?.isDirectory()) throw new PanelError('operation_bind_directory', bind, { status: 409 });
    if (found) continue;
    const there = await engineSees(bind.source, images.get(bind.service) as string);
    if (there === false) throw new PanelError('operation_bind_missing', bind, { status: 409 });
    if (there === 'unknown') unseen.push(bind.source);
  }
  if (unseen.length) return { code: 'binds_unseen', params: { sources: unseen.join(', ') } };
  return { code: 'binds', params: { count: files.length, sources: files.map((b) => b.source).join(', ') } };
}
