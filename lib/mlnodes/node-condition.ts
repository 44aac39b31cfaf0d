import type { AdminNode } from './schema.ts';

/** Keys under mlNodes.conditions. */
export type ConditionCode =
  | 'serving' | 'in_poc' | 'training' | 'stopped_as_intended' | 'disabled' | 'disabled_still_in' | 'waits_for_poc' | 'no_epoch_model' | 'just_registered' | 'changing' | 'not_there_yet' | 'stuck' | 'silent' | 'failed' | 'unseen';
export type NodeCondition = { level: 'ok' | 'working' | 'attention' | 'broken' | 'unknown'; code: ConditionCode; params: Record<string, string | number> };

/** A model server may take this long to start (facts 4.2): a node that isn't where it should be is stuck only after it. */
const START_MS = 20 * 60_000;
/** The api's benign complaint before a node's first PoC (facts 4.2). */
const NO_MODEL = /no epoch models available/i;

/**
 * How an ML node does, from what the api says of it. What looks broken and isn't is told apart from what is: enabled and
 * STOPPED without a model in this epoch waits for the next PoC (measured 24); STOPPED with one is dead, and its failure
 * reason is empty (measured 36). `latestEpoch`: of the epoch clock, absent while unknown.
 */
export function nodeCondition({ state }: Pick<AdminNode, 'state'>, now: number, latestEpoch?: number): NodeCondition {
  const say = (level: NodeCondition['level'], code: ConditionCode, params: NodeCondition['params'] = {}): NodeCondition => ({ level, code, params });
  const { intended, current, failure, changing, admin, since } = state;
  const benign = NO_MODEL.test(failure);
  if (current === 'FAILED' && !benign) return say('broken', 'failed');
  // Until the next PoC starts a disabled node serves on (facts 4.4).
  if (admin && !admin.enabled) return latestEpoch !== undefined && admin.epoch >= latestEpoch ? say('working', 'disabled_still_in', { epoch: admin.epoch }) : say('ok', 'disabled');
  if (intended === 'UNKNOWN') return say('working', 'just_registered');
  if (benign) return say('working', 'no_epoch_model');
  if (changing) return say('working', 'changing', { intended });
  if (current === intended) {
    if (current === 'INFERENCE') return say('ok', 'serving');
    if (current === 'POC') return say('ok', 'in_poc');
    if (current === 'TRAINING') return say('ok', 'training');
    return say('ok', 'stopped_as_intended');
  }
  const hasModel = Object.keys(state.duty).length > 0;
  if (current === 'STOPPED' && intended === 'INFERENCE' && !hasModel) return say('working', 'waits_for_poc');
  if (current === 'STOPPED' && failure === '' && intended === 'INFERENCE') return say('broken', 'silent');
  if (current === 'UNKNOWN') return say('unknown', 'unseen', { intended });
  // How long it is what it is says nothing of how long it should be in PoC.
  if (intended === 'POC') return say('attention', 'not_there_yet', { intended, current });
  const age = since === undefined ? 0 : now - since;
  return age > START_MS ? say('broken', 'stuck', { intended, current, minutes: Math.floor(age / 60_000) }) : say('working', 'not_there_yet', { intended, current });
}
