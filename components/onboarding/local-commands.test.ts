import { describe, expect, test } from 'vitest';
import { addKeyCommand, downloadCommand, toolRelease } from './local-commands.ts';

describe('the release of the tool', () => {
  test.each([
    ['0.2.15', { release: '0.2.15', from: 'deployment', old: false }], ['0.2.4', { release: '0.2.4', from: 'deployment', old: true }],
    ['v0.2.10-post1', { release: '0.2.10-post1', from: 'deployment', old: false }], [undefined, { release: '0.2.9', from: 'guide', old: false }],
    ['latest', { release: '0.2.9', from: 'guide', old: false }], ['0.2.9; rm -rf ~', { release: '0.2.9', from: 'guide', old: false }],
  ])('of a deployment of %s', (deployed, wanted) => expect(toolRelease(deployed)).toEqual(wanted));
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
