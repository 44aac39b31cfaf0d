import { ACCOUNT_KEY_NAME } from './local-commands.ts';

/** What the chain shows of a host to others; `identity` is the 64-bit PGP id of a Keybase profile, for the picture. */
export type Profile = { moniker: string; website: string; identity: string };

/** Characters that mean the same between double quotes in every shell of an operator's machine. */
const PLAIN = /^[^"`$\\!%\u0000-\u001f\u007f]*$/;

/** Field → key of its message under `onboarding.profile`; empty when all can be put into the command. The chain's own limits: 70 and 140 bytes. */
export function profileProblems({ moniker, website, identity }: Profile): Partial<Record<keyof Profile, string>> {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  return {
    ...(moniker && (!PLAIN.test(moniker) || bytes(moniker) > 70) ? { moniker: 'badName' } : {}),
    ...(website && (!/^https?:\/\/[^\s/]+/.test(website) || !PLAIN.test(website) || bytes(website) > 140) ? { website: 'badSite' } : {}),
    ...(identity && !/^[0-9A-Fa-f]{16}$/.test(identity) ? { identity: 'badIdentity' } : {}),
  };
}

/**
 * The command that changes what the chain shows of this host; what is empty stays as it is. Undefined while there is nothing
 * to change or something can't be put into it. Source: gonka.ai/host/validator_info (linked from the quickstart).
 */
export function profileCommand(profile: Profile, node: string): string | undefined {
  const { moniker, website, identity } = profile;
  if (Object.keys(profileProblems(profile)).length > 0 || !(moniker || website || identity)) return undefined;
  return [
    './inferenced tx staking edit-validator', '--chain-id gonka-mainnet', `--from ${ACCOUNT_KEY_NAME}`, ...(moniker ? [`--new-moniker "${moniker}"`] : []), ...(website ? [`--website "${website}"`] : []), ...(identity ? [`--identity ${identity.toUpperCase()}`] : []),
    '--keyring-backend file', `--node ${node.replace(/\/+$/, '')}/chain-rpc/`, '--yes',
  ].join(' ');
}
