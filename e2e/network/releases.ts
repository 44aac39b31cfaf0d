/** What differs between the releases that the stand-in plays, as data (facts 1.2, 4.1; measured 38 to 46). */
export type ReleaseName = '0.2.4' | '0.2.8' | '0.2.14';

export type Model = {
  proposed_by: string; id: string; units_of_compute_per_token: number;
  hf_repo: string; hf_commit: string; model_args: string[]; v_ram: number; throughput_per_nonce: number;
};

export type Release = {
  name: ReleaseName;
  /** Content type of echo's JSON answers. */
  apiJson: string;
  sdk: string;
  cobra: string;
  models: Model[];
  /** Message types that the grant command authorises. */
  permissions: string[];
  /** Default of `poc_slot_allocation`: undefined where the parameter doesn't exist. */
  slotAllocation?: { value: string; exponent: number };
  /** /v1/identity, excluded_participants, is_confirmation_poc_active and what came with them. */
  confirmationPoc: boolean;
  identity: boolean;
  /** Admin API: `ChainNode.KeyringPassword` in the config answer, Go names as keys (measured 14, 40). */
  configGoNames: boolean;
  /** Admin API: POST/PUT/batch check their bodies (measured 29, 43). */
  validatesNodes: boolean;
  /** Admin API: enable or disable with an unknown id blocks it for ever (measured 28). */
  wedges: boolean;
  /** Status of an ML node that skips PoC because it is disabled (measured 22, 41). */
  disabledStatus: 'STOPPED' | 'INFERENCE';
  /** Own api ends by a panic when its node goes (measured 27) or quietly (measured 44). */
  panicsWithoutNode: boolean;
  /** The chain refuses private addresses as URL (measured 39). */
  refusesPrivateUrl: boolean;
  /** Proxy: /chain-* answers 404 unless it is switched on, requests are limited (measured 38). */
  proxyGuards: boolean;
  /** GET /v1/models is an OpenAI list; /v2 routes; accounts with denom; the grant command adds a fee allowance (facts 5.2, 8.2, 0.2.12 and later). */
  v2: boolean;
  mlNodeVersion: string;
};

const PROPOSER = 'gonka10d07y265gmmuvt4z0w9aw880jnsr700j2h5m33';
const QWEN_SMALL: Model = {
  proposed_by: PROPOSER, id: 'Qwen/Qwen2.5-7B-Instruct', units_of_compute_per_token: 100, hf_repo: 'Qwen/Qwen2.5-7B-Instruct',
  hf_commit: 'a09a35458c702b33eeacc393d103063234e8bc28', model_args: ['--quantization', 'fp8'], v_ram: 24, throughput_per_nonce: 10000,
};
const QWQ: Model = {
  proposed_by: PROPOSER, id: 'Qwen/QwQ-32B', units_of_compute_per_token: 1000, hf_repo: 'Qwen/QwQ-32B',
  hf_commit: '976055f8c83f394f35dbd3ab09a285a984907bd0', model_args: ['--quantization', 'fp8', '--kv-cache-dtype', 'fp8'], v_ram: 80, throughput_per_nonce: 1000,
};
const QWEN_LARGE: Model = {
  proposed_by: PROPOSER, id: 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8', units_of_compute_per_token: 100, hf_repo: 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8',
  hf_commit: 'e156cb4efae43fbee1a1ab073f946a1377e6b969', model_args: ['--max-model-len', '240000'], v_ram: 320, throughput_per_nonce: 1000,
};

const bls = (...names: string[]) => names.map((name) => `/inference.bls.Msg${name}`);
const inference = (...names: string[]) => names.map((name) => `/inference.inference.Msg${name}`);
const TRAINING = ['AssignTrainingTask', 'ClaimTrainingTaskForAssignment', 'JoinTraining', 'JoinTrainingStatus', 'SetBarrier', 'SubmitTrainingKvRecord', 'TrainingHeartbeat'];
const COMMON = ['BridgeExchange', 'ClaimRewards', 'FinishInference', 'InvalidateInference', 'RevalidateInference', 'StartInference', 'SubmitHardwareDiff', 'SubmitNewUnfundedParticipant', 'SubmitPocBatch', 'SubmitSeed', 'Validation'];
const POC_V2 = ['MLNodeWeightDistribution', 'PoCV2StoreCommit', 'SubmitPocValidationsV2'];
const BLS = bls('RequestThresholdSignature', 'SubmitDealerPart', 'SubmitGroupKeyValidationSignature', 'SubmitPartialSignature', 'SubmitVerificationVector');
const sorted = (list: string[]) => [...list].sort();

export const RELEASES: Record<ReleaseName, Release> = {
  '0.2.4': {
    name: '0.2.4', apiJson: 'application/json; charset=UTF-8', sdk: 'v0.53.3-ps13', cobra: 'v1.9.1', models: [QWQ, QWEN_SMALL],
    permissions: sorted([...BLS, ...inference(...TRAINING, ...COMMON, 'SubmitPocValidation')]),
    confirmationPoc: false, identity: false, configGoNames: true, validatesNodes: false, wedges: true, disabledStatus: 'STOPPED',
    panicsWithoutNode: true, refusesPrivateUrl: false, proxyGuards: false, v2: false, mlNodeVersion: 'v3.0.8',
  },
  '0.2.8': {
    name: '0.2.8', apiJson: 'application/json', sdk: 'v0.53.3-ps15', cobra: 'v1.10.1', models: [QWQ, QWEN_SMALL],
    permissions: sorted([...BLS, ...inference(...TRAINING, ...COMMON, ...POC_V2, 'SubmitPocValidation')]),
    slotAllocation: { value: '5', exponent: -1 },
    confirmationPoc: true, identity: true, configGoNames: false, validatesNodes: true, wedges: false, disabledStatus: 'INFERENCE',
    panicsWithoutNode: false, refusesPrivateUrl: true, proxyGuards: true, v2: false, mlNodeVersion: 'v3.0.8',
  },
  '0.2.14': {
    name: '0.2.14', apiJson: 'application/json', sdk: 'v0.53.3-ps17', cobra: 'v1.10.1', models: [QWEN_LARGE],
    permissions: sorted([...BLS, ...bls('RespondDealerComplaints'), ...inference(...COMMON, ...POC_V2)]),
    slotAllocation: { value: '5', exponent: -1 },
    confirmationPoc: true, identity: true, configGoNames: false, validatesNodes: true, wedges: false, disabledStatus: 'INFERENCE',
    panicsWithoutNode: false, refusesPrivateUrl: true, proxyGuards: true, v2: true, mlNodeVersion: 'v3.0.8',
  },
};

export function releaseOf(name: string | undefined): Release {
  return RELEASES[(name ?? '') as ReleaseName] ?? RELEASES['0.2.4'];
}
