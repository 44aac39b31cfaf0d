/** What a host of busybox containers needs so that all of it can be reset: an api folder, weights, chain data, keys. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { forgetDeployment } from '#lib/deployment/deployment.ts';
import type { BusyboxHost } from './busybox-host.ts';

export const PASSPHRASE = 'correct horse battery staple';

/** All names below a folder with the sizes of files, sorted; nothing where there is no folder. */
export function treeOf(dir: string): string[] {
  const all = readdirSync(dir, { recursive: true }) as string[];
  return all.map((name) => `${name} ${statSync(path.join(dir, name)).isFile() ? readFileSync(path.join(dir, name)).length : '/'}`).sort();
}

/** Writes the folders and the compose entries; containers are made by the tests that want them. */
export function furnish(host: BusyboxHost): { dir: string; hf: string } {
  const { dir } = host;
  const hf = path.join(path.dirname(path.dirname(dir)), 'hf');
  const file = path.join(dir, 'docker-compose.yml');
  const text = readFileSync(file, 'utf8');
  if (!text.includes('.dapi')) writeFileSync(file, text.replace('    environment: ["KEYRING_PASSWORD=${KEYRING_PASSWORD}"]\n', '    environment: ["KEYRING_PASSWORD=${KEYRING_PASSWORD}"]\n    volumes: [".inference:/root/.inference", ".dapi:/root/.dapi"]\n'));
  writeFileSync(path.join(dir, 'docker-compose.mlnode.yml'), 'services:\n  mlnode-308:\n    image: gp-ops/api:0.2.4\n    command: [sh, -c, "exec sleep 100000"]\n    environment: ["HF_HOME=/root/.cache"]\n    stop_grace_period: 1s\n    volumes: ["${HF_HOME:-/nowhere}:/root/.cache"]\n'.replace('gp-ops/api:0.2.4', 'gp-ops/mlnode:0.2.4'));
  home(host, hf);
  const files: Record<string, string> = {
    '.tmkms/secrets/priv_validator_key.softsign': `${'K'.repeat(43)}=`, '.tmkms/secrets/kms-identity.key': 'identity', '.tmkms/tmkms.toml': 'addr = "tcp://node:26658"\n',
    '.tmkms/state/priv_validator_state.json': '{"height":"990","round":"0","step":2,"block_id":null}',
    '.inference/keyring-file/gonka.info': 'encrypted', '.inference/keyring-file/keyhash': '$2a$', '.inference/config/node_key.json': '{}', '.inference/config/genesis.json': '{}',
    '.inference/data/application.db/000001.ldb': 'x'.repeat(5000), '.inference/data/blockstore.db/000001.ldb': 'y'.repeat(3000), '.inference/data/upgrade-info.json': '{}', '.inference/wasm/code': 'wasm',
    '.inference/.node_initialized': '', '.inference/cosmovisor/genesis/bin/inferenced': 'elf',
    '.dapi/api-config.yaml': `KeyringPassword: ${host.secret}\n`, '.dapi/gonka.db': 'z'.repeat(9000), '.dapi/a name with spaces\nand a line/ünï.txt': 'odd',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), content);
  }
  for (const name of ['hub/models--Qwen--QwQ-32B/blobs/abc', 'hub/version.txt', 'torch/kernel.bin']) {
    mkdirSync(path.dirname(path.join(hf, name)), { recursive: true });
    writeFileSync(path.join(hf, name), 'w'.repeat(700));
  }
  return { dir, hf };
}

/** Sets HF_HOME in config.env. */
export function home(host: BusyboxHost, place: string): void {
  writeFileSync(path.join(host.dir, 'config.env'), `export KEY_NAME=gonka\nexport KEYRING_PASSWORD=${host.secret}\nexport HF_HOME=${place}\n`, { mode: 0o600 });
  forgetDeployment();
}

/** Takes everything away again, as a person would in the terminal. */
export function clear(host: BusyboxHost): void {
  for (const name of ['.tmkms', '.inference', '.dapi']) rmSync(path.join(host.dir, name), { recursive: true, force: true });
}

/** What a backup holds, by the machine's own tar after age has decrypted it: name → content. */
export async function unpacked(cipher: string, passphrase: string, into: string): Promise<string[]> {
  const { Decrypter } = await import('age-encryption');
  const age = new Decrypter();
  age.addPassphrase(passphrase);
  mkdirSync(into, { recursive: true });
  execFileSync('tar', ['-x', '-C', into], { input: await age.decrypt(readFileSync(cipher)) });
  return treeOf(into);
}
