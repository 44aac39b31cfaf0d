import { PanelError } from '#lib/core/errors.ts';
import type { ModelRef } from '#lib/models/model-ref.ts';

/** What Hugging Face's programs end with, by what it means; the first that matches wins. */
const MEANINGS: [RegExp, string][] = [
  [/No space left on device|ENOSPC|Disk quota exceeded/i, 'weights_disk_full'],
  [/GatedRepoError|Cannot access gated repo|Access to model .* is restricted/i, 'weights_gated'],
  [/RevisionNotFoundError|Revision Not Found/i, 'weights_no_revision'],
  [/\b429 Client Error|Too Many Requests|rate limit/i, 'weights_rate_limited'],
  [/RepositoryNotFoundError|Repository Not Found|401 Client Error|403 Forbidden/i, 'weights_not_found'],
  [/Read-only file system|Permission denied/i, 'weights_not_writable'],
  [/LocalEntryNotFoundError|ConnectionError|ConnectTimeout|ReadTimeout|Max retries exceeded|Name or service not known|name resolution|Network is unreachable|Connection (?:refused|reset|aborted)|IncompleteRead|fetch failed|terminated|timed out/i, 'weights_no_network'],
];

/** Why a download ended, from its last lines. */
export function weightsError({ model, revision }: ModelRef, lines: readonly string[], exit: number): PanelError {
  const text = lines.join('\n');
  // 137: SIGKILL that nobody here asked for, out of memory or a machine that went down. Such an end says nothing itself.
  const code = exit === 137 ? 'weights_killed' : (MEANINGS.find(([pattern]) => pattern.test(text))?.[1] ?? 'weights_failed');
  return new PanelError(code, { model, revision: revision ?? 'main', exit, detail: (lines.at(-1) ?? '-').slice(0, 300) }, { status: 502 });
}

/** Errors that a token may mend. */
export const wantsToken = (error: PanelError): boolean => error.code === 'weights_gated' || error.code === 'weights_not_found';
