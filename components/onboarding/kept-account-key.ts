import { isAccountKey } from './read-key-output.ts';

/** The account key's public half, kept in this browser between its step and the configuration step: public, and there is no file yet to put it into. */
const KEY = 'onboarding.account-key';

/** Keeps it, if it is one: a field that it is typed into can get anything. */
export function keepAccountKey(key: string): void {
  if (!isAccountKey(key)) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ key, at: Date.now() }));
  } catch {
    // A browser that keeps nothing: the configuration step asks for it.
  }
}

/** The key and when it was read from the output (ms); undefined when this browser has none. */
export function keptAccountKey(): { key: string; at: number } | undefined {
  try {
    const { key, at } = JSON.parse(localStorage.getItem(KEY) ?? '') as { key?: unknown; at?: unknown };
    return typeof key === 'string' && isAccountKey(key) && typeof at === 'number' ? { key, at } : undefined;
  } catch {
    return undefined;
  }
}
