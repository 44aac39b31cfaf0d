import type { ServiceContainer } from './services-data.ts';

/** Exit codes that say how a process ended; 128 + n is signal n. Words: `services.exit.<key>`. */
const CODES: Record<number, string> = { 0: 'ended', 1: 'error', 2: 'usage', 125: 'docker', 126: 'notExecutable', 127: 'notFound', 130: 'interrupted', 132: 'illegalInstruction', 134: 'aborted', 135: 'bus', 137: 'killed', 139: 'segfault', 143: 'terminated' };

/** What the exit code of a container that doesn't run means: a key under `services.exit`, and the signal where it is one. */
export function exitWords({ exitCode, outOfMemory }: Pick<ServiceContainer, 'exitCode' | 'outOfMemory'>): { key: string; signal?: number } | undefined {
  if (exitCode === undefined) return undefined;
  // The kernel's own word; a 137 without it may be the same on a machine whose containers have no limit.
  if (outOfMemory) return { key: 'outOfMemory' };
  const known = CODES[exitCode];
  if (known) return { key: known };
  return exitCode > 128 && exitCode < 160 ? { key: 'signal', signal: exitCode - 128 } : { key: 'other' };
}
