import { askProgram } from './ask-program.ts';

/** A card as the driver reports it. `broken`: it is listed, but doesn't say its memory, or can't be reached at all. */
export type HostGpu = { /** Absent when the driver names only its bus address. */ index?: number; name: string; totalMiB?: number; usedMiB?: number; driver?: string; state: 'ok' | 'broken' };

/**
 * `absent`: no nvidia-smi on this machine (or in this container): says nothing about cards. `unknown`: it ran and failed;
 * `error` is a code under `errors`. `cudaVersion` is the newest CUDA that the driver can serve, not an installed one (facts 10.3).
 */
export type HostGpus =
  | { state: 'read'; gpus: HostGpu[]; driver?: string; cudaVersion?: string }
  | { state: 'absent' }
  | { state: 'unknown'; error: { code: string; params: Record<string, string | number> } };

/** Arguments for what parseGpus() reads. */
export const GPU_QUERY = ['--query-gpu=index,name,memory.total,memory.used,driver_version', '--format=csv,noheader,nounits'];
/** A hung driver makes nvidia-smi hang too. */
const TIMEOUT_MS = 15_000;

/** Asks `nvidia-smi` of this machine. Never throws. `command` is for tests. */
export async function hostGpus({ command = 'nvidia-smi', timeoutMs = TIMEOUT_MS }: { command?: string; timeoutMs?: number } = {}): Promise<HostGpus> {
  const ran = await askProgram(command, GPU_QUERY, timeoutMs);
  const failed = (code: string, params: Record<string, string | number> = {}): HostGpus => ({ state: 'unknown', error: { code, params } });
  if (ran.end !== 'done') return ran.end === 'absent' ? { state: 'absent' } : ran.end === 'denied' ? failed('gpus_denied') : failed('gpus_slow', { seconds: Math.round(timeoutMs / 1000) });
  const gpus = parseGpus(ran.out);
  // It ends with an error when one card of several is lost, too: what it listed counts.
  if (ran.exit !== 0 && gpus.length === 0 && !/No devices were found/i.test(ran.out)) return failed('gpus_failed', { exit: ran.exit ?? -1 });
  const header = await askProgram(command, [], timeoutMs);
  const cudaVersion = header.end === 'done' ? parseCudaVersion(header.out) : undefined;
  const driver = gpus.find((gpu) => gpu.driver)?.driver;
  return { state: 'read', gpus, ...(driver ? { driver } : {}), ...(cudaVersion ? { cudaVersion } : {}) };
}

/** Lines of the query above; a value such as `[N/A]`, `ERR!` or `[Unknown Error]` where memory should be makes the card `broken`. */
export function parseGpus(out: string): HostGpu[] {
  return out.split('\n').flatMap((raw): HostGpu[] => {
    const line = raw.trim();
    if (/^Unable to determine the device handle for GPU/i.test(line)) return [{ name: '', state: 'broken' }];
    // A name can hold a comma; the other columns can't.
    const match = /^(\d{1,3}), (.*), ([^,]+), ([^,]+), ([^,]+)$/.exec(line);
    if (!match) return [];
    const [, index, name = '', total = '', used = '', driver = ''] = match;
    const [totalMiB, usedMiB] = [mib(total), mib(used)];
    return [{
      index: Number(index),
      name: isValue(name) ? name.slice(0, 200) : '',
      ...(totalMiB ? { totalMiB } : {}),
      ...(usedMiB === undefined ? {} : { usedMiB }),
      ...(/^[\d.]+$/.test(driver) ? { driver } : {}),
      state: totalMiB && isValue(name) ? 'ok' : 'broken',
    }];
  });
}

const isValue = (text: string): boolean => !/^\[.*\]$|^ERR!?$/i.test(text.trim());
const mib = (text: string): number | undefined => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined);

/** The version in the table's head: `CUDA Version: 12.8`. */
export function parseCudaVersion(out: string): string | undefined {
  return /CUDA (?:UMD |Driver )?Version\s*:\s*(\d{1,2}\.\d{1,2})/i.exec(out)?.[1];
}
