import { PanelError } from '#lib/core/errors.ts';
import { redact } from '#lib/core/redact.ts';
import { registryOf } from './image-reference.ts';

/** What the engine or a registry says, by what it means. The first that matches wins: a disk that is full ends in "failed to register layer" too. */
const MEANINGS: [RegExp, string][] = [
  [/no space left on device|disk quota exceeded/i, 'pull_disk_full'],
  [/toomanyrequests|too many requests|rate limit/i, 'pull_rate_limited'],
  [/no matching manifest|does not match the specified platform|operating system cannot be used|no match for platform/i, 'pull_wrong_platform'],
  [/pull access denied|unauthorized|authentication required|denied: |: denied$|forbidden/i, 'pull_denied'],
  [/manifest unknown|manifest for .* not found|repository name not known|name unknown|not found: manifest|: not found$/i, 'pull_not_found'],
  [/no such host|server misbehaving|i\/o timeout|connection refused|network is unreachable|no route to host|tls handshake|deadline exceeded|Client\.Timeout|proxyconnect|connection reset|unexpected EOF|: EOF$|x509|short read|httpReadSeeker/i, 'pull_no_network'],
];

/** Why an image couldn't be pulled, from the engine's sentence. */
export function pullError(image: string, said: string): PanelError {
  const code = MEANINGS.find(([pattern]) => pattern.test(said))?.[1] ?? 'pull_failed';
  return new PanelError(code, { image: redact(image), registry: registryOf(image), detail: redact(said).slice(0, 400) }, { status: 502 });
}
