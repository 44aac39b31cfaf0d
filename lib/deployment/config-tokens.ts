import { modelArguments } from '#lib/core/model-arguments.ts';
import { redact, SECRET_MARK } from '#lib/core/redact.ts';
import type { EditableFile } from './config-schema.ts';
import { parseEnvFile } from './env-file.ts';
import { hideNodeSecrets, showNodeSecrets } from './node-config-tokens.ts';
import { hideSecrets, showSecrets } from './secret-tokens.ts';

const TOKEN = /⟪secret ([1-9]\d{0,5})⟫/g;
/** What redact() would take for the value of a password key, and isn't one: a placeholder, a reference. */
const OPEN_VALUE = /(⟪secret \d+⟫|<[^<>\n]*>|\$\{?\w+\}?)/;

/** The text with secrets as tokens; `hidden[N - 1]` is what token N stands for and never leaves the server. */
export function hideIn(file: EditableFile, text: string): { text: string; hidden: string[] } {
  return file === 'env' ? hideSecrets(parseEnvFile(text)) : hideNodeSecrets(text);
}

/** Puts back what the tokens of `hideIn(file, original)` stood for. Throws config_secret_token. */
export const showIn = (file: EditableFile, text: string, original: string): string => (file === 'env' ? showSecrets(text, parseEnvFile(original)) : showNodeSecrets(text, original));

/** Whose value each token of a masked text is: a variable, `ID.auth_token` or `ID.models.MODEL.args --hf-token`; '' for what belongs to none. `comment`: in no statement. */
export function tokenOwners(file: EditableFile, masked: string): { name: string; comment: boolean }[] {
  const places: number[] = [];
  let plain = '';
  let at = 0;
  // The token's blank would end a shell word.
  for (const match of masked.matchAll(TOKEN)) {
    plain += masked.slice(at, match.index);
    places.push(plain.length);
    plain += file === 'env' ? 'x' : `⟪${places.length}⟫`;
    at = match.index + match[0].length;
  }
  plain += masked.slice(at);
  if (places.length === 0) return [];
  return file === 'env' ? shellOwners(plain, places) : jsonOwners(plain, places.length);
}

function shellOwners(plain: string, places: number[]): { name: string; comment: boolean }[] {
  const { entries } = parseEnvFile(plain);
  return places.map((place) => {
    const entry = entries.find((one) => place >= one.start && place < one.start + one.text.length);
    const own = entry?.assignments.find((one) => place >= one.valueStart && place < Math.max(one.valueEnd, one.valueStart + 1));
    const before = plain.slice(plain.lastIndexOf('\n', place - 1) + 1, place);
    return { name: own?.name ?? [...before.matchAll(/([A-Za-z_]\w*)(?:[ \t]*[+:]?=|:[ \t])/g)].at(-1)?.[1] ?? '', comment: entry?.kind === 'blank' };
  });
}

function jsonOwners(plain: string, count: number): { name: string; comment: boolean }[] {
  const names = new Map<number, string>();
  const note = (value: unknown, name: string) => {
    if (typeof value === 'string') for (const [, number] of value.matchAll(/⟪(\d+)⟫/g)) names.set(Number(number), name);
    else if (Array.isArray(value)) {
      for (const { flag, values } of value.every((one) => typeof one === 'string') ? modelArguments(value) : []) for (const one of [flag, ...values]) note(one, `${name} ${flag.replace(/[=\s].*/s, '')}`);
      if (value.some((one) => typeof one !== 'string')) for (const [i, one] of value.entries()) note(one, `${name}.${i + 1}`);
    } else if (typeof value === 'object' && value !== null) for (const [field, one] of Object.entries(value)) note(one, `${name}.${field}`);
  };
  try {
    const nodes: unknown = JSON.parse(plain);
    for (const [index, node] of (Array.isArray(nodes) ? nodes : []).entries()) {
      const { id, ...rest } = node as Record<string, unknown>;
      note(rest, typeof id === 'string' && id ? id : `#${index + 1}`);
    }
  } catch {
    // no JSON: belongs to nobody
  }
  return Array.from({ length: count }, (_, i) => ({ name: names.get(i + 1) ?? '', comment: false }));
}

/** A text with tokens for the database: whatever redact() still finds between them is masked for good. */
export function redactAround(masked: string): string {
  return masked.split(OPEN_VALUE).map((part, i) => (i % 2 ? part : redact(part))).join('');
}

/**
 * The text as it is kept: besides the secrets of `hideIn`, whatever redact() finds is a token too, so that today's file can
 * put it back. `hidden[i]` is what the i-th token stands for; tokens of a kept text are found by their order.
 */
export function hideToKeep(file: EditableFile, text: string): { text: string; hidden: string[] } {
  const { text: masked, hidden: own } = hideIn(file, text);
  const hidden: string[] = [];
  // Marks keep their line breaks, so the lines of both are the same ones.
  const safe = redactAround(masked).split('\n');
  const lines = masked.split('\n').map((line, i) => {
    let from = 0;
    const parts = (safe[i] ?? SECRET_MARK).split(SECRET_MARK);
    return parts.map((part, n) => {
      if (n === 0) {
        from = part.length;
        note(part);
        return part;
      }
      const start = from;
      const at = n === parts.length - 1 ? line.length - part.length : part === '' ? start : Math.max(line.indexOf(part, start), start);
      hidden.push(line.slice(start, at).replace(TOKEN, (_, number: string) => own[Number(number) - 1] ?? ''));
      note(part);
      from = at + part.length;
      return `⟪secret ${hidden.length}⟫${part}`;
    }).join('');
  });
  let number = 0;
  return { text: lines.join('\n').replace(TOKEN, () => `⟪secret ${++number}⟫`), hidden };

  function note(part: string) {
    for (const [, number] of part.matchAll(TOKEN)) hidden.push(own[Number(number) - 1] as string);
  }
}

/** For reading: every token as a mark of the same number of lines. `mark(N)` may add to it. */
export function markTokens(masked: string, hidden: string[], mark: (number: number) => string = () => ''): string {
  return redactAround(masked).replace(TOKEN, (_, number: string) => SECRET_MARK + mark(Number(number)) + '\n'.repeat((hidden[Number(number) - 1]?.split('\n').length ?? 1) - 1));
}
