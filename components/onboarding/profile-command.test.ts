import { describe, expect, test } from 'vitest';
import { profileCommand, profileProblems } from './profile-command.ts';

const NOTHING = { moniker: '', website: '', identity: '' };

describe('the command that changes the public profile', () => {
  test('only what is filled in is changed', () => {
    expect(profileCommand(NOTHING, 'http://n:8000')).toBeUndefined();
    expect(profileCommand({ ...NOTHING, moniker: '北京 GPU 1' }, 'http://n:8000/')).toBe('./inferenced tx staking edit-validator --chain-id gonka-mainnet --from gonka-account-key --new-moniker "北京 GPU 1" --keyring-backend file --node http://n:8000/chain-rpc/ --yes');
    expect(profileCommand({ moniker: '', website: 'https://a.example', identity: '1a2b3c4d5e6f7a8b' }, 'http://n')).toContain('--website "https://a.example" --identity 1A2B3C4D5E6F7A8B --keyring-backend');
  });
  test.each(['a"; rm -rf ~; "', '$(id)', '`id`', 'a\\', 'a!b', 'x'.repeat(71), '二'.repeat(24)])('a name that a shell would read, or the chain refuses: %s', (moniker) => {
    expect(profileProblems({ ...NOTHING, moniker })).toEqual({ moniker: 'badName' });
    expect(profileCommand({ ...NOTHING, moniker }, 'http://n')).toBeUndefined();
  });
  test.each(['javascript:alert(1)', 'a.example', 'https://a.example/"x', 'https://'])('no website: %s', (website) => expect(profileProblems({ ...NOTHING, website })).toEqual({ website: 'badSite' }));
  test.each(['1234', 'zzzzzzzzzzzzzzzz', '1a2b3c4d5e6f7a8b0'])('no Keybase id: %s', (identity) => expect(profileProblems({ ...NOTHING, identity })).toEqual({ identity: 'badIdentity' }));
});
