import type { AdminNode } from '#lib/mlnodes/schema.ts';
import type { OwnPeering } from '#lib/watch/network-readings.ts';
import { firstOf } from '#lib/core/first-of.ts';
import { OUTSIDE_VALID_MS, type OutsideCheck } from './outside-check.ts';
import type { Evidence } from './schema.ts';

type Read<T> = { state: 'ok' | 'stale' | 'unknown' | 'rate-limited'; value?: T; at?: number; source?: string; error?: { code: string; params: Evidence['params'] } };
export type VerifyFacts = {
  now: number;
  /** The api's own list of ML nodes. */
  nodes: Read<AdminNode[]>;
  /** What the ML nodes that wait say of themselves, by id. */
  saying?: ReadonlyMap<string, Read<'healthy' | 'unhealthy'>>;
  peering: Read<OwnPeering>;
  /** The own node's number of peers; absent: not known. */
  peers?: { count: number; at?: number; source?: string };
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

const isEnabled = ({ state }: AdminNode) => state.admin?.enabled !== false;
const wantsModel = ({ state }: AdminNode) => state.current === 'FAILED' && /No epoch models/i.test(state.failure);
/**
 * Enabled and STOPPED is what a new host's ML node looks like until its first PoC (measured 24), FAILED for want of an epoch
 * model too (facts 13, row 1). One that is switched off looks the same (measured 36): so it has to speak for itself.
 */
export const waits = (node: AdminNode): boolean => isEnabled(node) && (node.state.current === 'STOPPED' || wantsModel(node));

function mlNodes({ nodes, saying }: VerifyFacts): VerifyItem {
  const name = 'ml_nodes';
  const item = (state: VerifyItem['state'], code: string, params: Evidence['params'] = {}): VerifyItem => ({ name, state, evidence: { code, params, ...from(nodes) } });
  const ids = (of: readonly AdminNode[]) => ({ names: firstOf(of.map(({ id }) => id), 4) });
  if (nodes.state !== 'ok' || !nodes.value) return item('unknown', 'ml_unread');
  if (nodes.value.length === 0) return item('missing', 'ml_none');
  const enabled = nodes.value.filter(isEnabled);
  if (enabled.length === 0) return item('missing', 'ml_all_disabled', { count: nodes.value.length });
  const failed = enabled.filter((node) => node.state.current === 'FAILED' && !wantsModel(node));
  if (failed.length > 0) return item('missing', 'ml_failed', { ...ids(failed), reason: failed[0]?.state.failure.slice(0, 200) || '–' });
  const waiting = enabled.filter(waits);
  const said = ({ id }: AdminNode) => (saying?.get(id)?.state === 'ok' ? saying.get(id)?.value : undefined);
  const unwell = waiting.filter((node) => said(node) === 'unhealthy');
  if (unwell.length > 0) return item('missing', 'ml_unwell', ids(unwell));
  const silent = enabled.filter(({ state }) => state.current === 'UNKNOWN');
  if (silent.length > 0) return item('unknown', 'ml_not_seen', ids(silent));
  const mute = waiting.filter((node) => said(node) === undefined);
  if (mute.length > 0) return item('unknown', 'ml_mute', ids(mute));
  return item('done', waiting.length > 0 ? 'ml_waiting' : 'ml_ok', { count: enabled.length, waiting: waiting.length });
}

/** Being among a seed's peers proves a connection; only one that the seed opened proves that the port is reachable. */
function p2p({ peering, peers }: VerifyFacts): VerifyItem {
  const name = 'p2p';
  const { value } = peering;
  if (peering.state === 'ok' && value?.dialled) return { name, state: 'done', evidence: { code: 'p2p_dialled', params: {}, ...from(peering) } };
  if (peers?.count === 0) return { name, state: 'missing', evidence: { code: 'p2p_alone', params: {}, ...from({ state: 'ok', ...peers }) } };
  if (peering.state === 'ok' && value?.among) return { name, state: 'unknown', evidence: { code: 'p2p_called_out', params: {}, ...from(peering) } };
  if (peering.state === 'ok' && value) return { name, state: 'unknown', evidence: { code: 'p2p_not_there', params: { count: value.count, known: peers ? 'yes' : 'no', peers: peers?.count ?? 0 }, ...from(peering) } };
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
