import { createHash } from 'node:crypto';
import { clock } from '#lib/core/clock.ts';
import { db } from '#lib/db/client.ts';

const FREE = 5;
const FORGOTTEN_AFTER_MS = 15 * 60_000;
const LONGEST_WAIT_MS = 60_000;

/** Rows are kept by a hash of the name: people type their password into the wrong field. */
const keyOf = (username: string): string => createHash('sha256').update(username).digest('hex');

/** 5 wrong passwords are free; then 2, 4, 8 … 60 s between two tries: a delay, never a lock that a stranger could hold shut. */
export function waitAfter(failures: number): number {
  return failures < FREE ? 0 : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (failures - FREE + 1));
}

/**
 * Milliseconds until this account may be tried again from this address; 0: now. better-auth limits by address only
 * (design: per account too, kept over restarts). An address the account is signed in from doesn't wait.
 */
export async function accountWait(username: string, ip: string): Promise<number> {
  const wait = await waitEverywhere(username);
  if (wait === 0) return 0;
  const known = await db().session.count({ where: { ipAddress: ip, user: { username }, expiresAt: { gt: new Date(clock.now()) } } });
  return known ? 0 : wait;
}

/** The same for who is signed in already and has to prove it once more: no address is excepted. */
export async function waitEverywhere(username: string): Promise<number> {
  const row = await db().signInFailure.findUnique({ where: { username: keyOf(username) } });
  if (!row || clock.now() - row.lastAt.getTime() > FORGOTTEN_AFTER_MS) return 0;
  return Math.max(0, row.lastAt.getTime() + waitAfter(row.count) - clock.now());
}

/** Counts a wrong password, or forgets the count after a right one. Names nobody has are counted the same. */
export async function recordSignIn(username: string, success: boolean): Promise<void> {
  if (success) return forgetFailures(username);
  const now = new Date(clock.now());
  const key = keyOf(username);
  await db().signInFailure.deleteMany({ where: { lastAt: { lt: new Date(clock.now() - FORGOTTEN_AFTER_MS) } } });
  await db().signInFailure.upsert({ where: { username: key }, create: { username: key, count: 1, lastAt: now }, update: { count: { increment: 1 }, lastAt: now } });
}

export async function forgetFailures(username: string): Promise<void> {
  await db().signInFailure.deleteMany({ where: { username: keyOf(username) } });
}
