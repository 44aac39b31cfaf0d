import type { DeploymentProblem, DeploymentService } from './schema.ts';
import { imageVersion } from './services.ts';

/** Upstream's own images of one deployment belong to one release (facts 1.1, 1.2); a mix is said, with who has what. */
export function mixedRelease(services: DeploymentService[]): DeploymentProblem | undefined {
  const own = services.filter((one) => one.role === 'tmkms' || one.role === 'node' || one.role === 'api');
  const versions = new Map<string, string[]>();
  for (const one of own) {
    const version = imageVersion(one.image);
    if (version) versions.set(version, [...(versions.get(version) ?? []), one.name]);
  }
  if (versions.size < 2) return undefined;
  return { level: 'attention', code: 'release_mixed', params: { versions: [...versions].map(([version, names]) => `${version}: ${names.join(', ')}`).join(' · ') } };
}
