import { expect, it } from 'vitest';
import { configRows } from './config-rows.ts';
import { editEnvFile } from './env-edit.ts';
import { parseEnvFile } from './env-file.ts';
import { envValues } from './env-values.ts';
import { isPlaceholder } from './placeholder.ts';
import { hideSecrets } from './secret-tokens.ts';
import { secretsOf } from './secret-values.ts';
import { placeholdersIn } from './variable-checks.ts';

it.each([
  // raw, of a secret, of any other variable
  ['<FILLIN>', true, true],
  ["'<FILLIN>'", true, true],
  ['"<your token>"', true, true],
  ['<cloudflare token with DNS edit access>', true, true],
  ["'<swordfish>'", false, true],
  ['"<swordfish>"', false, true],
  ["'sword<IP>fish'", false, true],
  ['http://<HOST>:<PORT>', false, true],
  ["'a<b>c'", false, false],
  ['', false, false],
])('%s', (raw, ofSecret, ofOther) => {
  expect([isPlaceholder(raw, true), isPlaceholder(raw, false)]).toEqual([ofSecret, ofOther]);
});

it('a password in angle brackets, saved by the form, was shown as a placeholder in the text view, the rows and the logs', () => {
  const password = '<swordfish-7>';
  const { text } = editEnvFile(parseEnvFile('export KEY_NAME=<FILLIN>\nexport KEYRING_PASSWORD=<FILLIN>\n'), { KEYRING_PASSWORD: password });
  const file = parseEnvFile(text);
  expect([...placeholdersIn(file).keys()]).toEqual(['KEY_NAME']);
  expect(hideSecrets(file)).toMatchObject({ hidden: [expect.stringContaining(password)] });
  expect(secretsOf(file, [])).toContain(password);
  const values = envValues(file, {});
  const rows = configRows({ env: { file, values, problems: [], readable: true }, dotEnv: {}, services: [], problems: [], fallbacks: {}, readOnly: () => undefined });
  expect(rows.find(({ name }) => name === 'KEYRING_PASSWORD')).toMatchObject({ secret: true, set: true });
  expect(JSON.stringify(rows)).not.toContain('swordfish');
});
