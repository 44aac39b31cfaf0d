import { z } from 'zod';
import { PanelError } from '#lib/core/errors.ts';
import { CALL_TIMEOUT, engine, engineError } from './engine.ts';

/** Of containerd as a service of the machine. Where dockerd brings its own, its folder is below the data root. */
const CONTAINERD_ROOT = '/var/lib/containerd';
const OWN_CONTAINERD = /\/docker\/containerd\//;

const engineInfo = z
  .object({
    NCPU: z.number().int().positive(),
    MemTotal: z.number().positive(),
    Architecture: z.string(),
    DockerRootDir: z.string().catch(''),
    DriverStatus: z.array(z.array(z.string())).nullish().catch(undefined),
    Containerd: z.object({ Address: z.string() }).nullish().catch(undefined),
    Runtimes: z.record(z.string(), z.unknown()).nullish().catch(undefined),
    DiscoveredDevices: z.array(z.object({ ID: z.string() })).nullish().catch(undefined),
    OperatingSystem: z.string().catch(''),
  })
  .transform((raw) => ({
    cores: raw.NCPU,
    memoryBytes: raw.MemTotal,
    /** As the kernel names it: `x86_64`. */
    machine: raw.Architecture,
    /** Where images are kept: new engines from 29 on leave them to containerd, in its own folder, whatever the data root. */
    imagesDir: keptByContainerd(raw.DriverStatus) && !OWN_CONTAINERD.test(raw.Containerd?.Address ?? '') ? CONTAINERD_ROOT : raw.DockerRootDir,
    runtimes: Object.keys(raw.Runtimes ?? {}),
    /** Devices that the engine can hand out by CDI; engines before 28.3 don't list them. */
    devices: (raw.DiscoveredDevices ?? []).map(({ ID }) => ID),
    system: raw.OperatingSystem,
  }));
/** `driver-type` of the storage driver: a snapshotter of containerd's, or one of the engine's own. */
function keptByContainerd(status: string[][] | null | undefined): boolean {
  return status?.some(([name, value]) => name === 'driver-type' && value?.startsWith('io.containerd.snapshotter')) === true;
}

export type EngineInfo = z.infer<typeof engineInfo>;

/** `GET /info`: the machine that the engine runs on, whatever the panel itself runs in. Throws engine_*. */
export async function readEngineInfo(): Promise<EngineInfo> {
  let raw: unknown;
  try {
    raw = await engine().info({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never);
  } catch (error) {
    throw engineError(error);
  }
  return readInfo(raw);
}

/** The same of an answer that is here. Throws engine_error. */
export function readInfo(raw: unknown): EngineInfo {
  const parsed = engineInfo.safeParse(raw);
  if (!parsed.success) throw new PanelError('engine_error', { socket: '', detail: 'its description of the machine can\'t be read' }, { status: 503 });
  return parsed.data;
}
