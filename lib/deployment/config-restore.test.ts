import { expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { restoredText } from './config-restore.ts';
import { hideIn, redactAround, tokenOwners } from './config-tokens.ts';

const kept = (text: string) => redactAround(hideIn('env', text).text);
function code(work: () => unknown): string {
  try {
    return String(work());
  } catch (error) {
    return isPanelError(error) ? `${error.code} ${error.params.variable}` : String(error);
  }
}

const OLD = `# KEYRING_PASSWORD=oldest
export KEYRING_PASSWORD='old one'
export SHOWN=1
export DB="postgres://me:oldpass@host/x"
export HF_TOKEN=<FILLIN>
export AUTH_TOKEN=$HF_TOKEN
`;

it('a kept version holds no secret, and is itself again with its own secrets', () => {
  const text = kept(OLD);
  expect(text).not.toMatch(/old one|oldest|oldpass/);
  expect(tokenOwners('env', text)).toEqual([{ name: 'KEYRING_PASSWORD', comment: true }, { name: 'KEYRING_PASSWORD', comment: false }, { name: 'DB', comment: false }]);
  expect(restoredText('env', text, OLD)).toBe(OLD);
});

it('secrets are those of today, found by their variable though they stand elsewhere', () => {
  const today = `export DB=postgres://me:newpass@host/x\nexport KEYRING_PASSWORD="new $ one"\n`;
  expect(restoredText('env', kept(OLD), today)).toBe(`# KEYRING_PASSWORD=…\nexport KEYRING_PASSWORD="new $ one"\nexport SHOWN=1\nexport DB="postgres://me:newpass@host/x"\nexport HF_TOKEN=<FILLIN>\nexport AUTH_TOKEN=$HF_TOKEN\n`);
});

it('a secret that the file has not got today is asked for; in a comment it stays hidden', () => {
  expect(code(() => restoredText('env', kept(OLD), 'export KEYRING_PASSWORD=x\n'))).toBe('config_restore_secret DB');
  expect(restoredText('env', kept('# MY_TOKEN=abcdef\nA=1\n'), 'A=2\n')).toBe('# MY_TOKEN=…\nA=1\n');
});

it('a token of an ML node comes back by its id', () => {
  const text = '[{"id":"a","auth_token":"first-token"},{"id":"b","auth_token":"second-token"}]';
  const hidden = hideIn('node-config', text).text;
  expect(tokenOwners('node-config', hidden).map((one) => one.name)).toEqual(['a.auth_token', 'b.auth_token']);
  expect(restoredText('node-config', hidden, '[{"id":"b","auth_token":"B-today"},{"id":"a","auth_token":"A-today"}]')).toBe('[{"id":"a","auth_token":"A-today"},{"id":"b","auth_token":"B-today"}]');
});
