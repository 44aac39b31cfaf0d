import { describe, expect, it } from 'vitest';
import { isSecretArgument, replaceSecrets } from './secret-arguments.ts';

const HF = `hf_${'aB3'.repeat(11)}`;
const SK = `sk-proj-${'x9Y'.repeat(10)}`;
const masked = (value: unknown) => JSON.parse(replaceSecrets(JSON.stringify(value), () => '•'));

describe('secrets among the arguments of a model server', () => {
  it.each([
    [['--hf-token', 'plain', '--tp', '4'], ['--hf-token', '•', '--tp', '4']],
    [['--api-key', 'one', 'two', '--x'], ['--api-key', '•', '•', '--x']],
    [['--api-key=one'], ['--api-key=•']],
    [['--api-key one'], ['--api-key •']],
    [['--api_key', 'quo"te\\'], ['--api_key', '•']],
    [['--unheard-of', HF], ['--unheard-of', '•']],
    [[`Bearer ${SK}`], ['Bearer •']],
    [['--hf-token', '--trust-remote-code'], ['--hf-token', '--trust-remote-code']],
    [['--hf-token', '<TOKEN>', '--api-key', '$API_KEY'], ['--hf-token', '<TOKEN>', '--api-key', '$API_KEY']],
    [['--hf-token', '⟪secret 1⟫'], ['--hf-token', '⟪secret 1⟫']],
    [['--max-num-batched-tokens', '8192', '--tokenizer-mode', 'auto', '--ssl-keyfile', '/k.pem', '--eos-token', '</s>'], ['--max-num-batched-tokens', '8192', '--tokenizer-mode', 'auto', '--ssl-keyfile', '/k.pem', '--eos-token', '</s>']],
  ])('%j', (args, shown) => {
    expect(masked([{ id: 'n1', models: { m: { args } } }])).toEqual([{ id: 'n1', models: { m: { args: shown } } }]);
  });

  it('fields that are called like one, and a password in an address', () => {
    expect(masked({ auth_token: 'abc', apiKey: 'x', base_url: 'https://me:pw@h/', extra: ['auth_token', 'x'], token: 3 })).toEqual({ auth_token: '•', apiKey: '•', base_url: 'https://me:•@h/', extra: ['auth_token', 'x'], token: 3 });
  });

  it('a half-typed text', () => {
    expect(replaceSecrets('[{"args": ["--hf-token", "abc', () => '•')).toBe('[{"args": ["--hf-token", "•');
    expect(replaceSecrets(`{"x: ${HF}`, () => '•')).toBe('{"x: •');
  });

  it('a token inside a secret value is one secret', () => {
    expect(masked(['--api-key', `a ${HF} b`])).toEqual(['--api-key', '•']);
  });

  it('names', () => {
    for (const name of ['--token', '--hf-token', '--hf_token', 'HF_TOKEN', 'authToken', '--api-key', 'apikey', '--secret', 'client_secret', '--db-password']) expect([name, isSecretArgument(name)]).toEqual([name, true]);
    for (const name of ['--max-tokens', '--tokenizer', '--skip-tokenizer-init', '--max-model-len', 'pad_token', '--keyring']) expect([name, isSecretArgument(name)]).toEqual([name, false]);
  });
});
