import { secretStretches, secretsIn } from '../../guard/secret-arguments.ts';
import { PanelError } from '#lib/core/errors.ts';

const TOKEN = /⟪secret ([1-9]\d{0,5})⟫/g;
const TOKEN_START = '⟪secret';
/** Shorter ones are hidden where they stand as a value, not wherever these letters are. */
const SHORTEST = 4;

/**
 * The text of node-config.json with every secret (`auth_token`s of later releases, `--hf-token` and its likes among the
 * arguments, provider tokens by their form, and the same value elsewhere) replaced by `⟪secret N⟫`, counted from the top
 * (ADR 011). It stays the same JSON otherwise: the form is made from it, and secrets never leave the server.
 * `hidden[N - 1]` is what token N stands for.
 */
export function hideNodeSecrets(text: string): { text: string; hidden: string[] } {
  const found = secretStretches(text);
  const values = new Set([...secretsIn(text).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]), ...found.map(({ start, end }) => text.slice(start, end))]);
  // In a file it would be taken for one of the panel's own.
  values.add(TOKEN_START);
  for (const value of values) {
    if (value.length < SHORTEST) continue;
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) found.push({ start: at, end: at + value.length });
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const hidden: string[] = [];
  let shown = '';
  let at = 0;
  for (const { start, end } of found) {
    if (start < at) continue;
    hidden.push(text.slice(start, end));
    shown += `${text.slice(at, start)}⟪secret ${hidden.length}⟫`;
    at = end;
  }
  return { text: shown + text.slice(at), hidden };
}

/** Puts back what the tokens of `hideNodeSecrets(original)` stood for. Throws config_secret_token {token} for one that this version doesn't have, or that was damaged. */
export function showNodeSecrets(text: string, original: string): string {
  const { hidden } = hideNodeSecrets(original);
  if (text.replace(TOKEN, '').includes(TOKEN_START)) throw new PanelError('config_secret_token', { token: `${TOKEN_START} …` });
  return text.replace(TOKEN, (token, number: string) => {
    const secret = hidden[Number(number) - 1];
    if (secret === undefined) throw new PanelError('config_secret_token', { token });
    return secret;
  });
}
