/**
 * Finds what must never come near a server: recovery phrases and private keys. Imports nothing but its words, so that the
 * browser looks before it sends and the server looks again.
 */
import list from './bip39-english.json' with { type: 'json' };

const WORDS = new Set(list.words.split(' '));
/** BIP-39 phrases have 12 to 24 words. A sentence never gets that far: the list has no `the`, `and`, `to`, `of`, `is`. */
const SHORTEST_PHRASE = 12;
/** Between two words of a phrase: blanks, line ends, list numbers, quotes, comment signs. */
const GAP = /^[\s\d.,;:()[\]"'`\\#|*=_-]{1,24}$/;
const HEX = /(?<![0-9A-Za-z])(?:0[xX])?([0-9a-fA-F]{64})(?![0-9A-Za-z])/g;
/** What a line calls itself where 64 hexadecimal digits are something else: hashes, versions of files, public keys, random passwords and tokens. */
const OTHER_HEX = /sha|hash|digest|checksum|\bversion\W*$|commit|block|jwt|passw|secret|token|pub|api_?key|access_?key/i;
const ARMOR = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/g;

/** Every recovery phrase, private key in hexadecimal digits and armored private key in the text, in a form to compare them by; never to show. */
export function keyMaterialIn(text: string): string[] {
  const found: string[] = [];
  let run: string[] = [];
  let end = 0;
  const close = () => {
    if (run.length >= SHORTEST_PHRASE) found.push(run.join(' '));
    run = [];
  };
  for (const match of text.matchAll(/[A-Za-z]+/g)) {
    const word = match[0].toLowerCase();
    if (run.length > 0 && !GAP.test(text.slice(end, match.index))) close();
    if (WORDS.has(word)) run.push(word);
    else close();
    end = match.index + match[0].length;
  }
  close();
  for (const match of text.matchAll(HEX)) {
    const label = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    if (!OTHER_HEX.test(label)) found.push((match[1] as string).toLowerCase());
  }
  for (const match of text.matchAll(ARMOR)) found.push(text.slice(match.index, match.index + 200));
  return found;
}

/** The same for a form's answers: names and values of any depth, whole texts among them. */
export const holdsKeyMaterial = (value: unknown): boolean => keyMaterialIn(linesOf(value, '').join('\n')).length > 0;

function linesOf(value: unknown, name: string): string[] {
  if (typeof value === 'string') return [`${name}=${value}`];
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? [`${name}=${value.join(' ')}`] : value.flatMap((one) => linesOf(one, name));
  return value !== null && typeof value === 'object' ? Object.entries(value).flatMap(([key, one]) => linesOf(one, key)) : [];
}
