import type { FoundProblem } from '#lib/watch/known-problems.ts';
import type { ServiceHealth, ServiceRole } from '#lib/watch/service-health.ts';
import type { Evidence } from './schema.ts';

/** What is known of one service besides its container. `state` as in a reading of the own node. */
export type ServiceFacts = {
  name: string;
  role: ServiceRole;
  health: ServiceHealth;
  exitCode?: number;
  restarts: number;
  /** ms */
  startedAt?: number;
  /** Found in its log; looked for only while it isn't ready. */
  problems: FoundProblem[];
};
type Read<T> = { state: 'ok' | 'stale' | 'unknown' | 'rate-limited'; value?: T; at?: number; source?: string };
export type HostFacts = { now: number; engine: { at: number; source: string }; node: Read<{ height: number; synced: boolean }>; api: Read<true> };

/** `starting`: it runs and doesn't do its work yet. `broken`: it doesn't run, or says itself why it can't work. */
export type Readiness = { service: string; role: ServiceRole; state: 'ready' | 'starting' | 'broken' | 'absent' | 'unknown'; evidence: Evidence; problem?: FoundProblem };

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
  if (health === 'failed' || health === 'stopped' || health === 'paused') return { service, role, state: health === 'failed' ? 'broken' : 'absent', evidence: by(health, { exit: exitCode ?? 0 }), ...said };
  if (health === 'unhealthy') return { service, role, state: 'broken', evidence: by('unhealthy'), ...said };
  if (role === 'node') return nodeReadiness(facts, host, said);
  if (role === 'tmkms') return host.node.state === 'ok' ? { service, role, state: 'ready', evidence: by('signer_taken') } : { service, role, state: 'starting', evidence: by('signer_waits') };
  if (role === 'api') return apiReadiness(facts, host, said);
  if (health === 'starting') return { service, role, state: 'starting', evidence: by('health_starting') };
  return problem ? { service, role, state: 'broken', evidence: by('runs'), problem } : { service, role, state: 'ready', evidence: by('runs') };
}

const late = ({ startedAt }: ServiceFacts, now: number) => startedAt !== undefined && now - startedAt > PATIENCE_MS;

function nodeReadiness(facts: ServiceFacts, { node, now, engine }: HostFacts, said: { problem?: FoundProblem }): Readiness {
  const { name: service, role } = facts;
  const read = { ...(node.source ? { source: node.source } : {}), ...(node.at === undefined ? {} : { at: node.at }) };
  if (node.state === 'ok' && node.value) {
    const { synced, height } = node.value;
    return synced ? { service, role, state: 'ready', evidence: { code: 'synced', params: { height }, ...read } } : { service, role, state: 'starting', evidence: { code: 'syncing', params: { height }, ...read }, ...said };
  }
  return { service, role, state: said.problem ? 'broken' : late(facts, now) ? 'unknown' : 'starting', evidence: { code: 'rpc_silent', params: {}, ...engine }, ...said };
}

function apiReadiness(facts: ServiceFacts, { api, now, engine }: HostFacts, said: { problem?: FoundProblem }): Readiness {
  const { name: service, role } = facts;
  if (api.state === 'ok') return { service, role, state: 'ready', evidence: { code: 'answers', params: {}, ...(api.source ? { source: api.source } : {}), ...(api.at === undefined ? {} : { at: api.at }) } };
  return { service, role, state: said.problem ? 'broken' : late(facts, now) ? 'unknown' : 'starting', evidence: { code: 'api_silent', params: {}, ...engine }, ...said };
}
