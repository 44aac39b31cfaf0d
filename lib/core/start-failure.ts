import en from '#messages/en.json' with { type: 'json' };
import { isPanelError } from './errors.ts';

type Words = { what: string; means: string; next: string };

const fill = (text: string, params: Record<string, string | number>) => text.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(params[name] ?? `{${name}}`));

/** What the terminal says when the panel can't start: the same words as on a page, in English, without a stack. */
export function explainStartFailure(error: unknown): string {
  if (error instanceof Error && error.name === 'BadEnvironment') {
    return `The panel did not start: the environment is not right.\n${error.message.split('\n').map((line) => `  ${line}`).join('\n')}`;
  }
  if (isPanelError(error)) {
    const words = (en as { errors?: Record<string, Words> }).errors?.[error.code];
    if (words) return [words.what, words.means, words.next].map((text) => fill(text, error.params)).join('\n');
  }
  return `The panel did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
