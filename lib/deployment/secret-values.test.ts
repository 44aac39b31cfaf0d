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
