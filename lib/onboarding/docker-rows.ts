import { unknownRow } from './machine-rows.ts';
import type { PrerequisiteFacts, PrerequisiteRow } from './prerequisite-facts.ts';

/** Below this the upstream files aren't supported (facts 1.2); below the second one `!override` isn't known (product S2). */
const COMPOSE_LEAST = [2, 20, 0] as const;
const COMPOSE_OVERRIDE = [2, 24, 4] as const;
const INSTALL = [['sudo', 'apt-get', 'update'], ['sudo', 'apt-get', 'install', '-y', 'docker-compose-plugin']];

/** The engine and compose. */
export function dockerRows({ engine, compose, inContainer }: PrerequisiteFacts): PrerequisiteRow[] {
  const base = { id: 'engine', source: engine.socket, at: engine.at, rule: 'guide' as const };
  const engineRow: PrerequisiteRow =
    engine.state === 'ok' ? { ...base, state: 'ok', params: { version: engine.version }, said: 'engine' }
    : engine.state === 'error' ? { ...base, state: 'unknown', params: {}, said: 'why_silent', error: { code: 'engine_error', params: { socket: engine.socket, detail: engine.detail } } }
    // A container sees the socket only where it was mounted: that it isn't here says nothing of the server.
    : engine.state === 'absent' && inContainer ? { ...base, state: 'unknown', params: { socket: engine.socket }, said: 'engine_not_mounted', fix: { code: 'engine_not_mounted', commands: [] } }
    : { ...base, state: 'broken', params: { socket: engine.socket, detail: engine.detail }, said: `engine_${engine.state}`, breaks: 'everything', error: { code: `engine_${engine.state}`, params: { socket: engine.socket, detail: engine.detail } }, fix: { code: `engine_${engine.state}`, commands: ENGINE[engine.state] } };
  return [engineRow, composeRow(compose)];
}

const ENGINE = {
  // Without -y: where Docker is installed and only its socket is elsewhere, this could replace the engine under a running validator.
  absent: [['systemctl', 'status', 'docker'], ['docker', 'context', 'ls'], ['sudo', 'apt-get', 'install', 'docker-ce', 'docker-ce-cli', 'containerd.io', 'docker-compose-plugin']],
  stopped: [['sudo', 'systemctl', 'enable', '--now', 'docker'], ['systemctl', 'status', 'docker']],
  permission: [['ls', '-l', '/var/run/docker.sock'], ['id', '-nG']],
};

function composeRow(compose: PrerequisiteFacts['compose']): PrerequisiteRow {
  const base = { id: 'compose', source: compose.source, at: compose.at, rule: 'docs' as const };
  if (!compose.value) {
    if (compose.why !== 'absent') return unknownRow('compose', 'docs', compose);
    return { ...base, state: 'broken', params: {}, said: 'compose_absent', breaks: 'operations', fix: { code: 'compose', commands: INSTALL } };
  }
  const params = { version: compose.value };
  if (!atLeast(compose.value, COMPOSE_LEAST)) return { ...base, state: 'broken', params, said: 'compose_old', breaks: 'operations', fix: { code: 'compose', commands: INSTALL } };
  if (!atLeast(compose.value, COMPOSE_OVERRIDE)) return { ...base, state: 'attention', params, said: 'compose_no_override', rule: 'panel', fix: { code: 'compose', commands: INSTALL } };
  return { ...base, state: 'ok', params, said: 'compose' };
}

function atLeast(version: string, least: readonly [number, number, number]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of least.entries()) {
    const have = parts[index] ?? 0;
    if (have !== wanted) return have > wanted;
  }
  return true;
}
