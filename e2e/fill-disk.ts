import { closeSync, openSync, writeSync } from 'node:fs';

/** Writes a file until its filesystem has no room left; any other end than that is an error. */
export function fillDisk(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (;;) writeSync(handle, Buffer.alloc(4096, 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(handle);
  }
}
