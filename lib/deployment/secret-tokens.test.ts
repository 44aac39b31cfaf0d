import { describe, expect, it } from 'vitest';
import { parseEnvFile } from './env-file.ts';
import { hideSecrets, showSecrets } from './secret-tokens.ts';

const hide = (text: string) => hideSecrets(parseEnvFile(text));

describe('what is hidden', () => {
  it('values as they are written, counted from the top', () => {
    expect(hide("# keys\nexport KEYRING_PASSWORD='a b' # c\nexport PORT=8080\nCF_DNS_API_TOKEN=tok\r\n")).toEqual({ text: '# keys\nexport KEYRING_PASSWORD=⟪secret 1⟫ # c\nexport PORT=8080\nCF_DNS_API_TOKEN=⟪secret 2⟫\r\n', hidden: ["'a b'", 'tok'] });
  });
  it('the same secret wherever else it stands', () => expect(hide('export KEYRING_PASSWORD="hunter22"\n# was hunter22\nexport U=http://h/?p=hunter22\n').text).toBe('export KEYRING_PASSWORD=⟪secret 1⟫\n# was ⟪secret 2⟫\nexport U=http://h/?p=⟪secret 3⟫\n'));
  it('passwords in URLs, in comments too', () => expect(hide('export U=http://u:p%40ss@h:1/\n# http://a:b@c\n').text).toBe('export U=http://u:⟪secret 1⟫@h:1/\n# http://a:⟪secret 2⟫@c\n'));
  it('old lines, lines that bash does not read, and a second assignment of such a line', () => {
    expect(hide("# export KEYRING_PASSWORD='older' # c\n").text).toBe('# export KEYRING_PASSWORD=⟪secret 1⟫ # c\n');
    expect(hide('export A=1 KEYRING_PASSWORD=a&b\n').text).toBe('export A=1 KEYRING_PASSWORD=⟪secret 1⟫\n');
    expect(hide("export KEYRING_PASSWORD=it's\nexport PORT=1\n").hidden).toEqual(["it's"]);
    expect(hide('export KEYRING_PASSWORD = spaced\n').text).toBe('export KEYRING_PASSWORD = ⟪secret 1⟫\n');
    expect(hide('export PORT=1 # KEYRING_PASSWORD=inline\n').text).toBe('export PORT=1 # KEYRING_PASSWORD=⟪secret 1⟫\n');
  });
  it.each([
    ['words behind the first', 'export KEYRING_PASSWORD=correct horse battery staple', 'export KEYRING_PASSWORD='],
    ['a semicolon', 'export KEYRING_PASSWORD=abc;Defgh99', 'export KEYRING_PASSWORD='],
    ['what looks like a variable', 'export KEYRING_PASSWORD=abcd;Xyz9=1', 'export KEYRING_PASSWORD='],
    ['a number sign', 'export KEYRING_PASSWORD=abc #Defgh99', 'export KEYRING_PASSWORD='],
    ['a number sign in an old line', '# export KEYRING_PASSWORD=abc #Defgh99', '# export KEYRING_PASSWORD='],
    ['a here-document', 'export KEYRING_PASSWORD=$(cat <<EOF\nmysecretbody\nEOF\n)', 'export KEYRING_PASSWORD='],
    ['an array over lines', 'KEYRING_PASSWORD=(one\ntwosecret)', 'KEYRING_PASSWORD='],
    ['a value over lines in a list', "export GCE_SERVICE_ACCOUNT_JSON_B64='abc\ndef2' && true", 'export GCE_SERVICE_ACCOUNT_JSON_B64='],
    ['read', 'read KEYRING_PASSWORD <<< secretvalue12', 'read KEYRING_PASSWORD '],
    ['printf -v', 'printf -v KEYRING_PASSWORD secretvalue12', 'printf -v KEYRING_PASSWORD '],
    ['a word behind the name', 'export KEYRING_PASSWORD secretvalue12', 'export KEYRING_PASSWORD '],
    ['a colon', 'KEYRING_PASSWORD: secretvalue12', 'KEYRING_PASSWORD: '],
    ['a default', ': ${KEYRING_PASSWORD:=secretvalue12}', ': ${KEYRING_PASSWORD:='],
  ])('a password without quotes was hidden up to its first blank or sign only: %s', (_, line, before) => {
    const text = `export A=1\n${line}\nexport PORT=8080\n`;
    const hidden = hide(text);
    expect(hidden.text).toBe(`export A=1\n${before}⟪secret 1⟫\nexport PORT=8080\n`);
    expect(hidden.hidden).toEqual([line.slice(before.length)]);
    expect(showSecrets(hidden.text, parseEnvFile(text))).toBe(text);
  });
  it('a well-quoted value leaves the rest of its line in sight', () => {
    expect(hide("export KEYRING_PASSWORD='x y' # my comment\n").text).toBe('export KEYRING_PASSWORD=⟪secret 1⟫ # my comment\n');
    expect(hide("export KEYRING_PASSWORD='x y' PORT=1\n").text).toBe('export KEYRING_PASSWORD=⟪secret 1⟫ PORT=1\n');
    expect(hide('KEYRING_PASSWORD=xy12; export KEYRING_PASSWORD\n').text).toBe('KEYRING_PASSWORD=⟪secret 1⟫; export KEYRING_PASSWORD\n');
  });
  it('the name of a secret variable was hidden as if it were a secret', () => {
    expect(hide('GCE_SERVICE_ACCOUNT_JSON_B64=abcd1\nexport GCE_SERVICE_ACCOUNT_JSON_B64\nexport HF_TOKEN GCE_SERVICE_ACCOUNT_JSON_B64\n').text).toBe('GCE_SERVICE_ACCOUNT_JSON_B64=⟪secret 1⟫\nexport GCE_SERVICE_ACCOUNT_JSON_B64\nexport HF_TOKEN GCE_SERVICE_ACCOUNT_JSON_B64\n');
  });
  it('a secret that reaches its variable by reference', () => expect(hide('P=hunter22\nexport KEYRING_PASSWORD=$P\n').text).toBe('P=⟪secret 1⟫\nexport KEYRING_PASSWORD=$P\n'));
  it('not what is empty, a placeholder or public', () => {
    const text = "export KEYRING_PASSWORD=<FILLIN>\nexport A_TOKEN=\nexport B_TOKEN=''   # none\nexport C_TOKEN=   # c\n# export POSTGRES_PASSWORD=<FILLIN>\nexport KEYRING_BACKEND=file\n";
    expect(hide(text)).toEqual({ text, hidden: [] });
  });
});

describe('what comes back', () => {
  const original = parseEnvFile('export KEYRING_PASSWORD=one1\nexport A_TOKEN=two2\n');
  it('moved, doubled, taken out', () => expect(showSecrets('export A_TOKEN=⟪secret 2⟫\nexport B_TOKEN=⟪secret 2⟫\n', original)).toBe('export A_TOKEN=two2\nexport B_TOKEN=two2\n'));
  it('a secret with the signs of a replacement pattern', () => {
    const file = parseEnvFile("export KEYRING_PASSWORD='$&$1$$'\n");
    expect(showSecrets(hideSecrets(file).text, file)).toBe(file.toString());
  });
  it('a token of another version or a damaged one is refused, and nothing of it is repeated', () => {
    for (const token of ['⟪secret 3⟫', '⟪secret 0⟫', '⟪secret 1', '⟪secrethunter22⟫', '⟪secret 01⟫']) {
      let thrown: unknown;
      try {
        showSecrets(`export A=${token}\n`, original);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({ code: 'config_secret_token', params: { token: token === '⟪secret 3⟫' ? token : '⟪secret …' } });
      expect(JSON.stringify(thrown)).not.toContain('hunter22');
    }
  });
  it('what looks like a token in the file itself is no token', () => {
    const file = parseEnvFile('# ⟪secret 1⟫ and ⟪secret\nexport KEYRING_PASSWORD=⟪secret 2⟫\n');
    expect(showSecrets(hideSecrets(file).text, file)).toBe(file.toString());
  });
});
