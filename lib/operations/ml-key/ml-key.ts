import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import { imageId } from '#lib/docker/local-image.ts';
import { isBusy, keyringPassword, lookOrMake, mlKeyPlace } from './container.ts';
import type { MlKeyReading } from './output.ts';
import { holdPhrase } from './phrase.ts';
import { mlKeyRecord, type MlKeyRecord, rememberMlKey } from './record.ts';
import type { Procedure, RunContext, Step } from '#lib/operations/step.ts';
import { unshown } from '#lib/operations/schema.ts';

const BUSY_WAIT_MS = 2000;
const BUSY_TRIES = 45;

const config: Step = {
  name: 'ml-key-config',
  async run(run) {
    // The files may have been changed by hand since the panel read them last.
    await run.readAgain();
    const { name } = mlKeyPlace(run.deployment);
    keyringPassword(run.deployment);
    return { evidence: { code: 'ml_key_config', params: { name } } };
  },
};

const image: Step = {
  name: 'ml-key-image',
  async run(run) {
    const { image: wanted } = mlKeyPlace(run.deployment);
    if (!(await imageId(wanted))) throw new PanelError('ml_key_image_missing', { image: wanted }, { status: 409 });
    return { evidence: { code: 'ml_key_image', params: { image: wanted } } };
  },
};

/** A container of a panel that was killed works on for a moment, or another panel's; it isn't disturbed. */
async function whenFree(run: RunContext, mayMake: boolean): Promise<MlKeyReading> {
  const place = mlKeyPlace(run.deployment);
  for (let tries = 1; ; tries++) {
    try {
      return await lookOrMake(place, keyringPassword(run.deployment), mayMake);
    } catch (error) {
      if (!isBusy(error) || tries === BUSY_TRIES) throw error;
      if (tries === 1) run.output.say({ code: 'ml_key_waits', params: { container: place.container } });
      await run.wait(BUSY_WAIT_MS);
    }
  }
}

const key: Step = {
  name: 'ml-key',
  async run(run) {
    const { deployment } = run;
    // Weighed once more right before: what was answered at the start is what may be done now.
    const { found, gate } = await run.look();
    const mayMake = found?.code !== 'ml_key_present' && gate !== undefined && unshown(gate, run.reason ? run.answered : []).length === 0;
    const reading = await whenFree(run, mayMake);
    // First of all: whatever is wrong with the rest, these words exist nowhere else.
    if (reading.phrase) holdPhrase(run.id, reading.phrase);
    if (!reading.outcome.ok) throw reading.outcome.error;
    const { address, publicKey } = reading.outcome.key;
    const made = reading.found === 'absent';
    await rememberMlKey(deployment.dir, await recordOf(run, { address, publicKey, made }));
    if (!made) return { evidence: { code: 'ml_key_found', params: { address, key: publicKey } } };
    return { evidence: reading.phrase ? { code: 'ml_key_made', params: { address, key: publicKey } } : { code: 'ml_key_made_unseen', params: { address, key: publicKey } } };
  },
};

async function recordOf(run: RunContext, { address, publicKey, made }: { address: string; publicKey: string; made: boolean }): Promise<MlKeyRecord> {
  const { dir, values } = run.deployment;
  const base = { name: values.KEY_NAME ?? '', address, publicKey, at: clock.now() };
  if (made) return { ...base, phrase: 'unseen', operation: run.id };
  const before = await mlKeyRecord(dir);
  // The same key, read once more: what is known of its phrase stays true.
  if (before?.address === address) return { ...base, phrase: before.phrase, ...(before.operation ? { operation: before.operation } : {}) };
  return { ...base, phrase: 'found' };
}

/** Success is what the panel remembers and the keyring has, not what a command printed. */
const proof: Step = {
  name: 'ml-key-proof',
  async run(run) {
    forgetDeployment();
    const record = await mlKeyRecord(run.deployment.dir);
    const { found } = await run.look();
    if (!record) throw new PanelError('ml_key_contradiction', { name: run.deployment.values.KEY_NAME ?? '' }, { status: 502 });
    if (found?.code === 'ml_key_absent') throw new PanelError('ml_key_vanished', { name: record.name }, { status: 409 });
    return found?.code === 'ml_key_present' ? { evidence: { code: 'ml_key_in_keyring', params: { name: record.name } } } : { evidence: { code: 'ml_key_keyring_unseen', params: { name: record.name } } };
  },
};

/** The ML operational key (S12): looked for, made where it is surely absent, read back. ADR 014. */
export const ML_KEY: Record<'create-ml-key', Procedure> = { 'create-ml-key': { steps: [config, image, key, proof] } };
