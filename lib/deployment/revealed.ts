import { PanelError } from '#lib/core/errors.ts';
import { envOfText } from './config-change.ts';
import { readConfigFile } from './config-file.ts';
import { EDITABLE } from './config-schema.ts';

/**
 * A variable's value as config.env has it, secret or not: for the person who proved to be one (access/confirm-password.ts),
 * and for nothing else. Throws reveal_nothing {variable} for what isn't set or can't be read without running the file.
 */
export async function revealedValue(dir: string, variable: string): Promise<string> {
  const { text } = await readConfigFile(dir, EDITABLE.env);
  const found = envOfText(text ?? '', dir, true).values.variables.get(variable);
  if (!found || found.state === 'unknown') throw new PanelError('reveal_nothing', { variable }, { status: 404 });
  return found.value;
}
