import path from 'node:path';
import { z } from 'zod';
import { isUpstreamRef } from '#lib/deployment/upstream-releases.ts';

/** `place`: of the repository, the deployment is in its deploy/join; `release`: a release's tag, or `main`. */
export const getDeployment = z.object({
  place: z.string().trim().max(1024).refine((place) => path.isAbsolute(place) && !/[\0\r\n]/.test(place)).transform((place) => path.resolve(/*turbopackIgnore: true*/ place)),
  release: z.string().max(100).refine(isUpstreamRef),
});
export type GetDeployment = z.infer<typeof getDeployment>;
