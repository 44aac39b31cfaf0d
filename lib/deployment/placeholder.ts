const TEMPLATES = /<(?:FILLIN|HOST|PORT|IP|DOMAIN|YOUR[\w -]*)>/i;
const IN_QUOTES = /^(["'])([\s\S]*)\1$/;

/**
 * Whether a value, as it stands in config.env with its quotes, still is a template's placeholder (facts 2.3, trap 5).
 * Without quotes `<…>` is no value: a shell refuses it. In quotes it is one, and a password may look like that: a secret
 * in quotes is a placeholder only when it is one of the templates' own, such as `'<FILLIN>'`, and nothing else.
 */
export function isPlaceholder(raw: string, secret: boolean): boolean {
  const quoted = IN_QUOTES.exec(raw)?.[2];
  if (secret && quoted !== undefined) return isTemplateWord(quoted);
  return /^<[^<>]+>$/.test(quoted ?? raw) || (!secret && TEMPLATES.test(raw));
}

/** The same of a secret's value as a program gets it. */
export const isTemplateWord = (value: string): boolean => TEMPLATES.exec(value)?.[0] === value;
