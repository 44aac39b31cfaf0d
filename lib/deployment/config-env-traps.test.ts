import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Entry, parseEnvFile } from './env-file.ts';
import { envValues, exportedValues } from './env-values.ts';
import { secretsOf } from './secret-values.ts';
import { placeholdersIn } from './variable-checks.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'env-traps-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const HOME = '/home/op';

function read(text: string) {
  const file = parseEnvFile(text);
  expect(file.toString()).toBe(text);
  const values = envValues(file, { HOME, PATH: '/nonexistent', PWD: scratch });
  // Whatever the model says is known, bash says too.
  writeFileSync(path.join(scratch, 'config.env'), text);
  const run = spawnSync('/bin/bash', ['--noprofile', '--norc', '-c', 'source ./config.env; exec /usr/bin/env -0'], { cwd: scratch, env: { HOME, PATH: '/nonexistent' } as unknown as NodeJS.ProcessEnv });
  const real = Object.fromEntries(run.stdout.toString().split('\0').filter(Boolean).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  for (const [name, one] of values.variables) {
    if (one.state === 'exported') expect({ [name]: one.value }).toEqual({ [name]: real[name] });
    if (one.state === 'shell') expect(real[name]).toBeUndefined();
  }
  for (const name of values.stopped?.lost ?? []) if (!values.variables.has(name)) expect(real[name]).toBeUndefined();
  return { file, values, exported: exportedValues(values) };
}
const lines = (file: { entries: Entry[] }) => file.entries.filter((entry) => entry.doubt).map((entry) => [entry.line, entry.doubt?.reason]);

describe('traps of config.env (facts 2.3)', () => {
  it('1: no line end after the last line, and what >> makes of it', () => {
    expect(read('export PORT=8080\nexport KEYRING_BACKEND=file').exported).toEqual({ PORT: '8080', KEYRING_BACKEND: 'file' });
    expect(read('export KEYRING_BACKEND=fileexport NEW=1').exported).toEqual({ KEYRING_BACKEND: 'fileexport', NEW: '1' });
  });

  it('2: comments behind values', () => {
    expect(read("export API_PORT=8000   # port of the API\nexport PUBLIC_URL=http://h:8000#x\nexport KEY_NAME='a # b' # c").exported).toEqual({ API_PORT: '8000', PUBLIC_URL: 'http://h:8000#x', KEY_NAME: 'a # b' });
  });

  it('3: special characters in a password, bare', () => {
    expect(read('export KEYRING_PASSWORD=pa$word1').values.undefinedReferences).toEqual([{ line: 1, variable: 'KEYRING_PASSWORD', name: 'word1' }]);
    for (const [value, reason] of [['pa&ss word', 'operator'], ['pa`ss`', 'command_substitution'], ['pa$1ss', 'special_parameter'], ['pa$(id)', 'command_substitution'], ['pa(ss', 'compound'], ['pa>ss', 'redirection']] as const) {
      const { values } = read(`export KEYRING_PASSWORD=${value}\nexport PORT=1`);
      expect(values.doubts[0], value).toMatchObject({ line: 1, reason });
      expect(values.variables.get('KEYRING_PASSWORD')?.state, value).toBe('unknown');
    }
    expect(read('export KEYRING_PASSWORD=pa;ss').exported).toEqual({});
    expect(read("export KEYRING_PASSWORD=pa'ss\nexport PORT=1").values.stopped).toMatchObject({ line: 1, reason: 'unclosed', lost: ['KEYRING_PASSWORD', 'PORT'] });
  });

  it('3: special characters in a password, quoted', () => {
    expect(read(`export A='p$w&;(x)#"y'\nexport B="q\\$w\\"\\\\ \\a 'z'"\nexport C='it'\\''s'\nexport D="x"y'z'\nexport E=$'tab\\tx\\'q'`).exported).toEqual({ A: 'p$w&;(x)#"y', B: 'q$w"\\ \\a \'z\'', C: "it's", D: 'xyz', E: "tab\tx'q" });
  });

  it('4: a variable without export never reaches compose, unless it is exported later', () => {
    const { values, exported } = read('NGINX_MODE=both\nSERVER_NAME=h\nexport SERVER_NAME\nset -a\nCERT_ISSUER_DOMAIN=d\nset +a\nX=1');
    expect(values.variables.get('NGINX_MODE')).toMatchObject({ state: 'shell', value: 'both' });
    expect(exported).toEqual({ SERVER_NAME: 'h', CERT_ISSUER_DOMAIN: 'd' });
  });

  it('5: placeholders stop bash, in quotes they are values; both are found', () => {
    const { file, values } = read('export API_PORT=8000\nexport KEY_NAME=<FILLIN>\nexport PUBLIC_URL=http://<HOST>:<PORT>\nexport PORT=1');
    expect(values.stopped).toMatchObject({ line: 2, reason: 'redirection', lost: ['KEY_NAME', 'PUBLIC_URL', 'PORT'] });
    expect([...placeholdersIn(file)]).toEqual([['KEY_NAME', 2], ['PUBLIC_URL', 3]]);
    expect([...placeholdersIn(read("export KEY_NAME='<FILLIN>'\n# export POSTGRES_PASSWORD=<FILLIN>").file)]).toEqual([['KEY_NAME', 1]]);
    expect([...placeholdersIn(read("export KEYRING_PASSWORD='pa<ss>word'\nexport A=x<y>z").file)]).toEqual([]);
    expect([...placeholdersIn(read('export PUBLIC_URL=http://<HOST>:8000\nexport PUBLIC_URL=http://h:8000').file)]).toEqual([]);
  });

  it('8: of two definitions the last one counts', () => expect(read('export PUBLIC_URL=a\nexport PUBLIC_URL=b').exported).toEqual({ PUBLIC_URL: 'b' }));

  it('carriage returns stay in the value', () => expect(read('export PORT=8080\r\nexport X="y"\r\n\r\n').exported).toEqual({ PORT: '8080\r', X: 'y\r' }));

  it('earlier values, defaults, home, joined lines, several in one line', () => {
    expect(read('export H=h P=80\nexport PUBLIC_URL=http://${H}:$P/${NO:-x$P}\nexport HF_HOME=~/hf:~ Q="~/q"\nexport L=a\\\nb; export M=c').exported).toEqual({ H: 'h', P: '80', PUBLIC_URL: 'http://h:80/x80', HF_HOME: `${HOME}/hf:${HOME}`, Q: '~/q', L: 'ab', M: 'c' });
  });

  it('what needs running is marked with its line, and what depends on it too', () => {
    const { file, values } = read('export A=1\nexport IP=$(hostname -I)\nexport PUBLIC_URL=http://$IP:8000\nexport B=2\nif true; then\n export A=3\nfi\nexport C=4\n');
    expect(lines(file).slice(0, 2)).toEqual([[5, 'compound'], [7, 'syntax']]);
    expect(values.variables.get('IP')).toEqual({ state: 'unknown', reason: 'compound', line: 5 });
    expect(values.certain).toBe(false);
    const simple = read('export A=1\nexport IP=$(hostname -I)\nexport PUBLIC_URL=http://$IP:8000\nexport B=2');
    expect(simple.exported).toEqual({ A: '1', B: '2' });
    expect(simple.values.doubts).toEqual([{ line: 2, reason: 'command_substitution', names: ['IP'], wide: false }, { line: 3, reason: 'command_substitution', names: ['PUBLIC_URL'], wide: false }]);
  });

  it('a file that sources another leaves all earlier values open and later ones certain', () => {
    const { values } = read('export A=1\nsource ./nosuch.env\nexport B=2');
    expect(values.variables.get('A')?.state).toBe('unknown');
    expect(values.variables.get('B')).toMatchObject({ state: 'exported', value: '2' });
    expect(values.certain).toBe(false);
  });

  it('a word with an expansion before its equals sign is a command', () => expect(read('A= a$1=\nexport B=1\nexport A').exported).toEqual({ B: '1' }));

  it('a byte order mark costs the first line', () => expect(read('\ufeffexport A=1\nexport B=2').exported).toEqual({ B: '2' }));
});

/** Upstream's directories, beside the repository where they are; not part of it. */
const UPSTREAM = path.join(import.meta.dirname, '../../../shared/gonka/deploy');

describe.skipIf(!existsSync(UPSTREAM))('upstream templates', () => {
  for (const release of ['0.2.4', '0.2.8', '0.2.14']) {
    it(release, () => {
      const text = readFileSync(path.join(UPSTREAM, `v${release}/join/config.env.template`), 'utf8');
      const { file, values } = read(text);
      expect(values.stopped).toMatchObject({ line: 1, reason: 'redirection' });
      expect([...placeholdersIn(file).keys()].slice(0, 5)).toEqual(['KEY_NAME', 'KEYRING_PASSWORD', 'PUBLIC_URL', 'P2P_EXTERNAL_ADDRESS', 'ACCOUNT_PUBKEY']);
      const filled = text.replace(/<FILLIN>/g, 'filled-in').replace(/<HOST>:<PORT>/g, 'host:5000').replace(/<ACCOUNT[A-Z_]*>/g, 'A0');
      const after = read(filled);
      expect(after.values.stopped).toBeUndefined();
      expect(after.values.doubts).toEqual([]);
      expect(after.exported).toMatchObject({ KEY_NAME: 'filled-in', API_PORT: '8000', P2P_EXTERNAL_ADDRESS: 'tcp://host:5000', KEYRING_BACKEND: 'file' });
    });
  }
});

describe('secrets for masking', () => {
  const secrets = (text: string) => {
    const { file, values } = read(text);
    return secretsOf(file, [...values.variables].flatMap(([name, one]): [string, string][] => (one.state === 'unknown' ? [] : [[name, one.value]])));
  };
  it('by value, also where bash has another reading, in comments and in old lines', () => {
    expect(secrets("export KEYRING_PASSWORD=old-one\nexport KEYRING_PASSWORD='new one'\n# export POSTGRES_PASSWORD=third\nexport CF_DNS_API_TOKEN=t0&x")).toEqual(expect.arrayContaining(['old-one', 'new one', 'third', 't0&x']));
    expect(secrets('export KEYRING_PASSWORD = hunter22')).toContain('hunter22');
    expect(secrets('export OTEL=http://u:s3cret@h')).toContain('s3cret');
  });
  it('not what is public', () => expect(secrets('export KEY_NAME=mykey\nexport ACCOUNT_PUBKEY=Au+a3\nexport KEYRING_PASSWORD=<FILLIN>\nexport KEYRING_BACKEND=file')).toEqual([]));
});
