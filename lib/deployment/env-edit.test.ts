import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };
import { editEnvFile } from './env-edit.ts';
import { editability } from './env-editability.ts';
import { parseEnvFile } from './env-file.ts';
import { quoteEnvValue } from './env-quoting.ts';
import { envValues, exportedValues } from './env-values.ts';

const edit = (text: string, changes: Record<string, string | null>) => editEnvFile(parseEnvFile(text), changes).text;
const read = (text: string) => envValues(parseEnvFile(text), { HOME: '/home/op' });
const readOnly = (text: string, name: string) => {
  const may = editability(parseEnvFile(text), read(text), name);
  return may.editable ? undefined : may.reason;
};
const refusal = (code: string, params: Record<string, string>) => expect.objectContaining({ code, params });

describe('traps of config.env (facts 2.3)', () => {
  it('1: a missing last line end is completed before a new line', () => {
    expect(edit('export PORT=8080\nexport KEYRING_BACKEND=file', { NEW: '1' })).toBe('export PORT=8080\nexport KEYRING_BACKEND=file\nexport NEW=1\n');
    expect(edit('export PORT=8080\nexport KEYRING_BACKEND=file', { KEYRING_BACKEND: 'os' })).toBe('export PORT=8080\nexport KEYRING_BACKEND=os');
    expect(edit('', { NEW: '1' })).toBe('export NEW=1\n');
  });
  it('2: a comment behind the value stays', () => expect(edit("export API_PORT=8000   # port of 'the' API\n", { API_PORT: '9000 x' })).toBe("export API_PORT='9000 x'   # port of 'the' API\n"));
  it('3: special characters of a password are quoted', () => {
    expect(edit('export KEYRING_PASSWORD=old\n', { KEYRING_PASSWORD: 'a$b&c;d #`e"' })).toBe("export KEYRING_PASSWORD='a$b&c;d #`e\"'\n");
    expect(edit('export KEYRING_PASSWORD=old\n', { KEYRING_PASSWORD: `it's $5 \\ "x"!` })).toBe(`export KEYRING_PASSWORD="it's \\$5 \\\\ \\"x\\"!"\n`);
    expect(() => edit('', { KEYRING_PASSWORD: "a'b`c" })).toThrow(refusal('config_value_unwritable', { variable: 'KEYRING_PASSWORD', reason: 'quotes' }));
    expect(() => edit('', { KEYRING_PASSWORD: 'two\nlines' })).toThrow(refusal('config_value_unwritable', { variable: 'KEYRING_PASSWORD', reason: 'line_break' }));
  });
  it('4: a variable without export is exported when it is edited', () => {
    expect(edit('NGINX_MODE=both # c\n', { NGINX_MODE: 'https' })).toBe('export NGINX_MODE=https # c\n');
    expect(edit('NGINX_MODE=both\n', { NGINX_MODE: 'both' })).toBe('export NGINX_MODE=both\n');
    expect(edit('A=1 B=2 # c\n', { A: '5' })).toBe('A=5 B=2; export A # c\n');
    expect(edit('set -a\nA=1\nset +a\n', { A: '5' })).toBe('set -a\nA=5\nset +a\n');
    expect(edit('A=1\nexport A\n', { A: '5' })).toBe('A=5\nexport A\n');
  });
  it('5: a template is filled in over several saves, in any order', () => {
    const template = 'export KEY_NAME=<FILLIN>\nexport PUBLIC_URL=http://<HOST>:<PORT> # yours\nexport PORT=8080';
    const first = edit(template, { PUBLIC_URL: 'http://h:8000', PORT: '8081' });
    expect(first).toBe('export KEY_NAME=<FILLIN>\nexport PUBLIC_URL=http://h:8000 # yours\nexport PORT=8081');
    expect(edit(first, { KEY_NAME: 'mine' })).toBe('export KEY_NAME=mine\nexport PUBLIC_URL=http://h:8000 # yours\nexport PORT=8081');
    expect(edit(template, { KEY_NAME: '<FILLIN>' })).toBe(template);
    expect(readOnly('export A=x<y>z\nexport B=1', 'A')).toBe('operator');
    expect(readOnly('export A=x<y>\nexport B=1', 'B')).toBe('after_stop');
  });
  it('8: of two definitions the last one is edited', () => expect(edit('export PUBLIC_URL=a\nexport PUBLIC_URL=b\n', { PUBLIC_URL: 'c' })).toBe('export PUBLIC_URL=a\nexport PUBLIC_URL=c\n'));
});

describe('edits', () => {
  it('carriage returns belong to the value in bash: the edited line loses its own, the others keep theirs', () => {
    expect(edit('export A=1\r\nexport B=2\r\n', { A: '3', C: '4' })).toBe('export A=3\nexport B=2\r\nexport C=4\n');
    expect(edit('export B=2\r\nexport A=1 # c\r\n', { A: '3' })).toBe('export B=2\r\nexport A=3 # c\r\n');
  });
  it('a value that is the same already changes no byte', () => expect(edit('export A="x"y\'z\'', { A: 'xyz' })).toBe('export A="x"y\'z\''));
  it('quotes around the whole word, several in one statement, joined lines', () => {
    expect(edit('export "A=x y" B=2\n', { A: 'z z' })).toBe("export A='z z' B=2\n");
    expect(edit('export A=1 B=2; export C=3\n', { B: '', C: '~' })).toBe("export A=1 B=''; export C='~'\n");
    expect(edit('export A=x\\\ny B=1 \\\n  C=2\n', { A: '5', C: '6' })).toBe('export A=5 B=1 \\\n  C=6\n');
    expect(edit('export A=x\\\n # c\n', { A: '5' })).toBe('export A=5\\\n # c\n');
  });
  it('says which variables change with it', () => {
    expect(editEnvFile(parseEnvFile('export H=h\nexport URL=http://${H}:80\nexport V=${NO:-$URL}\nexport W=w\n'), { H: 'x' }).alsoChanged).toEqual(['URL', 'V']);
    expect(editEnvFile(parseEnvFile('export A=1\nexport B=$A\nexport A=2\n'), { A: '3' })).toEqual({ text: 'export A=1\nexport B=$A\nexport A=3\n', alsoChanged: [] });
  });
  it('takes out', () => {
    expect(edit('# n\nexport A=1 # c\nexport B=2', { A: null })).toBe('# n\nexport B=2');
    expect(edit('export A=1\nexport A=2\nexport B=2\n', { A: null, B: null })).toBe('');
    expect(edit('export A=1 B=2 C=3\n', { B: null })).toBe('export A=1 C=3\n');
    expect(edit('export A=1 B=2\n', { A: null, B: null })).toBe('');
    expect(edit('A=1; B=2 ; # c\nC=3\n', { B: null })).toBe('A=1; # c\nC=3\n');
    expect(edit('export A=1 B=2\n', { A: null, B: '3' })).toBe('export B=3\n');
    expect(edit('export A=1\n', { NOT_THERE: null })).toBe('export A=1\n');
    expect(edit('export KEY_NAME=<FILLIN>\nexport B=1', { KEY_NAME: null })).toBe('export B=1');
  });
  it('a name that every object has is a name like any other', () => expect(edit('export constructor=1\n', { constructor: '2', toString: 'x' })).toBe('export constructor=2\nexport toString=x\n'));
  it('two edits of one statement', () => expect(edit('A= B=\n', { A: '1', B: '2' })).toBe('A=1 B=2; export A; export B\n'));
});

describe('read-only, with the reason', () => {
  it.each([
    ['substitution', 'export A=$(hostname)', 'A'],
    ['substitution', 'export A=`id`', 'A'],
    ['expansion', 'export A=pa$1', 'A'],
    ['expansion', 'export A={a,b}', 'A'],
    ['multi_line', "export A='x\ny'\n", 'A'],
    ['append', 'export A=1\nA+=2', 'A'],
    ['conditional', 'export A=1\nif true; then export B=2; fi\n', 'A'],
    ['conditional', 'export A=1\nif true; then export B=2; fi\n', 'NEW'],
    ['command', 'export A=1\nsource other.env\n', 'A'],
    ['operator', 'export A=a&b\n', 'A'],
    ['syntax', "export A='x\nexport B=1\n", 'A'],
    ['after_stop', 'export A=1\n}\nexport B=1\n', 'B'],
    ['after_stop', 'export A=1\n}\n', 'NEW'],
    ['unfinished', 'export A=1\nexport B=x\\', 'NEW'],
    ['unfinished', 'export A=1 \\\n', 'NEW'],
    ['shell_variable', 'export A=1\n', 'BASH_ENV'],
    ['name', 'export A=1\n', 'A-B'],
  ] as const)('%s: %j', (reason, text, name) => {
    expect(readOnly(text, name)).toBe(reason);
    expect(() => edit(text, { [name]: 'v' })).toThrow(refusal('config_edit_refused', { variable: name, reason }));
  });
  it('what stands before or after it stays editable', () => {
    expect(edit('export A=1\n}\nexport B=1\n', { A: '2' })).toBe('export A=2\n}\nexport B=1\n');
    expect(edit('source other.env\nexport A=1\n', { A: '2', NEW: '3' })).toBe('source other.env\nexport A=2\nexport NEW=3\n');
    expect(edit('export IP=$(hostname)\nexport URL=http://$IP\n', { URL: 'http://h' })).toBe('export IP=$(hostname)\nexport URL=http://h\n');
    expect(edit('A=$(x)\nexport A=1\n', { A: '2' })).toBe('A=$(x)\nexport A=2\n');
  });
  it.each([['en', en], ['zh', zh]] as const)('has words in %s', (locale, messages) => {
    const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
    const reasons = Object.keys(messages.config.readOnly);
    expect(reasons.length).toBe(13);
    for (const reason of reasons) {
      expect(t(`config.readOnly.${reason}` as never).length).toBeGreaterThan(5);
      expect(t('errors.config_edit_refused.means' as never, { reason } as never)).toContain(t(`config.readOnly.${reason}` as never));
    }
    const params = { variable: 'A', reason: 'quotes', token: '⟪secret 9⟫', file: 'config.env', uid: 1, gid: 1, kilobytes: 300, limit: 256 };
    for (const code of ['config_value_unwritable', 'config_edit_refused', 'config_secret_token', 'config_changed', 'config_disk_full', 'config_read_only', 'config_owner', 'config_file_mounted', 'config_file_symlink', 'config_not_a_file', 'config_not_text', 'config_too_large', 'config_unreadable']) {
      for (const part of ['what', 'means', 'next']) expect(t(`errors.${code}.${part}` as never, params as never)).not.toMatch(/^errors\.|\{/);
    }
  });
});

it('a word stays bare only where upstream would have it so', () => {
  for (const plain of ['8000', 'tcp://h:5000', './node-config.json', 'Au+a3/=', 'a,b@c%', '-x', '=']) expect(quoteEnvValue(plain)).toBe(plain);
  expect(['', '~', '~/x', 'a b', '世', 'a\\', 'a\\\\'].map((value) => quoteEnvValue(value))).toEqual(["''", "'~'", "'~/x'", "'a b'", "'世'", '"a\\\\"', "'a\\\\'"]);
  for (const [value, reason] of [['a\0', 'control_character'], ['\x1b[0m', 'control_character'], ['a\r', 'line_break'], ['\ud800', 'not_text'], ['`\\', 'quotes']] as const) expect(() => quoteEnvValue(value, 'A')).toThrow(refusal('config_value_unwritable', { variable: 'A', reason }));
});

/** Upstream's directories, beside the repository where they are; not part of it. */
const UPSTREAM = path.join(import.meta.dirname, '../../../shared/gonka/deploy');

describe.skipIf(!existsSync(UPSTREAM))('upstream templates', () => {
  it.each(['0.2.4', '0.2.8', '0.2.14'])('%s: each variable edited alone changes its own bytes only', (release) => {
    const text = readFileSync(path.join(UPSTREAM, `v${release}/join/config.env.template`), 'utf8');
    const names = [...text.matchAll(/^export (\w+)=/gm)].map((match) => match[1] as string);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      expect(readOnly(text, name), name).toBeUndefined();
      expect(edit(text, { [name]: 'n w' })).toBe(text.replace(new RegExp(`^(export ${name}=).*$`, 'm'), "$1'n w'"));
    }
    const all = edit(text, Object.fromEntries(names.map((name) => [name, `it's ${name}`])));
    expect(exportedValues(read(all))).toEqual(Object.fromEntries(names.map((name) => [name, `it's ${name}`])));
  });
});

describe('what depends on an edited variable', () => {
  it.each([
    ['[ "$A" = 1 ] && export F=1\n', ['F']],
    ['test -n "$A" || export G=2\nexport H=$G\n', ['G', 'H']],
    ['export D=${A%x}\n', ['D']],
    ['[ "$B" = 1 ] && export F=1\n', []],
  ])('a condition on it was no dependence: %j', (below, also) => {
    expect(editEnvFile(parseEnvFile(`export A=1\n${below}`), { A: '2' }).alsoChanged.sort()).toEqual(also);
  });
});

describe('the rest of a password without quotes stayed behind when it was set anew or taken out', () => {
  it.each([
    ['export KEYRING_PASSWORD=abc #Defgh99\nexport A=1\n'],
    ['export KEYRING_PASSWORD=correct horse battery\nexport A=1\n'],
    ['KEYRING_PASSWORD=abc #Defgh99\nexport A=1\n'],
    ['export A=1; export KEYRING_PASSWORD=abc #Defgh99\n'],
  ])('%j', (text) => {
    const set = edit(text, { KEYRING_PASSWORD: 'new $one' });
    expect(set).toContain("export KEYRING_PASSWORD='new $one'\n");
    for (const result of [set, edit(text, { KEYRING_PASSWORD: null })]) {
      expect(result).not.toMatch(/Defgh99|horse|battery/);
      expect(result).toContain('export A=1');
    }
  });
  it('a comment behind a quoted one stays, and what may be another variable is not written over', () => {
    expect(edit("export KEYRING_PASSWORD='a b' # mine\n", { KEYRING_PASSWORD: 'c d' })).toBe("export KEYRING_PASSWORD='c d' # mine\n");
    expect(() => edit('export KEYRING_PASSWORD=abcd;Xyz9=1\n', { KEYRING_PASSWORD: 'x' })).toThrow(refusal('config_edit_refused', { variable: 'KEYRING_PASSWORD', reason: 'meaning' }));
    expect(() => edit('export KEYRING_PASSWORD=abcd PORT=1\n', { KEYRING_PASSWORD: null })).toThrow(refusal('config_edit_refused', { variable: 'KEYRING_PASSWORD', reason: 'meaning' }));
  });
});

it('the line behind one that ends in a backslash was taken for the last line of the file', () => {
  expect(edit('export C=\nexport B=\\\na\nexport B=\\\n', { C: 'x' })).toBe('export C=x\nexport B=\\\na\nexport B=\\\n');
});
