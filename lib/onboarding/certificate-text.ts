import { redact } from '#lib/core/redact.ts';

/** Line breaks, other controls, and what turns the direction of writing or can't be seen. */
const UNSEEN = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;
const LONGEST = 300;

/**
 * Foreign words (the api's reasons, URLs of the chain, names) as they may stand in a line of Markdown: without secrets, on one
 * line, and no mark-up: neither a line of its own nor a tick can be made of them. Masked before it is escaped, because a
 * secret with a star in it is found as it is written.
 */
export const certificateText = (words: string): string => redact(words).replace(UNSEEN, ' ').slice(0, LONGEST).trim().replace(/[\\`*[\]<>|~]/g, '\\$&');

/** The same of everything that a sentence of evidence is given. */
export const certificateParams = (params: Readonly<Record<string, string | number>>): Record<string, string | number> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? certificateText(value) : value]));
