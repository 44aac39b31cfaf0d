import { z } from 'zod';
import { containerRef } from './client.ts';
import { CALL_TIMEOUT, engine, engineError, statusOf } from './engine.ts';

const inspected = z.object({ Mounts: z.array(z.object({ Type: z.string(), Source: z.string(), Destination: z.string() })).nullish() });

/** Host paths that are bound into a container as it was made; the files may say otherwise by now. None for one that is gone. Throws engine_*. */
export async function containerMounts(id: string): Promise<{ source: string; target: string }[]> {
  try {
    const raw = await engine().getContainer(containerRef(id)).inspect({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never);
    const { Mounts } = inspected.parse(raw);
    return (Mounts ?? []).filter((one) => one.Type === 'bind').map((one) => ({ source: one.Source, target: one.Destination }));
  } catch (error) {
    if (statusOf(error) === 404) return [];
    throw engineError(error);
  }
}
