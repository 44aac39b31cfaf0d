import type { Words } from '#lib/operations/schema.ts';

/** The seed may have passed the request on before the connection ended: whether anything was sent is unknown. */
export const CUT = 'register_seed_cut';

/** What `register-new-participant` says when it ends with an error (facts 8.2, 13; measured 9, 11, 39), the most telling first. */
const KNOWN: [RegExp, string][] = [
  // A funded account that has never signed (facts 13, row 16).
  [/nil pointer dereference/, 'register_funded_account'],
  [/private IP|localhost URL|cannot point to/i, 'register_url_refused'],
  [/length of pubkey is incorrect|failed to extract address from account public key|failed to decode public key/, 'register_no_account'],
  [/consensus key|DAPI_CHAIN_NODE__URL|node RPC endpoint|chain node at/, 'register_no_consensus_key'],
  [/server returned status (?:429|503)/, 'register_seed_busy'],
  [/server returned status/, 'register_seed_refused'],
  // Before a connection there is nothing to be passed on (measured 9).
  [/failed to send HTTP request.*(?:dial tcp|no such host|connection refused)/, 'register_seed_down'],
  [/failed to send HTTP request/, CUT],
];

/** An error with more behind it: the answer's body, which a proxy writes in many lines (measured 38), or where the program panicked (measured 9). */
const MORE_BEHIND = /server returned status|^panic: /;
const codeOf = (line: string): string | undefined => KNOWN.find(([pattern]) => pattern.test(line))?.[1];

/** The house's words for a failed registration, by the last lines of its standard error; undefined for one that nobody knows. */
export function registerFailure(lines: readonly string[], seed: string): Words | undefined {
  const last = lines.at(-1) ?? '';
  // Before the error stands the usage text, which speaks of keys and nodes as well.
  const line = codeOf(last) ? last : (lines.findLast((one) => MORE_BEHIND.test(one)) ?? last);
  const code = codeOf(line);
  return code === undefined ? undefined : { code, params: { seed: URL.canParse(seed) ? new URL(seed).host : seed, detail: line.slice(0, 300) } };
}
