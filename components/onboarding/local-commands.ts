/** The operator's own machine. Upstream builds the command line tool for Linux and macOS; Windows runs the Linux one in WSL. */
export type LocalSystem = 'linux' | 'macos' | 'windows';
export type Processor = 'amd64' | 'arm64';
export type KeyringBackend = 'file' | 'os';

export const ACCOUNT_KEY_NAME = 'gonka-account-key';
export const RELEASES = 'https://github.com/gonka-ai/gonka/releases';
/** The guide asks for this one or a later one; taken when the deployment doesn't say its release. */
export const LEAST_RELEASE = '0.2.9';

/** Page of a release, with the checksums of its files. Tags are named `release/v0.2.9`. */
export const releasePage = (release: string): string => `${RELEASES}/tag/release%2Fv${release}`;

/** True for a release number that may stand in a command. */
const isRelease = (text: string): boolean => /^\d+\.\d+\.\d+(?:-[a-z0-9.]+)?$/i.test(text);

/** The release whose tool fits the deployment, and whether it is older than the guide asks for. */
export function toolRelease(deployed: string | undefined): { release: string; from: 'deployment' | 'guide'; old: boolean } {
  const release = deployed?.replace(/^v/, '');
  if (!release || !isRelease(release)) return { release: LEAST_RELEASE, from: 'guide', old: false };
  return { release, from: 'deployment', old: order(release) < order(LEAST_RELEASE) };
}

const order = (release: string): number => release.split('-')[0]!.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);

/** True where the tool that made the account key may be older than the deployment: an older one grants less than is needed (facts 13, row 14). */
export function needsNewerTool(deployed: string | undefined): boolean {
  const { release, from } = toolRelease(deployed);
  return from === 'deployment' && order(release) > order(LEAST_RELEASE);
}

/**
 * Download, unpack and first run of `inferenced`: the package of the system, never the bare file of the same name, which
 * is made for containers and stops with `Error relocating ./inferenced` (facts 8.2).
 */
export function downloadCommand(system: LocalSystem, processor: Processor, release: string): string {
  const file = `inferenced-${system === 'macos' ? 'darwin' : 'linux'}-${processor}.zip`;
  return [
    `curl -fL -o ${file} ${RELEASES}/download/release%2Fv${release}/${file}`,
    // Python has a zip reader where `unzip` is missing.
    system === 'macos' ? `unzip -o ${file}` : `unzip -o ${file} || python3 -m zipfile -e ${file} .`,
    'chmod +x inferenced',
    // A browser's download carries this mark, curl's doesn't.
    ...(system === 'macos' ? ['xattr -d com.apple.quarantine inferenced 2>/dev/null || true'] : []),
    './inferenced --help',
  ].join('\n');
}

export const WSL_COMMAND = 'wsl --install -d Ubuntu';

/** Makes the account key (facts 8.2, local A). */
export const addKeyCommand = (backend: KeyringBackend): string => `./inferenced keys add ${ACCOUNT_KEY_NAME} --keyring-backend ${backend}`;
/** Shows the key again, without the mnemonic. */
export const showKeyCommand = (backend: KeyringBackend): string => `./inferenced keys show ${ACCOUNT_KEY_NAME} --keyring-backend ${backend}`;

/** What making the key prints, as recorded (measured 1), between what is asked and what has to be written down. */
export function expectedKeyOutput(backend: KeyringBackend): string {
  return [
    ...(backend === 'file' ? ['Enter keyring passphrase (attempt 1/3):', 'Re-enter keyring passphrase:', ''] : []),
    '- address: gonka1…',
    `  name: ${ACCOUNT_KEY_NAME}`,
    `  pubkey: '{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A…"}'`,
    '  type: local',
    '',
    '**Important** write this mnemonic phrase in a safe place.',
    'It is the only way to recover your account if you ever forget your password.',
    '',
    'word word word … (24)',
  ].join('\n');
}

/** Quoted where a shell would read something into it. */
const quoted = (value: string): string => (/^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);
const rpcOf = (seed: string): string => quoted(`${seed}/chain-rpc/`);

/** Gas that the grants of every release take with room to spare; the default of 200000 is too little (measured 12). */
const GRANT_GAS = 2_000_000;

/** The account key allows the ML operational key to work for it (facts 8.2, 3.3). `seed`: base URL; the chain id is found out by the command itself. */
export const grantCommand = ({ address, seed, backend }: { address: string; seed: string; backend: KeyringBackend }): string =>
  `./inferenced tx inference grant-ml-ops-permissions ${ACCOUNT_KEY_NAME} ${quoted(address)} --from ${ACCOUNT_KEY_NAME} --keyring-backend ${backend} --gas ${GRANT_GAS} --node ${rpcOf(seed)}`;

/** What it prints, as recorded (measured 12). */
export function expectedGrantOutput(backend: KeyringBackend, chainId: string): string {
  return [`Detected chain-id: ${chainId}`, ...(backend === 'file' ? ['Enter keyring passphrase (attempt 1/3):'] : []), 'Transaction sent with hash: 71B664BA…', 'Waiting for transaction to be included in a block...', '', 'Transaction confirmed successfully!', 'Block height: …'].join('\n');
}

/**
 * The account key tells the chain itself of this host's URL and consensus key: what a registration by a seed can't change,
 * and the way for an account that has coins and has never signed (facts 8.2, 8.3). `key`: base64 of 32 bytes.
 */
export const participantCommand = ({ url, key, seed, backend, chainId }: { url: string; key: string; seed: string; backend: KeyringBackend; chainId: string }): string =>
  `./inferenced tx inference submit-new-participant ${quoted(url)} --validator-key ${quoted(key)} --from ${ACCOUNT_KEY_NAME} --keyring-backend ${backend} --timeout-duration 1m --unordered --node ${rpcOf(seed)} --chain-id ${quoted(chainId)}`;
