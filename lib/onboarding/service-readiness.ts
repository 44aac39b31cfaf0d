import type { FoundProblem } from '#lib/watch/known-problems.ts';
import type { ServiceHealth, ServiceRole } from '#lib/watch/service-health.ts';
import type { Evidence } from './schema.ts';

/** What is known of one service besides its container. `state` as in a reading of the own node. */
export type ServiceFacts = {
  name: string;
  role: ServiceRole;
  health: ServiceHealth;
  exitCode?: number;
  /** Why the engine could not start it. */
  refused?: string;
  restarts: number;
  /** ms */
  startedAt?: number;
  /** It passes the health check that its compose file or image gives it. */
  checked?: boolean;
  /** What an ML node says of itself. */
  said?: Read<'healthy' | 'unhealthy'>;
  /** Found in its log. */
  problems: FoundProblem[];
};
type Read<T> = { state: 'ok' | 'stale' | 'unknown' | 'rate-limited'; value?: T; at?: number; source?: string };
/** `accounts`: the one that the api says it works for, and the one of config.env. */
export type HostFacts = { now: number; accounts?: { api: string; ours: string }; engine: { at: number; source: string }; node: Read<{ height: number; synced: boolean }>; api: Read<true> };

/** `runs`: no more than that is known. `starting`: it runs and doesn't do its work yet. `broken`: it doesn't run, or says itself why it can't work. */
export type Readiness = { service: string; role: ServiceRole; state: 'ready' | 'runs' | 'starting' | 'broken' | 'absent' | 'unknown'; evidence: Evidence; problem?: FoundProblem };

type Said = { problem?: FoundProblem };

/** A service that is silent for this long after its start is no longer "starting" (ms). */
const PATIENCE_MS = 3 * 60_000;

/**
 * What each service does, not just whether its container runs: an api with a wrong password stays up with closed ports
 * (measured 34). Pure.
 */
export function serviceReadiness(facts: ServiceFacts, host: HostFacts): Readiness {
  const { name: service, role, health, restarts, exitCode } = facts;
  const by = (code: string, params: Evidence['params'] = {}): Evidence => ({ code, params, source: host.engine.source, at: host.engine.at });
  const problem = facts.problems.find(({ harmless }) => !harmless);
  const said = problem ? { problem } : {};
  if (health === 'absent') return { service, role, state: 'absent', evidence: by('absent') };
  if (health === 'crash-looping') return { service, role, state: 'broken', evidence: by('crash_loop', { restarts }), ...said };
  if (facts.refused && (health === 'failed' || health === 'stopped')) return { service, role, state: 'broken', evidence: by('cannot_start', { detail: facts.refused }), ...said };
  if (health === 'failed' || health === 'stopped' || health === 'paused') return { service, role, state: health === 'failed' ? 'broken' : 'absent', evidence: by(health, { exit: exitCode ?? 0 }), ...said };
  if (health === 'unhealthy') return { service, role, state: 'broken', evidence: by('unhealthy'), ...said };
  if (role === 'node') return nodeReadiness(facts, host, said);
  if (role === 'tmkms') return signerReadiness(facts, host, said);
  if (role === 'api') return apiReadiness(facts, host, said);
  if (role === 'mlnode') return mlNodeReadiness(facts, host, said);
  if (health === 'starting') return { service, role, state: 'starting', evidence: by('health_starting'), ...said };
  if (problem) return { service, role, state: 'broken', evidence: by('runs'), problem };
  return facts.checked ? { service, role, state: 'ready', evidence: by('checked') } : { service, role, state: 'runs', evidence: by('runs') };
}

const late = ({ startedAt }: ServiceFacts, now: number) => startedAt !== undefined && now - startedAt > PATIENCE_MS;

/** The node's RPC waits for its signer at the start, and goes on without it later (measured 35): then only tmkms's own log says so. */
function signerReadiness(facts: ServiceFacts, { node, now, engine }: HostFacts, said: Said): Readiness {
  const { name: service, role } = facts;
  if (node.state !== 'ok') return { service, role, state: late(facts, now) ? 'unknown' : 'starting', evidence: { code: 'signer_waits', params: {}, ...engine } };
  return said.problem ? { service, role, state: 'broken', evidence: { code: 'signer_cut', params: {}, ...engine }, ...said } : { service, role, state: 'ready', evidence: { code: 'signer_taken', params: {}, ...engine } };
}

/** An ML node whose process runs may have no card, or a manager that has ended (facts 10.1). */
function mlNodeReadiness(facts: ServiceFacts, { now, engine }: HostFacts, said: Said): Readiness {
  const { name: service, role, said: own } = facts;
  if (own?.state !== 'ok' || !own.value) return { service, role, state: said.problem ? 'broken' : late(facts, now) ? 'unknown' : 'starting', evidence: { code: 'ml_silent', params: {}, ...engine }, ...said };
  const from = { params: {}, ...(own.source ? { source: own.source } : {}), ...(own.at === undefined ? {} : { at: own.at }) };
  return own.value === 'healthy' ? { service, role, state: 'ready', evidence: { code: 'ml_healthy', ...from } } : { service, role, state: 'broken', evidence: { code: 'ml_unhealthy', ...from }, ...said };
}

function nodeReadiness(facts: ServiceFacts, { node, now, engine }: HostFacts, said: Said): Readiness {
  const { name: service, role } = facts;
  const read = { ...(node.source ? { source: node.source } : {}), ...(node.at === undefined ? {} : { at: node.at }) };
  if (node.state === 'ok' && node.value) {
    const { synced, height } = node.value;
    return synced ? { service, role, state: 'ready', evidence: { code: 'synced', params: { height }, ...read } } : { service, role, state: 'starting', evidence: { code: 'syncing', params: { height }, ...read }, ...said };
  }
  return { service, role, state: said.problem ? 'broken' : late(facts, now) ? 'unknown' : 'starting', evidence: { code: 'rpc_silent', params: {}, ...engine }, ...said };
}

function apiReadiness(facts: ServiceFacts, { api, accounts, now, engine }: HostFacts, said: Said): Readiness {
  const { name: service, role } = facts;
  if (api.state === 'ok' && accounts && accounts.api !== accounts.ours) return { service, role, state: 'broken', evidence: { code: 'other_account', params: accounts, ...(api.source ? { source: api.source } : {}), ...(api.at === undefined ? {} : { at: api.at }) } };
  if (api.state === 'ok') return { service, role, state: 'ready', evidence: { code: 'answers', params: {}, ...(api.source ? { source: api.source } : {}), ...(api.at === undefined ? {} : { at: api.at }) } };
  return { service, role, state: said.problem ? 'broken' : late(facts, now) ? 'unknown' : 'starting', evidence: { code: 'api_silent', params: {}, ...engine }, ...said };
}
