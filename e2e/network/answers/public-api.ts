/** The public API of an api container (facts 5.1, 5.2): /v1 and, later, /v2. Integers are numbers, zeros are left out. */
import { fromBech32, hash, upperHex, validatorHex } from '../addresses.ts';
import { effectiveEpoch, heightAt, latestEpoch, phaseAt, stagesOf, timeOfBlock } from '../chain.ts';
import { hostOf, pastSetOf, setOf, type ActiveSet, type Host, type Member } from '../ledger.ts';
import { releaseOf, type Model } from '../releases.ts';
import { toJson, type Answer, type View } from './answer.ts';
import { participant, seedSignature } from './chain-rest.ts';
import { blockHeader, validatorsInForce } from './comet-rpc.ts';

/** The api that answers; `version` is what its /v1/versions says (empty in local builds). */
export type ApiSelf = { address: string; mlNodes?: { node_id: string; version: string }[] };

const release = (view: View) => releaseOf(view.world.release);
const answer = (view: View, status: number, body: unknown): Answer => ({ status, type: release(view).apiJson, body });
const heightOf = (view: View) => heightAt(view.world.clock, view.now);

function epochsLatest(view: View): Answer {
  const { clock } = view.world;
  const height = heightOf(view);
  const latest = latestEpoch(clock, height);
  const p = clock.epochParams;
  const { slotAllocation, confirmationPoc } = release(view);
  // encoding/json leaves zeros out.
  const params = Object.fromEntries(Object.entries({
    epoch_length: p.epochLength, epoch_multiplier: 1, default_unit_of_compute_price: 100, poc_stage_duration: p.pocStageDuration, poc_exchange_duration: p.pocExchangeDuration,
    poc_validation_delay: p.pocValidationDelay, poc_validation_duration: p.pocValidationDuration, set_new_validators_delay: p.setNewValidatorsDelay,
    inference_validation_cutoff: p.inferenceValidationCutoff, inference_pruning_epoch_threshold: 2,
  }).filter(([, value]) => value !== 0));
  return answer(view, 200, {
    block_height: height, latest_epoch: { index: latest, poc_start_block_height: stagesOf(clock, latest).poc_start }, phase: phaseAt(clock, height),
    epoch_stages: stagesOf(clock, latest), next_epoch_stages: stagesOf(clock, latest + 1),
    epoch_params: { ...params, ...(slotAllocation ? { poc_slot_allocation: { value: Number(slotAllocation.value), exponent: slotAllocation.exponent } } : {}) },
    ...(confirmationPoc ? { is_confirmation_poc_active: view.world.confirmationPoc } : {}),
    ...(confirmationPoc && view.world.confirmationPoc
      ? { active_confirmation_poc_event: { epoch_index: latest, event_sequence: 0, trigger_height: height - 2, generation_start_height: height - 1, phase: 2, poc_seed_block_hash: upperHex(hash(view.world.name, 'block', height - 1)) } } : {}),
  });
}

function activeParticipant(view: View, epoch: number, member: Member) {
  const host = hostOf(view.ledger, member.address);
  const models = [...new Set(member.mlNodes.map((share) => share.model))];
  return {
    index: member.address, validator_key: host?.validatorKey ?? '', ...(member.weight ? { weight: member.weight } : {}), inference_url: host?.url ?? '',
    ...(models.length > 0 ? { models } : {}),
    seed: { participant: member.address, epoch_index: epoch, signature: seedSignature(view, epoch, member.address) },
    ...(models.length > 0 ? { ml_nodes: models.map((model) => ({ ml_nodes: member.mlNodes.filter((share) => share.model === model).map((share) => ({ node_id: share.id, poc_weight: share.pocWeight, timeslot_allocation: share.slots })) })) } : {}),
  };
}

function proofOf(view: View, epoch: number) {
  const bytes = (what: string) => Buffer.concat([0, 1, 2].map((i) => hash(view.world.name, what, epoch, i))).toString('base64');
  return { ops: [{ type: 'ics23:iavl', key: Buffer.from(`ActiveParticipants/value/${epoch}`).toString('base64'), data: bytes('iavl') }, { type: 'ics23:simple', key: 'aW5mZXJlbmNl', data: bytes('simple') }] };
}

/** The text of the current epoch's answer: with ten thousand hosts it takes seconds to write. */
const written = new WeakMap<ActiveSet, string>();

function epochParticipants(view: View, epoch: number): Answer {
  const set = pastSetOf(view.ledger, view.world, epoch);
  if (!set || set.members.length === 0) return answer(view, 404, { error: 'No active participants found for the specified epoch. Looks like PoC failed!' });
  const known = written.get(set);
  if (known) return answer(view, 200, known);
  const stages = stagesOf(view.world.clock, epoch);
  const validators = validatorsInForce(view);
  const header = blockHeader(view, stages.poc_validation_end + 1);
  const commit = { hash: header.last_block_id.hash, parts: header.last_block_id.parts };
  const body = {
    active_participants: {
      participants: set.members.map((member) => activeParticipant(view, epoch, member)), epoch_group_id: epoch, poc_start_block_height: set.start,
      effective_block_height: stages.set_new_validators, created_at_block_height: stages.poc_validation_end, epoch_id: epoch,
    },
    addresses: set.members.map((member) => validatorHex(hostOf(view.ledger, member.address)?.validatorKey ?? '')),
    active_participants_bytes: Buffer.concat(set.members.map((member) => hash(member.address, epoch))).toString('hex'),
    proof_ops: proofOf(view, epoch),
    validators: validators.map(({ validatorKey, hex, power }, index) => ({ address: hex, pub_key: validatorKey, voting_power: power, proposer_priority: ((index * 37) % 120) - 60 || 1 })),
    block: {
      header: { ...header, version: { block: 11 }, height: stages.poc_validation_end + 1 },
      data: { txs: [hash(view.world.name, 'tx', epoch).toString('base64')] }, evidence: { evidence: null },
      last_commit: {
        height: stages.poc_validation_end, round: 0, block_id: commit,
        signatures: validators.map(({ validatorKey, hex }) => ({ block_id_flag: 2, validator_address: hex, timestamp: header.time, signature: Buffer.concat([hash(validatorKey, epoch), hash(epoch, validatorKey)]).toString('base64') })),
      },
    },
  };
  const text = toJson(release(view).confirmationPoc ? { ...body, excluded_participants: [] } : body);
  if (epoch === effectiveEpoch(view.world.clock, heightOf(view))) written.set(set, text);
  return answer(view, 200, text);
}

/** Not in a block yet, or left out on demand. */
const isUnseen = (view: View, host: Host): boolean => host.joinHeight > heightOf(view) || (view.world.registration.unseen === true && !host.madeUp);

function onePerson(view: View, address: string): Answer {
  const decoded = fromBech32(address);
  if ('error' in decoded) return answer(view, 500, { error: 'rpc error: code = InvalidArgument desc = rpc error: code = InvalidArgument desc = invalid address: invalid request' });
  const host = hostOf(view.ledger, address);
  if (!host || isUnseen(view, host)) return answer(view, 404, { error: `rpc error: code = NotFound desc = rpc error: code = NotFound desc = account ${address} not found: key not found` });
  if (release(view).v2) return answer(view, 200, { pubkey: host.pubKey, balance: host.balance, denom: 'ngonka' });
  return answer(view, 200, { pubkey: host.pubKey, ...(host.balance ? { balance: host.balance } : {}) });
}

const model = ({ world }: View, item: Model) => ({
  proposed_by: item.proposed_by, id: item.id, units_of_compute_per_token: item.units_of_compute_per_token, hf_repo: item.hf_repo, hf_commit: item.hf_commit,
  model_args: world.modelArgs[item.id] ?? item.model_args, v_ram: item.v_ram, throughput_per_nonce: item.throughput_per_nonce, validation_threshold: { value: 85, exponent: -2 },
});

/** Models that someone in the current set serves. */
function servedModels(view: View): Model[] {
  const set = setOf(view.ledger, effectiveEpoch(view.world.clock, heightOf(view)));
  const ids = new Set(set?.members.flatMap((member) => member.mlNodes.map((share) => share.model)));
  return release(view).models.filter((item) => ids.has(item.id));
}

function models(view: View): Answer {
  const served = servedModels(view);
  if (!release(view).v2) return answer(view, 200, { models: served.map((item) => model(view, item)) });
  return answer(view, 200, { object: 'list', data: served.map((item) => ({ object: 'model', id: item.id, hugging_face_id: item.hf_repo, name: item.id, created: 1755820800, input_modalities: ['text'], output_modalities: ['text'], context_length: 240000, max_output_length: 240000 })) });
}

function bls(view: View, epoch: number): Answer {
  const set = pastSetOf(view.ledger, view.world, epoch);
  const members = (set?.members ?? []).slice(0, 2);
  const piece = (what: string, address: string) => hash(what, address, epoch).toString('base64');
  const data = {
    epoch_id: epoch, i_total_slots: 100, t_slots_degree: 50,
    participants: members.map((member, index) => ({ address: member.address, percentage_weight: '50.000000000000000000', secp256k1_public_key: hostOf(view.ledger, member.address)?.pubKey ?? '', ...(index ? { slot_start_index: 50 } : {}), slot_end_index: index ? 99 : 49 })),
    dkg_phase: 4, dealing_phase_deadline_block: stagesOf(view.world.clock, epoch).set_new_validators + 3, verifying_phase_deadline_block: stagesOf(view.world.clock, epoch).set_new_validators + 6,
    dealer_parts: members.map((member) => ({ dealer_address: member.address, commitments: [piece('commitment', member.address)], participant_shares: members.map((other) => ({ encrypted_shares: [piece('share', other.address)] })) })),
    verification_submissions: members.map(() => ({})),
  };
  if (!release(view).confirmationPoc) return answer(view, 200, data);
  const group = piece('group', 'key');
  return answer(view, 200, {
    epoch_data: { ...data, group_public_key: group, verification_submissions: members.map(() => ({ dealer_validity: members.map(() => true) })), valid_dealers: members.map(() => true), slot_public_keys: [piece('slot', 'key')] },
    group_public_key_uncompressed_256: group, validation_signature_uncompressed_128: null,
  });
}

const build = () => ({ application_name: '<appd>', commit: '', version: '' });
const seconds = (now: number) => new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');

/** The answer to a GET below `/v1` or `/v2`; undefined where there is no such route. */
export function publicApi(view: View, self: ApiSelf, path: string): Answer {
  const [version = '', what = '', first = '', second = ''] = path.replace(/^\/+/, '').split('/');
  const rel = release(view);
  const missing = answer(view, 404, { error: 'Not Found' });
  if (version === 'v2') {
    const host = hostOf(view.ledger, first);
    if (!rel.v2 || !host || isUnseen(view, host)) return missing;
    if (what === 'participants') return answer(view, 200, { participant: participant(view, host) });
    return what === 'accounts' ? onePerson(view, first) : missing;
  }
  switch (what) {
    case 'status': return answer(view, 200, { status: 'ok' });
    case 'epochs': {
      if (second === 'participants') {
        if (first === 'current') return epochParticipants(view, effectiveEpoch(view.world.clock, heightOf(view)));
        if (!/^\d+$/.test(first)) return answer(view, 400, { error: 'Invalid epoch id' });
        return Number(first) < 1 ? answer(view, 400, { error: 'Epoch enumeration starts with 1' }) : epochParticipants(view, Number(first));
      }
      return first === 'latest' ? epochsLatest(view) : answer(view, 400, { error: 'Only getting info for current epoch is supported at the moment' });
    }
    case 'participants': {
      if (first) return onePerson(view, first);
      const list = view.ledger.hosts.filter((host) => host.joinHeight <= heightOf(view));
      return answer(view, 200, { participants: list.map((host) => ({ id: host.address, url: host.url, coins_owed: 0, refunds_owed: 0, balance: host.balance, voting_power: host.joinHeight === 0 ? 1 : -1, reputation: 0 })), block_height: heightOf(view) });
    }
    case 'models': return models(view);
    case 'governance':
      if (first === 'models') return answer(view, 200, { models: rel.models.map((item) => model(view, item)) });
      if (first === 'pricing') return answer(view, 200, { unit_of_compute_price: 100, models: rel.models.map((item) => ({ id: item.id, units_of_compute_per_token: item.units_of_compute_per_token, price_per_token: item === rel.models.at(-1) ? 0 : item.units_of_compute_per_token * 100 })), dynamic_pricing_enabled: true });
      return missing;
    case 'pricing': return answer(view, 200, { unit_of_compute_price: 100, models: servedModels(view).map((item) => ({ id: item.id, units_of_compute_per_token: item.units_of_compute_per_token, price_per_token: item.units_of_compute_per_token * 100 })), dynamic_pricing_enabled: false });
    case 'versions': return answer(view, 200, { api_version: build(), ...(rel.v2 ? { mlnodes: self.mlNodes ?? [] } : {}), node_version: build(), timestamp: seconds(view.now) });
    case 'identity': {
      if (!rel.identity || first) return missing;
      return answer(view, 200, { data: { address: self.address, block: heightOf(view), timestamp: seconds(timeOfBlock(view.world.clock, heightOf(view))) }, signature: Buffer.concat([hash(self.address, heightOf(view)), hash(heightOf(view), self.address)]).toString('base64') });
    }
    case 'bls': return first === 'epoch' ? bls(view, Number(second)) : missing;
    case 'debug': return first === 'pubkey-to-addr' ? answer(view, 400, { error: {} }) : missing;
    case 'restrictions': return first === 'status' ? answer(view, 200, { is_active: false }) : missing;
    case 'bridge': return first === 'status' ? answer(view, 200, { pending_blocks: 0 }) : missing;
    case 'chat': return rel.v2 ? answer(view, 410, { error: 'Gone' }) : missing;
  }
  return missing;
}

