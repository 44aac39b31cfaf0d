import { type Grant, inForce } from './grants.ts';

/*
 * What `grant-ml-ops-permissions` of a release allows the ML operational key, which is what the api of that release asks
 * for (facts 8.2, 3.3; 0.2.4 and 0.2.8 recorded: samples, chain_grants.json).
 */
const inference = (...names: string[]) => names.map((name) => `/inference.inference.Msg${name}`);
const bls = (...names: string[]) => names.map((name) => `/inference.bls.Msg${name}`);

const ALWAYS = [
  ...inference('ClaimRewards', 'SubmitPocBatch', 'SubmitSeed', 'BridgeExchange', 'SubmitNewUnfundedParticipant', 'SubmitHardwareDiff'),
  ...bls('SubmitDealerPart', 'SubmitVerificationVector', 'RequestThresholdSignature', 'SubmitPartialSignature', 'SubmitGroupKeyValidationSignature'),
];
const REQUESTS = inference('StartInference', 'FinishInference', 'Validation', 'InvalidateInference', 'RevalidateInference');
const TRAINING = inference('SubmitTrainingKvRecord', 'JoinTraining', 'JoinTrainingStatus', 'TrainingHeartbeat', 'SetBarrier', 'ClaimTrainingTaskForAssignment', 'AssignTrainingTask');
const POC_V2 = inference('SubmitPocValidationsV2', 'PoCV2StoreCommit', 'MLNodeWeightDistribution');
const COMPLAINTS = bls('RespondDealerComplaints');

/** The releases whose list is known, in order. */
const KNOWN: [release: [number, number, number], list: string[]][] = [
  [[0, 2, 4], [...ALWAYS, ...REQUESTS, ...TRAINING, ...inference('SubmitPocValidation')]],
  [[0, 2, 8], [...ALWAYS, ...REQUESTS, ...TRAINING, ...POC_V2, ...inference('SubmitPocValidation')]],
  [[0, 2, 14], [...ALWAYS, ...REQUESTS, ...POC_V2, ...COMPLAINTS]],
];

/** `certain`: needed for sure. `perhaps`: needed by a neighbouring release whose list is known, so perhaps by this one; empty where the release's own list is known. */
export type Needed = { certain: string[]; perhaps: string[]; /** The release's own list is known. */ exact: boolean };

const compare = (a: readonly number[], b: readonly number[]): number => a.map((one, i) => one - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;

/** The permissions that the api of a release needs. `release`: such as `0.2.8` or `v0.2.8-post2`; undefined or another form is any release. */
export function neededPermissions(release: string | undefined): Needed {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(release ?? '')?.slice(1).map(Number);
  const own = parts && KNOWN.find(([known]) => compare(known, parts) === 0);
  if (own) return { certain: [...own[1]].sort(), perhaps: [], exact: true };
  const before = parts && KNOWN.findLast(([known]) => compare(known, parts) < 0);
  const after = parts && KNOWN.find(([known]) => compare(known, parts) > 0);
  // A release newer than all of them may have dropped anything that isn't the network's own work.
  const between = !parts ? KNOWN.map(([, list]) => list) : [before?.[1], after?.[1] ?? ALWAYS].filter((list) => list !== undefined);
  const all = [...new Set(between.flat())].sort();
  const certain = all.filter((message) => between.every((list) => list.includes(message)));
  return { certain, perhaps: all.filter((message) => !certain.includes(message)), exact: false };
}

export type Permission = { message: string; state: 'granted' | 'expired' | 'missing'; /** ms; absent: not granted, or for ever. */ until?: number };
/** `extra`: granted, and not needed by this release. `until`: when the first of the needed ones ends (ms). */
export type Permissions = { needed: Permission[]; perhaps: Permission[]; exact: boolean; extra: string[]; until?: number };

/** What of the needed permissions is in force. The same type granted twice counts by the later end. */
export function judgePermissions(needed: Needed, list: readonly Grant[], now: number): Permissions {
  const best = new Map<string, Grant>();
  for (const grant of list) {
    const known = best.get(grant.message);
    if (!known || (known.until !== undefined && (grant.until === undefined || grant.until > known.until))) best.set(grant.message, grant);
  }
  const judged = (message: string): Permission => {
    const grant = best.get(message);
    if (!grant) return { message, state: 'missing' };
    return { message, state: inForce(grant, now) ? 'granted' : 'expired', ...(grant.until === undefined ? {} : { until: grant.until }) };
  };
  const rows = needed.certain.map(judged);
  const ends = rows.flatMap(({ state, until }) => (state === 'granted' && until !== undefined ? [until] : []));
  const asked = [...needed.certain, ...needed.perhaps];
  return {
    needed: rows, perhaps: needed.perhaps.map(judged), exact: needed.exact,
    extra: [...best.values()].filter((grant) => !asked.includes(grant.message) && inForce(grant, now)).map(({ message }) => message).sort(),
    ...(ends.length > 0 ? { until: Math.min(...ends) } : {}),
  };
}

/** `complete`: every one is in force. `unclear`: all that are surely needed are, and others may be needed in this release. */
export function permissionsVerdict({ needed, perhaps, exact }: Permissions): 'complete' | 'missing' | 'unclear' {
  if (needed.some(({ state }) => state !== 'granted')) return 'missing';
  return exact || perhaps.every(({ state }) => state === 'granted') ? 'complete' : 'unclear';
}
