import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PanelError } from '#lib/core/errors.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import type { Words } from './schema.ts';

/** By its name inside the container: `genesis.json`, `nginx.conf`; not `.tmkms`. */
const isFile = (target: string): boolean => /[^/]\.[a-z0-9]{1,6}$/i.test(target);

/**
 * A missing source of a bind is made by Docker as a directory, also where a file belongs (v0.2.4:
 * `../../genesis/genesis.json`), and the container then fails in ways that don't say so. Folders may be missing.
 * Throws operation_bind_missing, operation_bind_directory.
 */
export async function checkBinds(of: Deployment, services: string[]): Promise<Words> {
  const files = of.services.filter((s) => services.includes(s.name)).flatMap((s) => s.mounts.filter((m) => isFile(m.target)).map(({ source, target }) => ({ service: s.name, source, target })));
  // In a container of its own the panel sees the deployment directory and nothing beside it.
  const blind = existsSync('/.dockerenv');
  const unseen: string[] = [];
  for (const bind of files) {
    const found = await stat(/*turbopackIgnore: true*/ bind.source).catch((error: NodeJS.ErrnoException) => error.code ?? 'ENOENT');
    const inside = bind.source.startsWith(`${of.project.dir}/`);
    if (typeof found === 'string') {
      if (found !== 'ENOENT' || (blind && !inside)) unseen.push(bind.source);
      else throw new PanelError('operation_bind_missing', bind, { status: 409 });
    } else if (found.isDirectory()) throw new PanelError('operation_bind_directory', bind, { status: 409 });
  }
  if (unseen.length) return { code: 'binds_unseen', params: { sources: unseen.join(', ') } };
  return { code: 'binds', params: { count: files.length, sources: files.map((b) => b.source).join(', ') } };
}
