import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import { db } from '#lib/db/client.ts';
import { nodeHasRun, tmkmsFolder } from '#lib/deployment/tmkms-key.ts';
import type { Gate, Words } from './schema.ts';
import type { Affected, Situation } from './situation.ts';
import { surroundings } from './surroundings.ts';
import { interlock } from './tmkms-interlock.ts';

const YES: Gate = { answer: 'yes' };

/*
 * Two things are remembered of a place: the key that was proven there (the chain had it, or tmkms made it from nothing
 * before the panel's eyes), and that its folder was empty when a start began. Both are public.
 */
const provenSchema = z.object({ key: z.string(), at: z.number(), by: z.enum(['chain', 'made-here']) });
type Proven = z.infer<typeof provenSchema>;
const provenRow = (now: Situation) => `tmkms.proven:${now.deployment.project.dir}`;
const emptyRow = (now: Situation) => `tmkms.empty:${now.deployment.project.dir}`;

async function remembered(name: string): Promise<unknown> {
  const row = await db().setting.findUnique({ where: { key: name } });
  return row ? JSON.parse(row.value) : undefined;
}

async function remember(name: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  await db().setting.upsert({ where: { key: name }, create: { key: name, value: text }, update: { value: text } });
}

const forget = (name: string) => db().setting.deleteMany({ where: { key: name } });

const started = (now: Situation): Affected | undefined => now.affected.find((a) => a.service.role === 'tmkms' && ['create', 'start', 'recreate', 'restart'].includes(a.change));

export type TmkmsAnswer = { gate: Gate; notes: string[]; evidence?: Words };

/** The interlock's answer for what this operation does to tmkms; yes when it does nothing to it. */
export async function tmkmsGate(now: Situation): Promise<TmkmsAnswer> {
  const one = started(now);
  if (!one) return { gate: YES, notes: [] };
  const [folder, hostRan, chain] = await Promise.all([tmkmsFolder(one.service), nodeHasRun(now.deployment), surroundings().ownKey()]);
  // Without the image nobody can read the key. It is pulled first, and asked again before the start.
  if (folder.state === 'unknown' && !one.image) return { gate: YES, notes: ['tmkms_checked_after_pull'] };
  const known = provenSchema.safeParse(await remembered(provenRow(now)));
  const proven = known.success ? known.data : undefined;
  const gate = interlock({ act: one.change === 'restart' ? 'restart' : 'start', folder, chain, hostRan, proven });
  if (folder.state === 'empty') return { gate, notes: gate.answer === 'yes' ? ['tmkms_makes_key'] : [], evidence: { code: 'tmkms_new', params: {} } };
  if (folder.state === 'unknown') return { gate, notes: [], evidence: { code: 'tmkms_unreadable', params: { why: folder.why } } };
  const same = chain.state === 'registered' && chain.key === folder.publicKey;
  if (same && proven?.key !== folder.publicKey && gate.answer === 'yes') await remember(provenRow(now), { key: folder.publicKey, at: clock.now(), by: 'chain' } satisfies Proven);
  return { gate, notes: [], evidence: { code: 'tmkms_key', params: { key: folder.publicKey, chain: same ? 'same' : chain.state.replace('-', '_') } } };
}

/** Called right before tmkms is started: that its folder is empty now is what makes the coming key ours. */
export async function rememberEmptyPlace(now: Situation): Promise<void> {
  const one = started(now);
  if (!one) return;
  const folder = await tmkmsFolder(one.service);
  if (folder.state === 'empty') await remember(emptyRow(now), { at: clock.now() });
  else await forget(emptyRow(now));
}

/** The key that tmkms has made since its folder was seen empty, remembered as made here. Undefined when there is none. */
export async function rememberNewKey(now: Situation): Promise<Words | undefined> {
  const one = now.affected.find((a) => a.service.role === 'tmkms');
  if (!one || (await remembered(emptyRow(now))) === undefined) return undefined;
  const folder = await tmkmsFolder(one.service);
  if (folder.state !== 'key') return undefined;
  await remember(provenRow(now), { key: folder.publicKey, at: clock.now(), by: 'made-here' } satisfies Proven);
  await forget(emptyRow(now));
  return { code: 'tmkms_made', params: { key: folder.publicKey } };
}
