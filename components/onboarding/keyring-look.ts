import type { Step } from './onboarding-data.ts';

/** How to look into a keyring that the panel can't read; reads names only. */
export function keyringLook({ evidence: { code, params } }: Step): string[] | undefined {
  return code === 'ml_key_unread' && typeof params.keyring === 'string' ? ['sudo', 'ls', params.keyring] : undefined;
}
