import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import { db } from '#lib/db/client.ts';
import { nodeHasRun, tmkmsFolder, type TmkmsFolder, type TmkmsPlace } from '#lib/deployment/tmkms-key.ts';
import { type SigningState, signingState } from '#lib/deployment/tmkms-state.ts';
import { containerMounts } from '#lib/docker/container-mounts.ts';
import type { Gate, Words } from '#lib/operations/schema.ts';
import type { Affected, Situation } from '#lib/operations/situation.ts';
import { surroundings } from '#lib/operations/surroundings.ts';
import { type ChainSignatures, interlock } from './tmkms-interlock.ts';

const YES: Gate = { answer: 'yes' };

/*
 * Two things are remembered of a place: the key that was proven there (tmkms was started with it while the chain had it,
 * or made it from nothing before the panel's eyes), and that its folder was empty when a start began. Both are public.
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

/** What tmkms would run from. A container that is kept keeps its image and its mounts, whatever the files say by now. */
async function placeOf(now: Situation, { container, service, change }: Affected): Promise<TmkmsPlace> {
  const kept = container && (!now.composeArgs || change === 'restart' || (change === 'start' && now.composeArgs.includes('--no-recreate')));
  return kept ? { image: container.imageId, mounts: await containerMounts(container.id) } : service;
}

const folderOf = async (now: Situation, one: Affected): Promise<TmkmsFolder> => tmkmsFolder(await placeOf(now, one));

/** The signing state, and what the chain shows of the key's signatures. */
async function signedBy(place: TmkmsPlace, folder: TmkmsFolder): Promise<{ signing: SigningState; signatures: ChainSignatures }> {
  const before = await signingState(place);
  if (folder.state !== 'key') return { signing: before, signatures: { state: 'unknown', why: 'no_key' } };
  const signatures = await surroundings().signatures(folder.publicKey, before.state === 'known' ? before.height : undefined);
  // Again, after the chain: a tmkms that runs has signed on meanwhile.
  return { signing: await signingState(place), signatures };
}

/** Whys that the chain can't answer now, and may in a minute. */
export const ASKED_AGAIN: readonly string[] = ['tmkms_signatures_unknown', 'tmkms_state_unproven'];

export type TmkmsAnswer = { gate: Gate; notes: string[]; evidence?: Words };

/** The interlock's answer for what this operation does to tmkms; yes when it does nothing to it. */
export async function tmkmsGate(now: Situation): Promise<TmkmsAnswer> {
  const one = started(now);
  if (!one) return { gate: YES, notes: [] };
  const place = await placeOf(now, one);
  const [folder, hostRan, chain] = await Promise.all([tmkmsFolder(place), nodeHasRun(now.deployment), surroundings().ownKey()]);
  // Without the image nobody can read the key. It is pulled first, and asked again before the start.
  if (folder.state === 'unknown' && !one.image && now.composeArgs) return { gate: YES, notes: ['tmkms_checked_after_pull'] };
  const known = provenSchema.safeParse(await remembered(provenRow(now)));
  const proven = known.success ? known.data : undefined;
  const gate = interlock({ act: one.change === 'restart' ? 'restart' : 'start', folder, chain, hostRan, proven, running: one.container?.state === 'running', ...(await signedBy(place, folder)) });
  if (folder.state === 'empty') return { gate, notes: gate.answer === 'yes' ? ['tmkms_makes_key'] : [], evidence: { code: 'tmkms_new', params: {} } };
  if (folder.state === 'unknown') return { gate, notes: [], evidence: { code: 'tmkms_unreadable', params: { why: folder.why } } };
  const same = chain.state === 'registered' && chain.key === folder.publicKey;
  return { gate, notes: [], evidence: { code: 'tmkms_key', params: { key: folder.publicKey, chain: same ? 'same' : chain.state.replace('-', '_') } } };
}

/**
 * Called right before tmkms is started and after the interlock let it pass: that its folder is empty now is what makes
 * the coming key ours; a key that the chain has is from now on one that runs here.
 */
export async function rememberPlace(now: Situation): Promise<void> {
  const one = started(now);
  if (!one) return;
  const [folder, chain] = await Promise.all([folderOf(now, one), surroundings().ownKey()]);
  if (folder.state === 'empty') await remember(emptyRow(now), { at: clock.now() });
  else await forget(emptyRow(now));
  if (folder.state === 'key' && chain.state === 'registered' && chain.key === folder.publicKey) await remember(provenRow(now), { key: folder.publicKey, at: clock.now(), by: 'chain' } satisfies Proven);
}

/**
 * Called before a tmkms that runs is taken down to be started again: the key that it runs with here, and that the chain has,
 * is one that runs here. Whoever else had started it, the coming start can tell the folder from a copy.
 */
export async function rememberRunning(now: Situation): Promise<void> {
  const container = now.affected.find((a) => a.service.role === 'tmkms')?.container;
  if (container?.state !== 'running') return;
  const [folder, chain] = await Promise.all([containerMounts(container.id).then((mounts) => tmkmsFolder({ image: container.imageId, mounts })), surroundings().ownKey()]);
  if (folder.state === 'key' && chain.state === 'registered' && chain.key === folder.publicKey) await remember(provenRow(now), { key: folder.publicKey, at: clock.now(), by: 'chain' } satisfies Proven);
}

/** The key that tmkms has made since its folder was seen empty, remembered as made here. Undefined when there is none. */
export async function rememberNewKey(now: Situation): Promise<Words | undefined> {
  const one = now.affected.find((a) => a.service.role === 'tmkms');
  if (!one || (await remembered(emptyRow(now))) === undefined) return undefined;
  const folder = await folderOf(now, one);
  if (folder.state !== 'key') return undefined;
  await remember(provenRow(now), { key: folder.publicKey, at: clock.now(), by: 'made-here' } satisfies Proven);
  await forget(emptyRow(now));
  return { code: 'tmkms_made', params: { key: folder.publicKey } };
}
