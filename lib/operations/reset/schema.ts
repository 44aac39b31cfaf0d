import { z } from 'zod';

/** `chain`: what can be had again from the network, without keys. `everything`: the three folders, not the weights. */
export const RESET_PARTS = ['chain', 'dapi', 'tmkms', 'weights', 'everything'] as const;
export type ResetPart = (typeof RESET_PARTS)[number];
export const resetPart = z.enum(RESET_PARTS);

/** What a person types, in every language the same. */
export const RESET_PHRASES: Record<ResetPart, string> = { chain: 'delete chain data', dapi: 'delete .dapi', tmkms: 'delete .tmkms', weights: 'delete weights', everything: 'delete everything' };

/** `.dapi` counts: the keyring's password stands in it (measured 13). */
export const holdsKey = (part: ResetPart): boolean => part === 'dapi' || part === 'tmkms' || part === 'everything';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** `listing`: digest of what was on the screen. `held`: where the passphrase that was typed is held in memory, never the phrase itself. */
export const resetParams = z.object({ part: resetPart, phrase: z.string().max(100), listing: digest, held: z.uuid().optional() }).refine(({ part, phrase }) => phrase === RESET_PHRASES[part], { path: ['phrase'] });
export type ResetParams = z.infer<typeof resetParams>;

/** Shortest passphrase of a backup: it guards keys for years, against who has the file. */
export const PASSPHRASE_MIN = 12;
export const passphraseSchema = z.string().min(PASSPHRASE_MIN).max(256).refine((text) => text === text.trim() && !/[\u0000-\u001f\u007f]/.test(text));

/** What a person sends to start one. */
export const resetInput = z.object({ part: resetPart, phrase: z.string().max(100), listing: digest, passphrase: passphraseSchema.optional(), reason: z.string().trim().max(500).optional(), shown: z.array(z.string().max(60)).max(20).default([]) });

/** What a backup says of itself; no secret, no hash of one. Times in ms. */
export const backupManifest = z.object({
  id: z.uuid(),
  at: z.number(),
  part: resetPart,
  dir: z.string(),
  /** Digest of the whole listing of the reset that it was made for. */
  listing: digest,
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
  cipher: z.object({ bytes: z.number(), sha256: digest }),
  /** The consensus key in it, its public half. */
  publicKey: z.string().optional(),
  /** When it was decrypted again and every file compared. */
  readBackAt: z.number(),
});
export type BackupManifest = z.infer<typeof backupManifest>;

/** One name at the top of what goes. */
export type GoingEntry = { path: string; type: 'file' | 'dir' | 'link' | 'other'; bytes: number; files: number };
export type GoingFolder = { dir: string; entries: GoingEntry[]; /** Names beyond those shown. */ more: number };
export type ShownBackup = Pick<BackupManifest, 'id' | 'at' | 'part' | 'publicKey' | 'readBackAt'> & { bytes: number; sha256: string; files: number };

/** One part as the page shows it. `blocked`: why it can't be done now. */
export type ResetPartView = {
  part: ResetPart;
  phrase: string;
  holdsKey: boolean;
  folders: GoingFolder[];
  files: number;
  bytes: number;
  /** Absent where it couldn't be listed. */
  listing?: string;
  blocked: { code: string; params: Record<string, string | number> }[];
  /** What a reason has to answer. */
  reasons: { why: string; params: Record<string, string | number> }[];
  /** One that was read back and is of exactly what would go now. */
  backup?: ShownBackup;
};
export type ResetView = { parts: ResetPartView[]; backups: ShownBackup[]; passphraseMin: number };
