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
  const order = (text: string): number => text.split('-')[0]!.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  return { release, from: 'deployment', old: order(release) < order(LEAST_RELEASE) };
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
