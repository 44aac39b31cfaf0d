import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { addKeyCommand, downloadCommand, expectedGrantOutput, grantCommand, needsNewerTool, participantCommand, toolRelease } from './local-commands.ts';

describe('the release of the tool', () => {
  test.each([
    ['0.2.15', { release: '0.2.15', from: 'deployment', old: false }], ['0.2.4', { release: '0.2.4', from: 'deployment', old: true }],
    ['v0.2.10-post1', { release: '0.2.10-post1', from: 'deployment', old: false }], [undefined, { release: '0.2.9', from: 'guide', old: false }],
    ['latest', { release: '0.2.9', from: 'guide', old: false }], ['0.2.9; rm -rf ~', { release: '0.2.9', from: 'guide', old: false }],
  ])('of a deployment of %s', (deployed, wanted) => expect(toolRelease(deployed)).toEqual(wanted));
  test.each([['0.2.14', true], ['v0.2.10-post1', true], ['0.2.9', false], ['0.2.4', false], [undefined, false], ['latest', false]])(
    'the tool that made the key was too old for the grant, and nobody said so: a deployment of %s needs a newer one: %s', (deployed, newer) => expect(needsNewerTool(deployed)).toBe(newer));
});

describe('the commands', () => {
  test('Linux takes the packaged build of the release', () => {
    expect(downloadCommand('linux', 'amd64', '0.2.9').split('\n')[0]).toBe('curl -fL -o inferenced-linux-amd64.zip https://github.com/gonka-ai/gonka/releases/download/release%2Fv0.2.9/inferenced-linux-amd64.zip');
    expect(downloadCommand('linux', 'amd64', '0.2.9')).toContain('\nchmod +x inferenced\n');
  });
  test('macOS takes the darwin build and lifts the quarantine', () => {
    expect(downloadCommand('macos', 'arm64', '0.2.15')).toContain('release%2Fv0.2.15/inferenced-darwin-arm64.zip\n');
    expect(downloadCommand('macos', 'arm64', '0.2.15')).toContain('xattr -d com.apple.quarantine inferenced');
  });
  test('Windows runs the Linux build', () => expect(downloadCommand('windows', 'amd64', '0.2.9')).toBe(downloadCommand('linux', 'amd64', '0.2.9')));
  test('the account key goes into the keyring that was chosen', () => {
    expect(addKeyCommand('file')).toBe('./inferenced keys add gonka-account-key --keyring-backend file');
    expect(addKeyCommand('os')).toBe('./inferenced keys add gonka-account-key --keyring-backend os');
  });
});

describe('commands of the account key', () => {
  const seed = 'http://node2.gonka.ai:8000';
  it('the grant, as the guide has it and as it was recorded', () => {
    expect(grantCommand({ address: 'gonka1ena5pcz77qa82ucqcj3xary429k3uqnkyezflg', seed, backend: 'file' })).toBe('./inferenced tx inference grant-ml-ops-permissions gonka-account-key gonka1ena5pcz77qa82ucqcj3xary429k3uqnkyezflg --from gonka-account-key --keyring-backend file --gas 2000000 --node http://node2.gonka.ai:8000/chain-rpc/');
    const recorded = path.join(import.meta.dirname, '../../../shared/gonka/samples/v0.2.4/cli/grant.txt');
    if (!existsSync(recorded)) return;
    const text = readFileSync(recorded, 'utf8');
    expect(text.split('\n')[0]).toContain(grantCommand({ address: 'gonka1ena5pcz77qa82ucqcj3xary429k3uqnkyezflg', seed, backend: 'file' }).slice(2));
    for (const line of expectedGrantOutput('os', 'gonka-mainnet').split('\n').filter((one) => one && !one.includes('…'))) expect(text).toContain(line);
  });
  it('what a shell would read something into is quoted', () => {
    expect(grantCommand({ address: 'gonka1x', seed: 'http://h:8000/$(id)', backend: 'os' })).toContain(" --keyring-backend os --gas 2000000 --node 'http://h:8000/$(id)/chain-rpc/'");
    expect(participantCommand({ url: "http://h/'&x", key: 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=', seed, backend: 'file', chainId: 'gonka-mainnet' })).toBe(`./inferenced tx inference submit-new-participant 'http://h/'\\''&x' --validator-key OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw= --from gonka-account-key --keyring-backend file --timeout-duration 1m --unordered --node http://node2.gonka.ai:8000/chain-rpc/ --chain-id gonka-mainnet`);
  });
});
