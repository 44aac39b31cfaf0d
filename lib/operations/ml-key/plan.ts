import { operationalKeyFile } from '#lib/deployment/operational-key-file.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { type MlKeyPlace, mlKeyCommand, mlKeyPlace } from './container.ts';
import { mlKeyRecord } from './record.ts';
import type { Against, Gate } from '#lib/operations/schema.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

const reason = (why: string, params: Against['params'] = {}): Against => ({ why, params });

/**
 * What speaks against making a key: one that was here and is gone (a disk that isn't mounted looks like that, too), and a
 * host that is registered, or may be: replacing its key endangers the reward of the running epoch (facts 8.3).
 */
async function againstMaking(of: Deployment, place: MlKeyPlace): Promise<Against[]> {
  const [record, chain] = await Promise.all([mlKeyRecord(of.dir), surroundings().ownKey()]);
  const against: Against[] = [];
  if (record?.name === place.name) against.push(reason('ml_key_was_here', { name: record.name, address: record.address }));
  if (chain.state === 'registered') against.push(reason('ml_key_registered'));
  else if (chain.state === 'unknown') against.push(reason('ml_key_chain_unknown'));
  return against;
}

/** The work on the ML operational key: touches no container that runs. */
export async function mlKeyPlan(of: Deployment): Promise<Situation> {
  const place = mlKeyPlace(of);
  const file = await operationalKeyFile(of);
  const there = file.state === 'present';
  const reasons = there ? [] : await againstMaking(of, place);
  const gate: Gate = reasons.length > 0 ? { answer: 'reason-needed', reasons } : { answer: 'yes' };
  const notes = there ? ['ml_key_stays'] : ['ml_key_looks_first', 'ml_key_phrase_once'];
  return { deployment: of, affected: [], command: mlKeyCommand(place, !there), found: { code: `ml_key_${file.state}`, params: { name: place.name } }, gate, notes };
}
