import { engine, engineError, statusOf } from './engine.ts';

/** The id of an image that is on this machine, undefined when it isn't. Throws engine_*. */
export async function imageId(reference: string): Promise<string | undefined> {
  try {
    const image = (await engine().getImage(reference).inspect({ abortSignal: AbortSignal.timeout(15_000) } as never)) as unknown as { Id: string };
    return image.Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineError(error);
  }
}
