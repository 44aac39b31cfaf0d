import { z } from 'zod';
import { PanelError } from '#lib/core/errors.ts';
import { CALL_TIMEOUT, engine, engineError } from './engine.ts';

const engineInfo = z
  .object({
    NCPU: z.number().int().positive(),
    MemTotal: z.number().positive(),
    Architecture: z.string(),
    DockerRootDir: z.string().catch(''),
    Runtimes: z.record(z.string(), z.unknown()).nullish().catch(undefined),
    DiscoveredDevices: z.array(z.object({ ID: z.string() })).nullish().catch(undefined),
    OperatingSystem: z.string().catch(''),
  })
  .transform((raw) => ({
    cores: raw.NCPU,
    memoryBytes: raw.MemTotal,
    /** As the kernel names it: `x86_64`. */
    machine: raw.Architecture,
    rootDir: raw.DockerRootDir,
    runtimes: Object.keys(raw.Runtimes ?? {}),
    /** Devices that the engine can hand out by CDI; engines before 28.3 don't list them. */
    devices: (raw.DiscoveredDevices ?? []).map(({ ID }) => ID),
    system: raw.OperatingSystem,
  }));
export type EngineInfo = z.infer<typeof engineInfo>;

/** `GET /info`: the machine that the engine runs on, whatever the panel itself runs in. Throws engine_*. */
export async function readEngineInfo(): Promise<EngineInfo> {
  let raw: unknown;
  try {
    raw = await engine().info({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never);
  } catch (error) {
    throw engineError(error);
  }
  const parsed = engineInfo.safeParse(raw);
  if (!parsed.success) throw new PanelError('engine_error', { socket: '', detail: 'its description of the machine can\'t be read' }, { status: 503 });
  return parsed.data;
}
