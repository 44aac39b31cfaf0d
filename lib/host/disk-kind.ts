import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export type DiskKind = 'nvme' | 'ssd' | 'rotating';

/** What the file system of a path is on, by the kernel's own description of its block device. Undefined when that can't be told: a volume of several disks, a network file system. Never throws. */
export async function diskKind(place: string, sys = '/sys'): Promise<DiskKind | undefined> {
  try {
    const { dev } = await stat(/*turbopackIgnore: true*/ place);
    // As the C library takes a device number apart (makedev(3)).
    const device = await realpath(/*turbopackIgnore: true*/ path.join(sys, 'dev/block', `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`));
    const read = (dir: string) => readFile(/*turbopackIgnore: true*/ path.join(dir, 'queue/rotational'), 'utf8');
    // A partition has no queue of its own: its disk has.
    const rotating = await read(device).catch(() => read(path.dirname(device)));
    if (rotating.trim() === '1') return 'rotating';
    return /\/nvme\d/.test(device) ? 'nvme' : 'ssd';
  } catch {
    return undefined;
  }
}
