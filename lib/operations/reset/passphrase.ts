import { randomUUID } from 'node:crypto';
import { registerSecrets } from '#lib/core/redact.ts';
import { singleton } from '#lib/core/singleton.ts';

/*
 * The passphrase of a backup, from the request that brought it to the step that uses it: in memory only, masked wherever it
 * would be printed, and found by a handle that says nothing.
 */
const held = () => singleton('operations.reset-passphrase', () => new Map<string, string>());
const name = (handle: string) => `backup passphrase ${handle}`;

export function holdPassphrase(passphrase: string): string {
  const handle = randomUUID();
  held().set(handle, passphrase);
  registerSecrets(name(handle), [passphrase]);
  return handle;
}

export const passphraseOf = (handle: string | undefined): string | undefined => (handle === undefined ? undefined : held().get(handle));

export function dropPassphrase(handle: string): void {
  held().delete(handle);
  registerSecrets(name(handle), []);
}
