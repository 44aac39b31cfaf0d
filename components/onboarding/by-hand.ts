import type { Step } from './onboarding-data.ts';

/** What is missing for certain, so that doing it by the quickstart destroys nothing. */
const SAFE_WHEN_MISSING: Partial<Record<Step['name'], string>> = { 'ml-key': 'no_ml_key' };

/** Whether to say "do it as the quickstart describes": never while what it makes may be there already. */
export function isDoneByHand({ name, state, evidence }: Step): boolean {
  return state === 'ready' && evidence.code === SAFE_WHEN_MISSING[name];
}

/** How to look into a keyring that the panel can't read; reads names only. `name`: of the key that may be there. */
export function keyringLook({ evidence: { code, params } }: Step): { argv: string[]; name: string } | undefined {
  if (code !== 'ml_key_unread' || typeof params.keyring !== 'string') return undefined;
  return { argv: ['sudo', 'ls', params.keyring], name: String(params.name) };
}
