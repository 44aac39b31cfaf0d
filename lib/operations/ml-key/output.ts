import { accountAddress, isAccountAddress } from '#lib/chain/addresses.ts';
import { PanelError } from '#lib/core/errors.ts';
import { redact } from '#lib/core/redact.ts';
import { keyMaterialIn } from '../../../guard/key-material.ts';
import { MARK, STOPPED } from './script.ts';

export type MlKey = { address: string; /** base64 of 33 bytes */ publicKey: string };
/** What the container's output says. `phrase`: the words of a key that was made just now, whatever came of the rest. */
export type MlKeyReading = { found: 'present' | 'absent' | 'unknown'; phrase?: string[]; outcome: { ok: true; key: MlKey } | { ok: false; error: PanelError } };

type Ran = { exitCode: number; stdout: string; stderr: string };

/** Reads what ML_KEY_SCRIPT printed. Never throws: a phrase that was printed must not be lost to an error beside it. */
export function readMlKeyOutput({ exitCode, stdout, stderr }: Ran, name: string): MlKeyReading {
  const parts = sections(stdout);
  const found = parts.has('present') ? 'present' : parts.has('absent') ? 'absent' : 'unknown';
  const made = parts.get('absent') ?? '';
  // v0.2.4 prints it in the JSON on stdout, without `--output json` on stderr (measured 1): wherever it is, it is looked for.
  const phrase = found === 'absent' ? phraseIn(made) ?? phraseIn(stderr) : undefined;
  const more = { found, ...(phrase ? { phrase } : {}) } as const;
  if (exitCode !== 0 || !parts.has('done')) return { ...more, outcome: { ok: false, error: failure(exitCode, found, stderr, name) } };
  const address = parts.get('address')?.trim() ?? '';
  const publicKey = publicKeyIn(parts.get('pubkey') ?? '');
  const announced = addressIn(made);
  // Address and key prove each other, and the key that is there is the one that was made.
  const sound = isAccountAddress(address) && publicKey !== undefined && accountAddress(publicKey) === address && (announced === undefined || announced === address);
  if (!sound) return { ...more, outcome: { ok: false, error: new PanelError('ml_key_contradiction', { name }, { status: 502 }) } };
  return { ...more, outcome: { ok: true, key: { address, publicKey } } };
}

function sections(stdout: string): Map<string, string> {
  const parts = new Map<string, string>();
  let at: string | undefined;
  for (const line of stdout.split(/\r?\n/)) {
    const mark = line.startsWith(`${MARK} `) ? line.slice(MARK.length + 1) : undefined;
    if (mark !== undefined) at = mark;
    if (at !== undefined) parts.set(at, (parts.get(at) ?? '') + (mark === undefined ? `${line}\n` : ''));
  }
  return parts;
}

/** The recovery phrase in what `keys add` printed: the field of its JSON, or the line behind "**Important**" (measured 1). */
export function phraseIn(text: string): string[] | undefined {
  for (const line of text.split(/\r?\n/)) {
    const words = (jsonOf(line)?.mnemonic ?? line).trim().split(/\s+/);
    if ([12, 15, 18, 21, 24].includes(words.length) && words.every((word) => /^[a-z]{3,8}$/.test(word))) return words;
  }
  return undefined;
}

function addressIn(text: string): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    const found = jsonOf(line)?.address ?? /^- address: (\S+)$/.exec(line)?.[1];
    if (found) return found;
  }
  return undefined;
}

/** `{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"Au…"}` → the key; undefined for another type. */
function publicKeyIn(text: string): string | undefined {
  const found = jsonOf(text.trim());
  return found?.['@type'] === '/cosmos.crypto.secp256k1.PubKey' ? found.key : undefined;
}

function jsonOf(line: string): Record<string, string> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const read = JSON.parse(line) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(read).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  } catch {
    return undefined;
  }
}

function failure(exitCode: number, found: MlKeyReading['found'], stderr: string, name: string): PanelError {
  const say = (code: string, params: Record<string, string | number> = {}) => new PanelError(code, { name, ...params }, { status: 409 });
  // Measured 2 and 3: what a wrong password and a short one are answered with.
  const wrong = /^incorrect passphrase$/m.test(stderr);
  if (exitCode === STOPPED.cut) return say('ml_key_cut');
  if (exitCode === STOPPED.unreadable) return say('ml_key_unreadable');
  if (exitCode === STOPPED.partial) return say('ml_key_partial');
  if (exitCode === STOPPED.gone) return say('ml_key_gone_now');
  if (wrong) return say(found === 'present' ? 'ml_key_password' : 'ml_key_keyring_password');
  if (exitCode === STOPPED.not_shown || (exitCode === STOPPED.not_made && found === 'present')) return say('ml_key_damaged', { detail: lastWords(stderr) });
  // Only the end below has looked for the key's file once more.
  if (exitCode !== STOPPED.not_made) return say('ml_key_unfinished', { exit: exitCode, detail: lastWords(stderr) });
  return say('ml_key_not_made', { exit: exitCode, detail: lastWords(stderr) });
}

/** The last line of stderr (cobra prints its usage in front: measured 2), unless it could hold words of a phrase. */
function lastWords(stderr: string): string {
  const line = stderr.trim().split(/\r?\n/).at(-1)?.trim() ?? '';
  return keyMaterialIn(stderr).length > 0 || phraseIn(stderr) ? '-' : redact(line).slice(0, 200) || '-';
}
