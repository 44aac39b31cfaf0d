import type { AdminNode } from '#lib/mlnodes/schema.ts';
import type { OwnPeering } from '#lib/watch/network-readings.ts';
import { OUTSIDE_VALID_MS, type OutsideCheck } from './outside-check.ts';
import type { Evidence } from './schema.ts';

type Read<T> = { state: 'ok' | 'stale' | 'unknown' | 'rate-limited'; value?: T; at?: number; source?: string; error?: { code: string; params: Evidence['params'] } };
export type VerifyFacts = {
  now: number;
  /** The api's own list of ML nodes. */
  nodes: Read<AdminNode[]>;
  peering: Read<OwnPeering>;
  /** The own node's number of peers; undefined: not known. */
  peers?: number;
  /** Absent: no PUBLIC_URL is set, or no proxy of this deployment runs. */
  outside?: OutsideCheck;
  publicUrl?: string;
};

export const VERIFY_ITEMS = ['ml_nodes', 'p2p', 'outside'] as const;
export type VerifyItem = { name: (typeof VERIFY_ITEMS)[number]; state: 'done' | 'missing' | 'unknown'; evidence: Evidence };

/** What the last step looks at besides the other steps' own evidence. Pure. */
export function verifyItems(facts: VerifyFacts): VerifyItem[] {
  return [mlNodes(facts), p2p(facts), outside(facts)];
}

const from = ({ at, source, error }: Read<unknown>): Partial<Evidence> => ({ ...(at === undefined ? {} : { at }), ...(source ? { source } : {}), ...(error ? { error } : {}) });

/**
 * Enabled and STOPPED is what a new host looks like until its first PoC (measured 24), and so is FAILED for want of an epoch
 * model (facts 13, row 1): neither counts against it.
 */
function mlNodes({ nodes }: VerifyFacts): VerifyItem {
  const name = 'ml_nodes';
  if (nodes.state !== 'ok' || !nodes.value) return { name, state: 'unknown', evidence: { code: 'ml_unread', params: {}, ...from(nodes) } };
  if (nodes.value.length === 0) return { name, state: 'missing', evidence: { code: 'ml_none', params: {}, ...from(nodes) } };
  const enabled = nodes.value.filter(({ state }) => state.admin?.enabled !== false);
  if (enabled.length === 0) return { name, state: 'missing', evidence: { code: 'ml_all_disabled', params: { count: nodes.value.length }, ...from(nodes) } };
  const failed = enabled.filter(({ state }) => state.current === 'FAILED' && !/No epoch models/i.test(state.failure));
  if (failed.length > 0) return { name, state: 'missing', evidence: { code: 'ml_failed', params: { names: failed.slice(0, 4).map(({ id }) => id).join(', '), reason: failed[0]?.state.failure.slice(0, 200) || '–' }, ...from(nodes) } };
  const silent = enabled.filter(({ state }) => state.current === 'UNKNOWN');
  if (silent.length > 0) return { name, state: 'unknown', evidence: { code: 'ml_not_seen', params: { names: silent.slice(0, 4).map(({ id }) => id).join(', ') }, ...from(nodes) } };
  const waiting = enabled.filter(({ state }) => state.current === 'STOPPED' || state.current === 'FAILED').length;
  return { name, state: 'done', evidence: { code: waiting > 0 ? 'ml_waiting' : 'ml_ok', params: { count: enabled.length, waiting }, ...from(nodes) } };
}

/** Being among a seed's peers proves a connection; only one that the seed opened proves that the port is reachable. */
function p2p({ peering, peers }: VerifyFacts): VerifyItem {
  const name = 'p2p';
  const { value } = peering;
  if (peering.state === 'ok' && value?.dialled) return { name, state: 'done', evidence: { code: 'p2p_dialled', params: {}, ...from(peering) } };
  if (peers === 0) return { name, state: 'missing', evidence: { code: 'p2p_alone', params: {} } };
  if (peering.state === 'ok' && value?.among) return { name, state: 'unknown', evidence: { code: 'p2p_called_out', params: {}, ...from(peering) } };
  if (peering.state === 'ok' && value) return { name, state: 'unknown', evidence: { code: 'p2p_not_there', params: { count: value.count, peers: peers ?? 0 }, ...from(peering) } };
  return { name, state: 'unknown', evidence: { code: 'p2p_unread', params: {}, ...from(peering) } };
}

function outside({ outside: check, publicUrl, now }: VerifyFacts): VerifyItem {
  const name = 'outside';
  if (!publicUrl) return { name, state: 'missing', evidence: { code: 'outside_no_url', params: {} } };
  if (!check) return { name, state: 'unknown', evidence: { code: 'outside_no_proxy', params: {} } };
  const { seen, inside, refused } = check;
  if (seen && now - seen.at < OUTSIDE_VALID_MS && seen.at <= now + 60_000) return { name, state: 'done', evidence: { code: 'outside_seen', params: { address: seen.address }, source: 'proxy', at: seen.at } };
  if (refused && refused.at > Math.max(seen?.at ?? 0, inside?.at ?? 0)) return { name, state: 'missing', evidence: { code: 'outside_refused', params: { address: refused.address, status: refused.status }, source: 'proxy', at: refused.at } };
  if (inside && inside.at > (seen?.at ?? 0)) return { name, state: 'unknown', evidence: { code: 'outside_inside', params: { address: inside.address }, source: 'proxy', at: inside.at } };
  return seen ? { name, state: 'unknown', evidence: { code: 'outside_old', params: { address: seen.address }, source: 'proxy', at: seen.at } } : { name, state: 'missing', evidence: { code: 'outside_not_yet', params: {} } };
}
