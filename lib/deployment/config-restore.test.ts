import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyMaterialIn } from '../../guard/key-material.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { restoredText } from './config-restore.ts';
import { hideIn, hideToKeep, tokenOwners } from './config-tokens.ts';
import { lostSecrets } from './kept-secrets.ts';

const UPSTREAM = path.join(import.meta.dirname, '../../../shared/gonka/deploy');

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
  const args = (first: string, second: string) => JSON.stringify([{ id: 'a', models: { m: { args: ['--hf-token', first, '--api-key', second] } } }]);
  const kept = hideIn('node-config', args('old-hf', 'old-api')).text;
  expect(tokenOwners('node-config', kept).map((one) => one.name)).toEqual(['a.models.m.args --hf-token', 'a.models.m.args --api-key']);
  expect(restoredText('node-config', kept, JSON.stringify([{ id: 'a', models: { m: { args: ['--api-key', 'new-api', '--hf-token', 'new-hf'] } } }]))).toBe(args('new-hf', 'new-api'));
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

describe.skipIf(!existsSync(UPSTREAM))('upstream templates', () => {
  it.each(['0.2.4', '0.2.8', '0.2.14'])('%s is kept, restored, and taken for no recovery phrase', (release) => {
    const text = readFileSync(path.join(UPSTREAM, `v${release}/join/config.env.template`), 'utf8');
    expect(keyMaterialIn(text)).toEqual([]);
    expect(restoredText('env', kept(text), text)).toBe(text);
    const now = `export KEYRING_PASSWORD='set since'\n`;
    expect(restoredText('env', kept(text), now)).toBe(text.replace('KEYRING_PASSWORD=<FILLIN>', "KEYRING_PASSWORD='set since'"));
  });
});

it('a version is itself again with its own secrets, whatever the file looks like', () => {
  const line = fc.constantFrom("export KEYRING_PASSWORD='x y z'", 'export KEYRING_PASSWORD=correct horse', 'export A_TOKEN=abcd #efgh', 'export A_TOKEN="ab\\"cd" # note', 'B_TOKEN=$A_TOKEN', 'export U=http://u:p4ss@h/', '# API_KEY: minimum 8', '# KEYRING_PASSWORD=older', 'export PORT=1', 'export K=<FILLIN>', 'export KEYRING_PASSWORD=<FILLIN>', 'KEYRING_PASSWORD=abcd;Xyz9=1', 'read KEYRING_PASSWORD <<< words', '', "C='a\nb'", 'set -a');
  let same = 0;
  fc.assert(fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
    const text = `${lines.join('\n')}\n`;
    expect(kept(text)).not.toMatch(/x y z|correct|horse|abcd|efgh|cd"|p4ss|minimum|older|Xyz9|words/);
    let restored: string;
    try {
      restored = restoredText('env', kept(text), text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'config_restore_secret' });
      return;
    }
    expect(restored).toBe(text);
    same++;
  }), { numRuns: 500 });
  expect(same).toBeGreaterThan(250);
});
