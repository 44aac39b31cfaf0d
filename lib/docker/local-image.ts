import { z } from 'zod';
import { CALL_TIMEOUT, engine, engineError, statusOf } from './engine.ts';

const inspected = z.object({ Id: z.string(), Size: z.number().catch(0), Architecture: z.string().catch(''), Os: z.string().catch('') });

/** `bytes` as they lie on the disk, unpacked; `architecture` as Docker names it: `amd64`. */
export type LocalImage = { id: string; bytes: number; architecture: string; os: string };

/** An image of this machine, undefined when it isn't here. Throws engine_*. */
export async function findImage(reference: string): Promise<LocalImage | undefined> {
  try {
    const { Id, Size, Architecture, Os } = inspected.parse(await engine().getImage(reference).inspect({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never));
    return { id: Id, bytes: Size, architecture: Architecture, os: Os };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineError(error);
  }
}

/** The id of an image that is on this machine, undefined when it isn't. Throws engine_*. */
export const imageId = async (reference: string): Promise<string | undefined> => (await findImage(reference))?.id;
