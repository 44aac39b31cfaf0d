import { expect, it } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { restoredText } from './config-restore.ts';
import { hideIn, hideToKeep, tokenOwners } from './config-tokens.ts';
import { lostSecrets } from './kept-secrets.ts';

const kept = (text: string) => hideToKeep('env', text).text;
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

it('restoring a version from before the password was set put the placeholder over it, or dropped its line', () => {
  const now = "export KEY_NAME=node\nexport KEYRING_PASSWORD='real $one'\n";
  const template = kept('export KEY_NAME=old\nexport KEYRING_PASSWORD=<FILLIN>\nexport PUBLIC_URL=http://<HOST>:<PORT>\n');
  const restored = restoredText('env', template, now);
  expect(restored).toBe("export KEY_NAME=old\nexport KEYRING_PASSWORD='real $one'\nexport PUBLIC_URL=http://<HOST>:<PORT>\n");
  expect(restoredText('env', kept(now), restored)).toBe(now);
  expect(restoredText('env', kept('export KEY_NAME=old'), now)).toBe("export KEY_NAME=old\nexport KEYRING_PASSWORD='real $one'\n");
  expect(restoredText('env', kept('export KEYRING_PASSWORD=\n'), now)).toContain('real');
  expect(code(() => restoredText('env', kept('A=1\n'), 'export KEYRING_PASSWORD=$(cat /run/x)\n'))).toBe('config_restore_secret KEYRING_PASSWORD');
});

it('a restored secret ended the quotes around it, or lost a part of itself', () => {
  const version = kept('export U="http://u:abcd@h"\nexport A=1\n');
  expect(code(() => restoredText('env', version, `export U='http://u:it"s$x@h'\n`))).toBe('config_restore_secret U');
  expect(code(() => restoredText('env', version, "export U='http://u:ab$cd@h'\n"))).toBe('config_restore_secret U');
  expect(restoredText('env', version, "export U='http://u:other@h2'\n")).toBe('export U="http://u:other@h"\nexport A=1\n');
});

it('a version with a comment that looks like a secret could never be restored', () => {
  for (const text of ['# PASSWORD: minimum 8 characters\nexport A=1\n', '# API_KEY: see the provider page\nexport A=1\n', '# HF_TOKEN: abc and API_KEY: def\nexport A=1\n']) {
    expect(restoredText('env', kept(text), text)).toBe(text);
    expect(restoredText('env', kept(text), 'export A=2\n')).toMatch(/^# .*….*\nexport A=1\n$/);
  }
  const now = "export KEYRING_PASSWORD='x y z'\n# PASSWORD: minimum 8 characters\n# was x y z, KEY_PASSWORD: x y z\n";
  expect(kept(now)).not.toMatch(/x y|minimum/);
  expect(restoredText('env', kept(now), now)).toBe(now);
});

it('taking out or emptying a secret is told, filling one in is not', () => {
  const now = "export KEYRING_PASSWORD='x'\nexport A_TOKEN=<FILLIN>\nexport A=1\n";
  expect(lostSecrets(now, 'export A=1\n')).toEqual(['KEYRING_PASSWORD']);
  expect(lostSecrets(now, 'export KEYRING_PASSWORD=\n')).toEqual(['KEYRING_PASSWORD']);
  expect(lostSecrets(now, 'export KEYRING_PASSWORD=<FILLIN>\n')).toEqual(['KEYRING_PASSWORD']);
  expect(lostSecrets(now, 'export KEYRING_PASSWORD=other\nexport A_TOKEN=x\n')).toEqual([]);
});
