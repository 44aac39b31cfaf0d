import { readFile } from 'node:fs/promises';
import path from 'node:path';
import os from 'node:os';

/** `arch` as Docker names it. `adx`: whether every core has the ADX instructions; undefined where the kernel doesn't list flags (arm64). */
export type CpuFacts = { cores: number; arch: string; adx?: boolean };

/** The processor of this machine; a container sees the same one. Never throws. `proc` is for tests. */
export async function cpuFacts(proc = '/proc'): Promise<CpuFacts> {
  const text = await readFile(/*turbopackIgnore: true*/ path.join(proc, 'cpuinfo'), 'utf8').catch(() => '');
  const flags = [...text.matchAll(/^flags\s*:(.*)$/gm)].map(([, list = '']) => list.trim().split(/\s+/));
  const listed = [...text.matchAll(/^processor\s*:/gm)].length;
  return { cores: listed || os.cpus().length, arch: dockerArch(os.machine()), ...(flags.length > 0 ? { adx: flags.every((list) => list.includes('adx')) } : {}) };
}

/** `x86_64` is amd64, `aarch64` is arm64; anything else keeps its name. */
export function dockerArch(machine: string): string {
  return machine === 'x86_64' ? 'amd64' : machine === 'aarch64' ? 'arm64' : machine;
}
