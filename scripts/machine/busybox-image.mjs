// A 2 MB image for tests, made on the spot from Debian's busybox-static: no registry needed.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const BUSYBOX_IMAGE = 'gp-test/busybox';

/** Imports the image unless the engine of DOCKER_HOST has it. */
export function ensureBusyboxImage(environment = process.env) {
  if (spawnSync('docker', ['image', 'inspect', BUSYBOX_IMAGE], { stdio: 'ignore', env: environment }).status === 0) return BUSYBOX_IMAGE;
  const dir = mkdtempSync(path.join(tmpdir(), 'gp-busybox-'));
  try {
    mkdirSync(path.join(dir, 'bin'));
    cpSync('/bin/busybox', path.join(dir, 'bin/busybox'));
    const tar = execFileSync('tar', ['-C', dir, '-c', 'bin'], { maxBuffer: 64 * 1024 * 1024 });
    execFileSync('docker', ['import', '-c', 'ENV PATH=/bin', '-', BUSYBOX_IMAGE], { input: tar, stdio: ['pipe', 'ignore', 'inherit'], env: environment });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return BUSYBOX_IMAGE;
}
