import { holdsKeyMaterial } from '../../guard/key-material.ts';
import type { ShownError } from '../ui/error-notice.tsx';
import type { ConfigChange } from './config-data.ts';

/** A recovery phrase or a private key stays in this browser. `typed`: what a person put in, without versions and other hashes. */
export const neverSent = (typed: unknown): ShownError | undefined => (holdsKeyMaterial(typed) ? { code: 'config_mnemonic' } : undefined);

export const typedIn = (change: ConfigChange): unknown => (change.by === 'text' ? change.text : change.by === 'values' ? change.values : undefined);
