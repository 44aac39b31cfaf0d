import type { OperationalKeyFile } from '#lib/deployment/operational-key-file.ts';
import type { PhraseState } from '#lib/operations/ml-key/phrase.ts';
import type { ShownError } from '../ui/error-notice.tsx';

/** Answer of GET /api/onboarding/ml-key. Everything in it is public. */
export type MlKeyNow = {
  at: number;
  deployment: { dir: string } | null;
  deploymentError?: ShownError;
  /** Why the key can't be made with the files as they are. */
  placeError?: ShownError;
  /** What the keyring's folder says, as far as it can be seen from here. */
  file?: OperationalKeyFile;
  /** What `keys show` read last, and whether the folder still has that key. */
  record?: { name: string; address: string; publicKey: string; at: number; phrase: 'unseen' | 'shown' | 'written' | 'found'; file: 'same' | 'other' | 'gone' | 'unknown' };
  /** A recovery phrase is in the panel's memory. */
  phrase?: PhraseState;
  /** Whether the chain has a participant with this host's account. */
  registered: 'yes' | 'no' | 'unknown';
  /** What a command that is typed on this server needs. */
  server?: { image: string; home: string; name: string; user?: string };
};

/** Body of POST /api/onboarding/ml-key/mnemonic; the answer comes once. */
export type PhraseQuestion = { operation: string; alone: true; password: string };
/** `ask`: positions from 1. `leftMs`: until it leaves the panel's memory; a span, because the browser's clock may be another. */
export type PhraseAnswer = { words: string[]; ask: number[]; leftMs: number };
/** Body of POST /api/onboarding/ml-key/mnemonic/check: the words at the positions that were asked, in that order. */
export type PhraseCheck = { operation: string; words: string[] };
