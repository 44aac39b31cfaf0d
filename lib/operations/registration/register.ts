import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { db } from '#lib/db/client.ts';
import { imageId } from '#lib/docker/local-image.ts';
import { CUT, registerFailure } from './register-failure.ts';
import type { RecordVerdict } from './register-verdict.ts';
import { ownConsensusKey, proven, recordOf, registerArgs, type Registration, registrationOf, tmkmsKeyOf } from './registration.ts';
import { sentValidFor } from './sent-validity.ts';
import { pace } from '#lib/operations/pace.ts';
import type { Procedure, RunContext, Step, StepResult } from '#lib/operations/step.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

/** How often the chain is looked at while somebody waits; who is really asked, and when, the shared reading decides. */
const LOOK_MS = 2_000;

/** That the command was started: a panel that was killed then must not send it again before the chain has had its time. */
const sentSchema = z.object({ address: z.string(), url: z.string(), key: z.string(), at: z.number() });
const sentRow = (dir: string) => `register.sent:${dir}`;

async function rememberSent(dir: string, sent: Omit<z.infer<typeof sentSchema>, 'at'>): Promise<void> {
  const value = JSON.stringify({ ...sent, at: clock.now() });
  await db().setting.upsert({ where: { key: sentRow(dir) }, create: { key: sentRow(dir), value }, update: { value } });
}
const forgetSent = (dir: string) => db().setting.deleteMany({ where: { key: sentRow(dir) } });

/** How long (ms) a registration of the same values may still be under way. */
async function stillUnderWay(dir: string, { address, url, key }: { address: string; url: string; key: string }): Promise<number> {
  const row = await db().setting.findUnique({ where: { key: sentRow(dir) } });
  const sent = row && sentSchema.safeParse(JSON.parse(row.value)).data;
  if (!sent || sent.address !== address || sent.url !== url || sent.key !== key) return 0;
  return Math.min(sentValidFor(sent.at, clock.now()), pace.proofMs);
}

type Want = Registration & { key: string };
const wanted = async (run: RunContext): Promise<Want> => ({ ...registrationOf(run.deployment), key: (await ownConsensusKey(run.deployment)).key });

/** Looks until the chain says something about our account, or `ms` are over. Polite, and over at once when it is cancelled. */
async function awaitChain(run: RunContext, want: Want, ms: number, enough: (verdict: RecordVerdict) => boolean): Promise<RecordVerdict> {
  for (const until = clock.now() + ms; ; ) {
    const verdict = await recordOf(want);
    if (enough(verdict) || clock.now() >= until) return verdict;
    await run.wait(LOOK_MS);
  }
}

/** The interlock: what is on chain and isn't ours is never registered over. */
function refuseForeign(verdict: RecordVerdict, want: Want): void {
  if (verdict.state === 'other-url') throw new PanelError('register_url_kept', { chain: verdict.url || '-', ours: want.url }, { status: 409 });
  if (verdict.state === 'other-key') throw new PanelError('register_key_differs', { chain: verdict.key || '-', own: want.key, url: verdict.url || '-', address: want.address }, { status: 409 });
}

const data: Step = {
  name: 'register-data',
  async run(run): Promise<StepResult> {
    const { url, address, seed, api } = registrationOf(run.deployment);
    if (!(await imageId(api.image))) throw new PanelError('operation_image_missing', { image: api.image, service: api.name }, { status: 409 });
    return { evidence: { code: 'register_data', params: { url, address, seed } } };
  },
};

const consensusKey: Step = {
  name: 'register-key',
  async run(run): Promise<StepResult> {
    const { key, by } = await ownConsensusKey(run.deployment);
    const folder = by === 'node' ? await tmkmsKeyOf(run.deployment) : key;
    // A node that signs with another key than its tmkms would be registered with one that nobody here holds.
    if (folder !== undefined && folder !== key) throw new PanelError('register_two_keys', { node: key, tmkms: folder }, { status: 409 });
    return { evidence: { code: 'register_key', params: { key, by: folder === undefined ? 'node' : by === 'node' ? 'both' : 'tmkms' } } };
  },
};

const chainFirst: Step = {
  name: 'register-chain',
  async run(run): Promise<StepResult> {
    const want = await wanted(run);
    const verdict = await awaitChain(run, want, pace.proofMs / 4, ({ state }) => state !== 'unknown');
    if (verdict.state === 'unknown') throw new PanelError('register_chain_unread', { why: verdict.why }, { status: 503 });
    refuseForeign(verdict, want);
    if (verdict.state === 'registered') return { skipped: true, evidence: proven(want, verdict.source) };
    // Closed by a vote for a time: the command says "successful" all the same.
    const opens = await surroundings().registrationOpens();
    if (opens && opens.height < opens.opensAt) throw new PanelError('register_closed', { block: opens.opensAt, height: opens.height }, { status: 409 });
    const holders = await surroundings().holders(want.key);
    const other = holders.value?.addresses.find((address) => address !== want.address);
    if (other) throw new PanelError('register_key_taken', { address: other, key: want.key }, { status: 409 });
    if (!holders.value || holders.state !== 'ok') throw new PanelError('register_chain_unread', { why: holders.error?.code ?? 'chain_no_answer' }, { status: 503 });
    return { evidence: { code: 'register_free', params: { among: holders.value.of } } };
  },
};

/** Nothing is sent where the chain has us, or may soon have us by what an earlier attempt sent. */
const register: Step = {
  name: 'register',
  async run(run): Promise<StepResult> {
    const want = await wanted(run);
    const wait = await stillUnderWay(run.deployment.dir, want);
    const waited = await awaitChain(run, want, wait, ({ state }) => state !== 'unknown' && state !== 'absent');
    const before = waited.state === 'unknown' ? await awaitChain(run, want, pace.proofMs / 4, ({ state }) => state !== 'unknown') : waited;
    if (before.state === 'registered') return { skipped: true, evidence: proven(want, before.source) };
    refuseForeign(before, want);
    // While it was waited, everybody may have fallen silent: that is not "not there".
    if (before.state === 'unknown') throw new PanelError('register_chain_unread', { why: before.why }, { status: 503 });
    await rememberSent(run.deployment.dir, want);
    try {
      return { exitCode: await run.compose(registerArgs(want, want.key)), evidence: { code: 'register_ran', params: {} } };
    } catch (error) {
      if (!isPanelError(error) || error.code !== 'operation_command_failed') throw error;
      // It may have failed after the seed had passed it on: the chain has the last word.
      const after = await recordOf(want);
      if (after.state === 'registered') return { evidence: { code: 'register_failed_but_there', params: { detail: String(error.params.detail) } } };
      const { exitCode, lastLines = [] } = error as { exitCode?: number; lastLines?: string[] };
      const words = registerFailure(lastLines, want.seed);
      if (words && words.code !== CUT) await forgetSent(run.deployment.dir);
      throw words ? Object.assign(new PanelError(words.code, words.params, { status: 502 }), { exitCode }) : error;
    }
  },
};

const proof: Step = {
  name: 'register-proof',
  async run(run): Promise<StepResult> {
    const want = await wanted(run);
    const verdict = await awaitChain(run, want, pace.proofMs, ({ state }) => state !== 'unknown' && state !== 'absent');
    if (verdict.state === 'absent') {
      await forgetSent(run.deployment.dir);
      throw new PanelError('register_nothing_on_chain', { address: want.address, seconds: Math.round(pace.proofMs / 1000) }, { status: 502 });
    }
    if (verdict.state === 'unknown') throw new PanelError('register_unproven', { why: verdict.why }, { status: 503 });
    refuseForeign(verdict, want);
    await forgetSent(run.deployment.dir);
    return verdict.state === 'registered' ? { evidence: proven(want, verdict.source) } : {};
  },
};

/** Tells the chain of this host, once, and proves it there (quickstart 3.2; S13). */
export const REGISTER: Record<'register-host', Procedure> = { 'register-host': { steps: [data, consensusKey, chainFirst, register, proof] } };
