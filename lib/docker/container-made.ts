import { z } from 'zod';
import { containerRef } from './client.ts';
import { CALL_TIMEOUT, engine, engineError, statusOf } from './engine.ts';

/** What a container was made with. Secrets and all: for comparing on the server only, it never leaves it. */
export type ContainerMade = {
  environment: Record<string, string>;
  /** Ports of the machine; `published` empty: Docker chooses. */
  ports: { container: string; address: string; published: string }[];
  binds: { target: string; source: string; readOnly: boolean }[];
  /** As it was named, not the id. */
  image: string;
};

const inspected = z.object({
  Config: z.object({ Env: z.array(z.string()).nullish(), Image: z.string().catch('') }),
  HostConfig: z.object({ PortBindings: z.record(z.string(), z.array(z.object({ HostIp: z.string().nullish(), HostPort: z.string().nullish() })).nullish()).nullish() }).nullish(),
  Mounts: z.array(z.object({ Type: z.string(), Source: z.string().catch(''), Destination: z.string(), RW: z.boolean().catch(true) })).nullish(),
});

/** One container as it was made, whether it runs or not. Undefined when it is gone. Throws engine_*. */
export async function containerMade(id: string): Promise<ContainerMade | undefined> {
  try {
    return madeOf(await engine().getContainer(containerRef(id)).inspect({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never));
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineError(error);
  }
}

/** From the engine's own words, `GET /containers/ID/json`. */
export function madeOf(raw: unknown): ContainerMade {
  const { Config, HostConfig, Mounts } = inspected.parse(raw);
  const pair = (text: string): [string, string] => (text.includes('=') ? [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] : [text, '']);
  return {
    environment: Object.fromEntries((Config.Env ?? []).map(pair)),
    ports: Object.entries(HostConfig?.PortBindings ?? {}).flatMap(([container, all]) => (all ?? []).map((one) => ({ container, address: one.HostIp ?? '', published: one.HostPort ?? '' }))),
    binds: (Mounts ?? []).filter((one) => one.Type === 'bind').map((one) => ({ target: one.Destination, source: one.Source, readOnly: !one.RW })),
    image: Config.Image,
  };
}
