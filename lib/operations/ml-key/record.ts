import { fromBech32, toHex } from '@cosmjs/encoding';
import { z } from 'zod';
import { db } from '#lib/db/client.ts';
import type { OperationalKeyFile } from '#lib/deployment/operational-key-file.ts';

/**
 * What is remembered of the ML operational key of a place; all of it is public. `phrase`: whether anybody has seen its
 * recovery phrase (`found`: the key was there before this panel looked).
 */
const recordSchema = z.object({ name: z.string(), address: z.string(), publicKey: z.string(), at: z.number(), phrase: z.enum(['unseen', 'shown', 'written', 'found']), operation: z.string().optional() });
export type MlKeyRecord = z.infer<typeof recordSchema>;

const row = (dir: string) => `ml-key:${dir}`;

/** The key that was read from the keyring last, by `keys show` in the image. Undefined when it never was. */
export async function mlKeyRecord(dir: string): Promise<MlKeyRecord | undefined> {
  const found = await db().setting.findUnique({ where: { key: row(dir) } });
  return found ? recordSchema.safeParse(JSON.parse(found.value)).data : undefined;
}

export async function rememberMlKey(dir: string, record: MlKeyRecord): Promise<void> {
  const value = JSON.stringify(record);
  await db().setting.upsert({ where: { key: row(dir) }, create: { key: row(dir), value }, update: { value } });
}

/** Only while the record is of that operation's key: another may have been made since. */
export async function markPhrase(operation: string, phrase: 'shown' | 'written'): Promise<void> {
  for (const one of await db().setting.findMany({ where: { key: { startsWith: 'ml-key:' } } })) {
    const record = recordSchema.safeParse(JSON.parse(one.value)).data;
    if (record?.operation === operation) await rememberMlKey(one.key.slice('ml-key:'.length), { ...record, phrase });
  }
}

/**
 * Whether the remembered key is the one in the keyring now: `same` by the address that stands in a file's name (measured
 * 5), `other` when it was replaced or renamed since, `gone` when no key is there, `unknown` when the keyring can't be read from here.
 */
export function recordAgainstFile(record: MlKeyRecord, file: OperationalKeyFile | undefined): 'same' | 'other' | 'gone' | 'unknown' {
  if (!file || file.state === 'unknown') return file?.name !== undefined && file.name !== record.name ? 'other' : 'unknown';
  if (file.name !== record.name) return 'other';
  if (file.state === 'absent') return 'gone';
  return file.addresses?.includes(toHex(fromBech32(record.address, 90).data)) ? 'same' : 'other';
}
