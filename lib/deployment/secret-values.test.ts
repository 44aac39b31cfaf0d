import { expect, it } from 'vitest';
import { parseEnvFile } from './env-file.ts';
import { secretsOf } from './secret-values.ts';

it.each([
  ['behind another name in a comment', '# FOO=1 KEYRING_PASSWORD=hunter2hunter2\n'],
  ['in a comment behind a statement', 'export KEY_NAME=a # KEYRING_PASSWORD=hunter2hunter2\n'],
  ['in a line that is not understood', 'FOO=1 nosuch KEYRING_PASSWORD=hunter2hunter2\n'],
  ['with blanks around the equals sign', '# KEYRING_PASSWORD = hunter2hunter2\n'],
  ['in quotes', "#export KEYRING_PASSWORD='hunter2hunter2' # old\n"],
])('finds a secret %s', (_, text) => {
  expect(secretsOf(parseEnvFile(text), [])).toContain('hunter2hunter2');
});

it('takes no placeholder and no reference for one', () => {
  expect(secretsOf(parseEnvFile('# KEYRING_PASSWORD=<FILLIN>\nexport API_TOKEN=$OTHER\n# KEYRING_PASSWORD=\n'), [])).not.toEqual(expect.arrayContaining(['<FILLIN>', '$OTHER', '']));
});

it('the words of a password without quotes were not masked', () => {
  const found = secretsOf(parseEnvFile('export KEYRING_PASSWORD=correct horse battery && echo\nexport A_TOKEN=abcd1 # from the provider\n'), []);
  expect(found).toEqual(expect.arrayContaining(['correct', 'horse', 'battery', 'correct horse battery && echo', 'abcd1 # from the provider', 'abcd1']));
  for (const word of ['echo', 'from', 'provider']) expect(found).not.toContain(word);
});

it('the name of a secret variable was registered as a secret', () => {
  expect(secretsOf(parseEnvFile('GCE_SERVICE_ACCOUNT_JSON_B64=abcd\nexport GCE_SERVICE_ACCOUNT_JSON_B64\n'), [])).toEqual(['abcd']);
  expect(secretsOf(parseEnvFile('export HF_TOKEN GCE_SERVICE_ACCOUNT_JSON_B64\n'), [])).toEqual([]);
});
