import { findImage } from '#lib/docker/local-image.ts';

/** The id of an image that is on this machine, undefined when it isn't. Throws engine_*. */
export const imageId = async (reference: string): Promise<string | undefined> => (await findImage(reference))?.id;
