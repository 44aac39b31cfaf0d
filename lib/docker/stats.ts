import { z } from 'zod';
import { containerRef } from './client.ts';
import { CALL_TIMEOUT, engine, engineError, statusOf } from './engine.ts';

export type ContainerStats = {
  /** Share of one processor, in percent (200 = two processors full); undefined until two readings are there. */
  cpuPercent?: number;
  /** Bytes in use without the page cache, and the limit (the machine's memory when none is set). */
  memory: number;
  memoryLimit: number;
  at: number;
};

const number = z.number().catch(0);
const answer = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: number }) }),
  memory_stats: z.object({ usage: number, limit: number, stats: z.record(z.string(), z.unknown()).optional() }),
});

type Reading = { cpu: number; at: number };
const KEEP_MS = 60_000;
const KEEP_READINGS = 500;

/**
 * What containers use, one reading each, for as long as someone asks: the processor's share is taken between this
 * reading and the one before, so the engine needn't wait a second to measure it (`one-shot`).
 */
export class StatsReader {
  private readonly before = new Map<string, Reading>();

  /** Undefined for a container that is gone or not running. Throws engine_* when the engine can't be asked. */
  async read(id: string): Promise<ContainerStats | undefined> {
    let raw: unknown;
    try {
      raw = await engine().getContainer(containerRef(id)).stats({ stream: false, 'one-shot': true, abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never);
    } catch (error) {
      if (statusOf(error) === 404 || statusOf(error) === 409) return undefined;
      throw engineError(error);
    }
    const parsed = answer.safeParse(raw);
    if (!parsed.success || parsed.data.memory_stats.limit === 0) return undefined;
    const { cpu_stats, memory_stats } = parsed.data;
    const at = performance.now();
    const cpu = cpu_stats.cpu_usage.total_usage;
    const last = this.before.get(id);
    this.remember(id, { cpu, at });
    const cache = Number(memory_stats.stats?.inactive_file ?? memory_stats.stats?.total_inactive_file ?? 0) || 0;
    const elapsed = last ? (at - last.at) * 1e6 : 0;
    return {
      // Fewer nanoseconds than before: the container was restarted in between.
      cpuPercent: last && elapsed > 0 && cpu >= last.cpu ? ((cpu - last.cpu) / elapsed) * 100 : undefined,
      memory: Math.max(0, memory_stats.usage - cache),
      memoryLimit: memory_stats.limit,
      at: Date.now(),
    };
  }

  private remember(id: string, reading: Reading): void {
    for (const [key, old] of this.before) if (reading.at - old.at > KEEP_MS || this.before.size > KEEP_READINGS) this.before.delete(key);
    this.before.set(id, reading);
  }
}
