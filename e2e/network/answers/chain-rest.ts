/** The chain's REST API (facts 5.3): 64-bit integers are strings, enums are names. */
import { consensusAddress, hash, operatorAddress, toBech32 } from '../addresses.ts';
import { effectiveEpoch, heightAt, latestEpoch, pocStart, stagesOf, timeOfBlock } from '../chain.ts';
import { allowanceInForce, grantsInForce, hostOf, setOf, totalWeight, type Host } from '../ledger.ts';
import { CHAIN_PARAMS } from '../params.ts';
import { releaseOf, type Model } from '../releases.ts';
import { blockTime, type Answer, type View } from './answer.ts';
import { blockHeader, blockHash, nodeInfo, validatorOf, type NodeSelf } from './comet-rpc.ts';
import { NODE_BUILD_DEPS } from './node-build.ts';

const JSON_TYPE = 'application/json';
const ok = (body: unknown): Answer => ({ status: 200, type: JSON_TYPE, body });
const notFound = (message = 'not found'): Answer => ({ status: 404, type: JSON_TYPE, body: { code: 5, message, details: [] } });
const INFERENCE = '/productscience/inference/inference';
const COLLATERAL = '/productscience/inference/collateral/collateral/';
const none = { next_key: null, total: '0' };
const page = (total: number) => ({ next_key: null, total: String(total) });

const heightOf = (view: View) => heightAt(view.world.clock, view.now);

export function params(view: View): Record<string, unknown> {
  const p = view.world.clock.epochParams;
  const { slotAllocation } = releaseOf(view.world.release);
  return {
    epoch_params: {
      epoch_length: String(p.epochLength), epoch_multiplier: '1', epoch_shift: '0', default_unit_of_compute_price: '100', poc_stage_duration: String(p.pocStageDuration),
      poc_exchange_duration: String(p.pocExchangeDuration), poc_validation_delay: String(p.pocValidationDelay), poc_validation_duration: String(p.pocValidationDuration),
      set_new_validators_delay: String(p.setNewValidatorsDelay), inference_validation_cutoff: String(p.inferenceValidationCutoff), inference_pruning_epoch_threshold: '2',
      inference_pruning_max: '0', poc_pruning_max: '0', ...(slotAllocation ? { poc_slot_allocation: slotAllocation } : {}),
    },
    ...CHAIN_PARAMS[view.world.release],
    ...(view.world.registration.opensAt ? { participant_access_params: { new_participant_registration_start_height: String(view.world.registration.opensAt), blocked_participant_addresses: [], use_participant_allowlist: false, participant_allowlist_until_block_height: '0' } } : {}),
  };
}

const confirmationEvent = (view: View) => (view.world.confirmationPoc
  ? { epoch_index: String(latestEpoch(view.world.clock, heightOf(view))), event_sequence: '0', trigger_height: String(heightOf(view) - 2), generation_start_height: String(heightOf(view) - 1), phase: 'CONFIRMATION_POC_GENERATION', poc_seed_block_hash: blockHash(view, heightOf(view) - 1) }
  : null);

function epochInfo(view: View): Answer {
  const height = heightOf(view);
  const latest = latestEpoch(view.world.clock, height);
  return ok({
    block_height: String(height), params: params(view), latest_epoch: { index: String(latest), poc_start_block_height: String(pocStart(view.world.clock, latest)) },
    ...(releaseOf(view.world.release).confirmationPoc ? { is_confirmation_poc_active: view.world.confirmationPoc, active_confirmation_poc_event: confirmationEvent(view) } : {}),
  });
}

/** Epochs since the host's first as a member (0 before). */
function epochsCompleted(view: View, host: Host): number {
  if (host.firstEpoch) return Math.max(0, effectiveEpoch(view.world.clock, heightOf(view)) - host.firstEpoch);
  return Math.max(0, latestEpoch(view.world.clock, heightOf(view)) - latestEpoch(view.world.clock, host.joinHeight));
}

export function participant(view: View, host: Host) {
  const zero = { value: '0', exponent: 0 };
  return {
    index: host.address, address: host.address, weight: host.joinHeight === 0 ? 1 : -1, join_time: String(host.joinHeight === 0 ? Math.floor(host.joinTime / 1000) : Math.floor(host.joinTime)), join_height: String(host.joinHeight),
    last_inference_time: '0', inference_url: host.url, status: host.firstEpoch ? 'ACTIVE' : 'RAMPING', coin_balance: '0', validator_key: host.validatorKey,
    consecutive_invalid_inferences: '0', worker_public_key: '', epochs_completed: epochsCompleted(view, host),
    current_epoch_stats: {
      inference_count: '0', missed_requests: '0', earned_coins: '0', rewarded_coins: '0', burned_coins: '0', validated_inferences: '0', invalidated_inferences: '0',
      ...(releaseOf(view.world.release).confirmationPoc ? { invalidLLR: zero, inactiveLLR: zero, confirmationPoCRatio: null } : {}),
    },
  };
}

/** Hosts whose registration is in a block already. */
const onChain = (view: View) => view.ledger.hosts.filter((host) => host.joinHeight <= heightOf(view));

function participants(view: View, query: URLSearchParams): Answer {
  const all = onChain(view);
  const limit = Number(query.get('pagination.limit')) || 100;
  const from = query.get('pagination.key') ? Number(Buffer.from(query.get('pagination.key')!, 'base64').toString()) || 0 : Number(query.get('pagination.offset')) || 0;
  const shown = all.slice(from, from + limit);
  const next = from + limit < all.length ? Buffer.from(String(from + limit)).toString('base64') : null;
  return ok({ participant: shown.map((host) => participant(view, host)), pagination: { next_key: next, total: query.get('pagination.key') ? '0' : String(all.length) }, block_height: String(heightOf(view)) });
}

const hardware = (host: Host | undefined) => ({
  participant: host && host.hardware.length > 0 ? host.address : '',
  hardware_nodes: (host?.hardware ?? []).map((node) => ({ local_id: node.id, status: node.status, models: node.models, hardware: [], host: node.host, port: String(node.port) })),
});

const model = ({ world }: View, item: Model) => ({
  proposed_by: item.proposed_by, id: item.id, units_of_compute_per_token: String(item.units_of_compute_per_token), context_window: '0', quantization: '', coins_per_input_token: '0', coins_per_output_token: '0',
  hf_repo: item.hf_repo, hf_commit: item.hf_commit, model_args: world.modelArgs[item.id] ?? item.model_args, v_ram: String(item.v_ram), throughput_per_nonce: String(item.throughput_per_nonce), validation_threshold: { value: '85', exponent: -2 },
});

export const seedSignature = (view: View, epoch: number, address: string): string =>
  Buffer.concat([hash(view.world.name, 'seed', epoch, address), hash(view.world.name, 'seed2', epoch, address)]).toString('hex');

function epochGroup(view: View, epoch: number): Answer {
  const set = setOf(view.ledger, epoch);
  if (!set) return notFound();
  return ok({
    epoch_group_data: {
      poc_start_block_height: String(set.start), epoch_group_id: String(epoch * 2), epoch_policy: toBech32('gonka', hash(view.world.name, 'policy', epoch)),
      effective_block_height: String(stagesOf(view.world.clock, epoch).set_new_validators), last_block_height: '0',
      member_seed_signatures: set.members.map((member) => ({ member_address: member.address, signature: seedSignature(view, epoch, member.address) })),
      validation_weights: set.members.map((member) => ({ member_address: member.address, weight: String(member.weight ?? 0), reputation: Math.min(100, epoch - 1), ml_nodes: [],
        ...(releaseOf(view.world.release).confirmationPoc ? { confirmation_weight: String(member.weight ?? 0) } : {}) })),
      unit_of_compute_price: '100', number_of_requests: '0', previous_epoch_requests: '0', validation_params: params(view).validation_params, total_weight: String(totalWeight(set)), model_id: '',
      sub_group_models: [...new Set(set.members.flatMap((member) => member.mlNodes.map((share) => share.model)))], epoch_index: String(epoch), model_snapshot: null, total_throughput: '0',
    },
  });
}

function stakingValidator(view: View, host: Host) {
  const inForce = validatorOf(view, host.address);
  const operator = operatorAddress(host.address);
  const genesis = host.joinHeight === 0;
  const rates = genesis ? ['0.100000000000000000', '0.200000000000000000', '0.010000000000000000'] : Array<string>(3).fill('0.000000000000000000');
  return {
    operator_address: operator, consensus_pubkey: { '@type': '/cosmos.crypto.ed25519.PubKey', key: host.validatorKey }, jailed: false,
    status: inForce ? 'BOND_STATUS_BONDED' : 'BOND_STATUS_UNBONDING', tokens: String(inForce?.power ?? 0), delegator_shares: `${inForce?.power ?? 0}.000000000000000000`,
    description: { moniker: genesis ? 'mynode' : operator, identity: '', website: '', security_contact: '', details: '', ...host.description },
    unbonding_height: String(host.unbondingHeight), unbonding_time: host.unbondingHeight ? blockTime(timeOfBlock(view.world.clock, host.unbondingHeight) + 21 * 86_400_000) : '1970-01-01T00:00:00Z',
    commission: { commission_rates: { rate: rates[0], max_rate: rates[1], max_change_rate: rates[2] }, update_time: genesis ? blockTime(view.world.genesisTime) : '1970-01-01T00:00:00Z' },
    min_self_delegation: '1', unbonding_on_hold_ref_count: '0', unbonding_ids: inForce ? [] : [String(host.unbondings)],
  };
}

const staked = (view: View) => onChain(view).filter((host) => host.firstEpoch > 0);

function signingInfo(view: View, host: Host) {
  const height = heightOf(view);
  const missed = host.madeUp || !host.lastSigned ? 0 : Math.min(100, Math.max(0, height - host.lastSigned - 2));
  return { address: consensusAddress(host.validatorKey), start_height: String(host.joinHeight), index_offset: String(height - host.joinHeight), jailed_until: '1970-01-01T00:00:00Z', tombstoned: false, missed_blocks_counter: String(missed) };
}

function applicationNode(view: View, self: NodeSelf): Answer {
  const { id, channels: _channels, ...info } = nodeInfo(self);
  const { protocol_version, ...rest } = info;
  return ok({
    default_node_info: { protocol_version, default_node_id: id, listen_addr: rest.listen_addr, network: rest.network, version: rest.version, channels: 'QCAhIiMwOGBhAA==', moniker: rest.moniker, other: rest.other },
    application_version: { name: '', app_name: '<appd>', version: '', git_commit: '', build_tags: '', go_version: 'go version go1.24.2 linux/amd64', build_deps: NODE_BUILD_DEPS, cosmos_sdk_version: releaseOf(view.world.release).sdk },
  });
}

function cosmos(view: View, self: NodeSelf, path: string, query: URLSearchParams): Answer | undefined {
  const [, , module, , what, argument] = path.split('/');
  const height = heightOf(view);
  switch (`${module}/${what}`) {
    case 'bank/balances': {
      const balance = hostOf(view.ledger, argument ?? '')?.balance ?? 0;
      const balances = balance > 0 ? [{ denom: 'ngonka', amount: String(balance) }] : [];
      return ok({ balances, pagination: page(balances.length) });
    }
    case 'authz/grants': {
      const byGranter = argument === 'granter';
      const granter = byGranter ? path.split('/')[6] ?? '' : query.get('granter') ?? '';
      const all = grantsInForce(view.ledger, granter, byGranter ? undefined : query.get('grantee') ?? '', view.now);
      const from = query.get('pagination.key') ? Number(Buffer.from(query.get('pagination.key')!, 'base64').toString()) || 0 : Number(query.get('pagination.offset')) || 0;
      const shown = all.slice(from, from + Math.min(Number(query.get('pagination.limit')) || 100, view.world.grantsPage));
      const next = from + shown.length < all.length ? Buffer.from(String(from + shown.length)).toString('base64') : null;
      const grants = shown.map((item) => ({
        ...(byGranter ? { granter: item.granter, grantee: item.grantee } : {}),
        authorization: { '@type': '/cosmos.authz.v1beta1.GenericAuthorization', msg: item.message }, expiration: item.expiration,
      }));
      return ok({ grants, pagination: { next_key: next, total: query.get('pagination.key') ? '0' : String(all.length) } });
    }
    case 'feegrant/allowance': {
      const [granter = '', grantee = ''] = [argument, path.split('/')[6]];
      const found = allowanceInForce(view.ledger, granter, grantee, view.now);
      if (!found) return notFound('fee-grant not found');
      return ok({ allowance: { granter, grantee, allowance: { '@type': '/cosmos.feegrant.v1beta1.BasicAllowance', spend_limit: [{ denom: 'ngonka', amount: '10000000000' }], expiration: found.expiration } } });
    }
    case 'staking/validators': {
      if (argument) {
        const host = staked(view).find((item) => operatorAddress(item.address) === argument);
        return host ? ok({ validator: stakingValidator(view, host) }) : notFound(`validator ${argument} not found: key not found`);
      }
      const limit = Number(query.get('pagination.limit')) || 100;
      const status = query.get('status');
      const list = staked(view).filter((host) => !status || (status === 'BOND_STATUS_BONDED') === (validatorOf(view, host.address) !== undefined));
      return ok({ validators: list.slice(0, limit).map((host) => stakingValidator(view, host)), pagination: page(list.length) });
    }
    case 'slashing/signing_infos': {
      if (argument) {
        const host = staked(view).find((item) => consensusAddress(item.validatorKey) === argument);
        return host ? ok({ val_signing_info: signingInfo(view, host) }) : notFound(`SigningInfo not found for validator ${argument}: key not found`);
      }
      return ok({ info: staked(view).map((host) => signingInfo(view, host)), pagination: page(staked(view).length) });
    }
    case 'slashing/params':
      return ok({ params: { signed_blocks_window: '100', min_signed_per_window: '0.500000000000000000', downtime_jail_duration: '600s', slash_fraction_double_sign: '0.050000000000000000', slash_fraction_downtime: '0.010000000000000000' } });
    case 'upgrade/current_plan': {
      const plan = view.world.upgradePlan;
      return ok({ plan: plan ? { name: plan.name, time: '0001-01-01T00:00:00Z', height: String(plan.height), info: '', upgraded_client_state: null } : null });
    }
    case 'gov/proposals': return ok({ proposals: [], pagination: none });
    case 'auth/accounts': {
      const host = hostOf(view.ledger, argument ?? '');
      if (!host) return notFound(`rpc error: code = NotFound desc = account ${argument} not found: key not found`);
      return ok({ account: { '@type': '/cosmos.auth.v1beta1.BaseAccount', address: host.address, pub_key: { '@type': '/cosmos.crypto.secp256k1.PubKey', key: host.pubKey }, account_number: String(view.ledger.hosts.indexOf(host)), sequence: '1' } });
    }
  }
  if (module === 'base') {
    if (path.endsWith('/node_info')) return applicationNode(view, self);
    if (path.endsWith('/syncing')) return ok({ syncing: self.syncing === true || self.catchingUp === true });
    if (path.includes('/blocks/')) {
      const last = path.split('/').at(-1);
      const at = last === 'latest' ? height : Number(last);
      if (!(at > 0) || at > height) return { status: 400, type: JSON_TYPE, body: { code: 3, message: 'requested block height is bigger then the chain length: invalid request', details: [] } };
      return ok({ block_id: { hash: Buffer.from(blockHash(view, at), 'hex').toString('base64'), part_set_header: { total: 1, hash: '' } }, block: { header: blockHeader(view, at), data: { txs: [] }, evidence: { evidence: [] }, last_commit: null } });
    }
  }
  return undefined;
}

function inference(view: View, path: string, query: URLSearchParams): Answer | undefined {
  const release = releaseOf(view.world.release);
  const [what = '', first = '', second = ''] = path.slice(INFERENCE.length + 1).split('/');
  const effective = effectiveEpoch(view.world.clock, heightOf(view));
  switch (what) {
    case 'params': return ok({ params: params(view) });
    case 'epoch_info': return epochInfo(view);
    case 'get_current_epoch': return ok({ epoch: String(effective) });
    case 'participant': {
      if (!first) return participants(view, query);
      const host = onChain(view).find((item) => item.address === first);
      return host ? ok({ participant: participant(view, host) }) : notFound();
    }
    case 'hardware_nodes': return ok({ nodes: hardware(hostOf(view.ledger, first)) });
    case 'hardware_nodes_all': return ok({ nodes: view.ledger.hosts.filter((host) => host.hardware.length > 0).map(hardware) });
    case 'models_all': return ok({ model: release.models.map((item) => model(view, item)), ...(release.confirmationPoc ? { pagination: page(release.models.length) } : {}) });
    case 'partial_upgrade': return ok({ partialUpgrade: [], pagination: none });
    case 'mlnode_version': return ok({ mlnode_version: { current_version: release.mlNodeVersion } });
    case 'current_epoch_group_data': return epochGroup(view, effective);
    case 'epoch_group_data': return epochGroup(view, Number(first));
    case 'settle_amount': {
      const open = view.ledger.settle.find((item) => item.address === first);
      return open ? ok({ settle_amount: { participant: first, reward_coins: String(open.reward), work_coins: '0', epoch_index: String(open.epoch), seed_signature: seedSignature(view, open.epoch, first), last_claim_attempt: '0' } }) : notFound();
    }
    case 'epoch_performance_summary': {
      const found = view.ledger.performance.find((item) => item.address === second && item.epoch === Number(first));
      return found ? ok({ epochPerformanceSummary: { epoch_index: first, participant_id: second, inference_count: '0', missed_requests: '0', earned_coins: '0', rewarded_coins: String(found.rewarded), burned_coins: '0', validated_inferences: '0', invalidated_inferences: '0', claimed: found.claimed } }) : notFound();
    }
    case 'get_participant_current_stats': {
      const member = setOf(view.ledger, effective)?.members.find((item) => item.address === first);
      return ok({ weight: String(member?.weight ?? 0), reputation: 0 });
    }
    case 'participant_allow_list': return ok({ addresses: [] });
    case 'excluded_participants': return release.confirmationPoc ? ok({ items: [] }) : undefined;
    case 'active_confirmation_poc_event': return release.confirmationPoc ? ok({ is_active: view.world.confirmationPoc, event: confirmationEvent(view) }) : undefined;
    case 'confirmation_poc_events': return release.confirmationPoc ? ok({ events: [] }) : undefined;
    case 'preserved_nodes_snapshot': return release.v2 ? ok({ snapshot: null, found: false }) : undefined;
    case 'estimate_bitcoin_reward': {
      if (!release.v2) return undefined;
      const set = setOf(view.ledger, effective);
      const member = set?.members.find((item) => item.address === first);
      if (!member) return notFound();
      const reward = Math.floor((285_000_000_000_000 * (member.weight ?? 0)) / Math.max(1, totalWeight(set)));
      return ok({ settle_amount: { participant: first, reward_coins: String(reward), work_coins: '0', epoch_index: String(effective), seed_signature: '', last_claim_attempt: '0' } });
    }
  }
  return undefined;
}

/** What an account has deposited (x/collateral); without one, gRPC's NotFound. */
function collateral(view: View, address: string): Answer {
  const amount = view.world.collateral?.[address];
  return amount === undefined ? notFound(`collateral not found for participant ${address}`) : ok({ amount: { denom: 'ngonka', amount } });
}

/** The answer to a GET of the REST API; what isn't played answers as the chain does for unknown routes. */
export function chainRest(view: View, self: NodeSelf, path: string, query: URLSearchParams): Answer {
  const found = path.startsWith(INFERENCE) ? inference(view, path, query) : path.startsWith(COLLATERAL) ? collateral(view, path.slice(COLLATERAL.length)) : path.startsWith('/cosmos/') ? cosmos(view, self, path, query) : undefined;
  return found ?? { status: 501, type: JSON_TYPE, body: { code: 12, message: 'Not Implemented', details: [] } };
}
