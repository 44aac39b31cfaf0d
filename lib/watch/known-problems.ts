import type { ServiceRole } from './service-health.ts';

/** A problem that a log line gives away. `row`: its row in the problem digest (facts 13). */
type KnownProblem = { code: string; row: string; roles: readonly ServiceRole[]; pattern: RegExp; /** Names of the pattern's groups. */ params?: readonly string[]; /** Not a failure while a host waits for its first epoch. */ harmless?: true; /** A line after it that takes it back. */ overBy?: RegExp };

/** What stands in the way of a start, by the lines that upstream's programs were seen to print (measured 31 to 34; facts 9, 13). */
export const KNOWN_PROBLEMS: readonly KnownProblem[] = [
  { code: 'no_epoch_models', row: '1', roles: ['api'], pattern: /No epoch models available for this node/, harmless: true },
  // Not the trace of the check itself, which every start prints: `+ eval ': ${KEY_NAME:?Environment variable KEY_NAME is required}'`.
  { code: 'variable_missing', row: '2', roles: ['node'], pattern: /(?<!:\?)Environment variable (\w+) is required/, params: ['variable'] },
  { code: 'seeds_unreachable', row: '5', roles: ['node'], pattern: /Couldn't connect to any seeds/, overBy: /Discovered new snapshot|committed state|finalized block/ },
  { code: 'host_unresolved', row: '5', roles: ['node'], pattern: /^(?!.*Error dialing).*error looking up host \(([^)]{1,200})\)/, params: ['host'] },
  { code: 'no_signing_info', row: '7', roles: ['node'], pattern: /no validator signing info found/, overBy: /committed state|finalized block/ },
  { code: 'consensus_failure', row: '8', roles: ['node'], pattern: /CONSENSUS FAILURE/ },
  { code: 'upgrade_needed', row: '8', roles: ['node'], pattern: /UPGRADE "([^"]{1,80})" NEEDED/, params: ['name'] },
  { code: 'disk_full', row: '9', roles: ['tmkms', 'node', 'api', 'proxy', 'mlnode', 'inference', 'explorer', 'other'], pattern: /no space left on device/i },
  { code: 'signer_absent', row: '12', roles: ['node'], pattern: /endpoint connection timed out|SignerListener: Ping timeout|SignerListener: Error accepting connection/, overBy: /SignerListener: Connected|committed state|finalized block/ },
  { code: 'signer_cut_off', row: 'measured 35', roles: ['tmkms'], pattern: /tmkms::client: .{0,200}I\/O error/, overBy: /connected to validator successfully|signed (?:PreVote|PreCommit|Proposal)/ },
  { code: 'ml_key_missing', row: '13', roles: ['api'], pattern: /Warm key '?([^' ]{1,100})'? not found in keyring|account "([^"]{1,100})" does not exist/, params: ['name'] },
  { code: 'wrong_password', row: '13', roles: ['api'], pattern: /too many failed passphrase attempts|incorrect passphrase/ },
  { code: 'wrong_backend', row: '20', roles: ['api'], pattern: /KeyringBackend = test\b/ },
  { code: 'ml_refused', row: '24', roles: ['api'], pattern: /"https?:\/\/([^"/]{1,200})\/[^"]{0,200}api\/v1\/[^"]{0,200}": dial tcp[^"]{0,200}(?:no such host|connection refused)/, params: ['host'] },
  { code: 'duplicate_host_port', row: '25', roles: ['api'], pattern: /duplicate .{0,60}host\+port combination/ },
  { code: 'cuda_out_of_memory', row: '28', roles: ['mlnode'], pattern: /CUDA out of memory|NotEnoughGPUResources/ },
  { code: 'vllm_exits', row: '28', roles: ['mlnode'], pattern: /vLLM process exited prematurely|vLLM failed to start within the expected timeout/ },
  { code: 'model_not_found', row: '29', roles: ['mlnode'], pattern: /LocalEntryNotFoundError|outgoing traffic has been disabled|is not a local folder and is not a valid model identifier/ },
  { code: 'illegal_instruction', row: '50', roles: ['node', 'api'], pattern: /Caught SIGILL in blst_cgo_init|SIGILL: illegal instruction/ },
  { code: 'certificate_missing', row: '55', roles: ['proxy'], pattern: /cannot load certificate|(?:cert\.pem|private\.key)[^\n]{0,80}No such file/ },
  { code: 'node_config_broken', row: '56', roles: ['api'], pattern: /error loading node config/i },
  { code: 'node_unreachable', row: 'measured 27', roles: ['api'], pattern: /requesting node 'https?:\/\/([^']{1,200})': post failed: [^\n]{0,300}dial tcp/, params: ['host'] },
];

export type FoundProblem = { code: string; params: Record<string, string>; harmless: boolean; /** The line that says it, redacted. */ line: string; /** ms */ at: number };

/**
 * The problems that the lines of a service's log give away, the newest line of each, newest problem first. Lines come
 * oldest first; a problem that a later line takes back is left out.
 */
export function knownProblems(role: ServiceRole, lines: readonly { at: number; line: string }[]): FoundProblem[] {
  const found = new Map<string, FoundProblem>();
  for (const { at, line } of lines) {
    for (const { code, roles, pattern, params = [], harmless = false, overBy } of KNOWN_PROBLEMS) {
      if (!roles.includes(role)) continue;
      const match = pattern.exec(line);
      const groups = match?.slice(1).filter((group) => group !== undefined) ?? [];
      if (match) found.set(code, { code, harmless, line: line.slice(0, 300), at, params: Object.fromEntries(params.map((name, index) => [name, groups[index] ?? ''])) });
      else if (overBy?.test(line)) found.delete(code);
    }
  }
  return [...found.values()].sort((a, b) => b.at - a.at);
}
