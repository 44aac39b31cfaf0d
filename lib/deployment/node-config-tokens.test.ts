import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNodeConfig, parseNodeConfig } from './node-config.ts';
import { hideNodeSecrets, showNodeSecrets } from './node-config-tokens.ts';

const node = (more: Record<string, unknown> = {}) => ({ id: 'node1', host: 'inference', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: { m: { args: [] } }, ...more });
const text = (...nodes: unknown[]) => `${JSON.stringify(nodes, undefined, 2)}\n`;

describe('secrets of node-config.json', () => {
  it('auth_token is hidden where it stands and wherever else the same value is', () => {
    const file = text(node({ auth_token: 'hf_Sw0rdfish"\\x' }), node({ id: 'n2', comment: 'was hf_Sw0rdfish"\\x once' }));
    const { text: shown, hidden } = hideNodeSecrets(file);
    expect(shown).not.toContain('Sw0rdfish');
    expect(shown).toContain('"auth_token": "⟪secret 1⟫"');
    expect(hidden).toHaveLength(2);
    expect(showNodeSecrets(shown, file)).toBe(file);
  });

  it('secrets among the arguments of a model are hidden by name and by form, and come back', () => {
    const hf = `hf_${'aB3'.repeat(11)}`;
    const file = text(node({ models: { m: { args: ['--hf-token', 'by-name', '--x', hf, '--api-key=joined', '--tensor-parallel-size', '4'] } }, note: 'by-name' }));
    const { text: shown, hidden } = hideNodeSecrets(file);
    expect(hidden).toEqual(['by-name', hf, 'joined', 'by-name']);
    expect(shown).toContain('"4"');
    expect(showNodeSecrets(shown, file)).toBe(file);
    const { nodes } = parseNodeConfig(shown);
    expect(showNodeSecrets(formatNodeConfig(nodes.map((one) => ({ ...one, maxConcurrent: 7 })), shown), file)).toBe(file.replace('"max_concurrent": 500', '"max_concurrent": 7'));
  });

  it('a half-typed file and a short secret', () => {
    expect(hideNodeSecrets('[{"auth_token": "abc').text).toBe('[{"auth_token": "⟪secret 1⟫');
    expect(hideNodeSecrets('[{"auth_token":"abc"}, "abc"]').text).toBe('[{"auth_token":"⟪secret 1⟫"}, "abc"]');
  });

  it('what is edited in the form keeps the secret without ever having it', () => {
    const file = text(node({ auth_token: 'topsecret' }));
    const { text: shown } = hideNodeSecrets(file);
    const { nodes } = parseNodeConfig(shown);
    const edited = formatNodeConfig(nodes.map((one) => ({ ...one, maxConcurrent: 7 })), shown);
    expect(edited).not.toContain('topsecret');
    expect(showNodeSecrets(edited, file)).toBe(file.replace('"max_concurrent": 500', '"max_concurrent": 7'));
  });

  it('a token that this version does not have, or a damaged one, is refused', () => {
    const file = text(node({ auth_token: 'topsecret' }));
    expect(() => showNodeSecrets('⟪secret 2⟫', file)).toThrow('config_secret_token');
    expect(() => showNodeSecrets('⟪secret 1 ⟫', file)).toThrow('config_secret_token');
  });

  it('any file comes back byte for byte, and no secret is in what is shown', () => {
    fc.assert(fc.property(fc.string({ minLength: 4, unit: 'binary' }), fc.string(), (secret, other) => {
      const file = text(node({ auth_token: secret, note: other }), node({ id: secret }));
      const { text: shown } = hideNodeSecrets(file);
      expect(JSON.parse(shown)[0].auth_token).toMatch(/^⟪secret \d+⟫$/);
      expect(showNodeSecrets(shown, file)).toBe(file);
    }), { numRuns: 300 });
  });
});
