import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** One hash over the contents of files and folders below `root`; generated code, tests and dotfiles don't count. */
export function contentHash(root, entries) {
  const hash = createHash('sha256');
  const add = (relative) => {
    const full = path.join(root, relative);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) if (!name.startsWith('.') && name !== 'generated' && !/\.i?test\.tsx?$/.test(name)) add(path.join(relative, name));
    } else {
      hash.update(relative).update('\0').update(readFileSync(full)).update('\0');
    }
  };
  for (const entry of entries) add(entry);
  return hash.digest('hex');
}
