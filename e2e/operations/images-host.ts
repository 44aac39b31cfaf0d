/** A deployment of a few services whose images lie in a registry of ours; for tests of pulling and of weights. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate } from '#lib/db/migrate.ts';
import { docker } from './busybox-host.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

export type ImagesHost = { dir: string; dataDir: string; hfHome: string; env: Record<string, string>; remove(): void };

/** `services`: name → image; one called `mlnode-308` mounts HF_HOME and starts as upstream's compose file says. `values`: more lines of config.env. */
export function imagesHost(services: Record<string, string>, values: Record<string, string> = {}, hfHome?: string): ImagesHost {
  const base = mkdtempSync(path.join(tmpdir(), 'gp-images-'));
  const dir = path.join(base, 'deploy/join');
  const dataDir = path.join(base, 'data');
  const home = hfHome ?? path.join(base, 'hf');
  for (const one of [dir, dataDir, home]) mkdirSync(one, { recursive: true, mode: 0o700 });
  const weights = `    command: uvicorn api.app:app --host=0.0.0.0 --port=8080\n    volumes: ["\${HF_HOME}:/root/.cache"]\n    environment: ["HF_HOME=/root/.cache"${values.HF_ENDPOINT ? `, "HF_ENDPOINT=${values.HF_ENDPOINT}"` : ''}]\n`;
  writeFileSync(path.join(dir, 'docker-compose.yml'), `services:\n${Object.entries(services).map(([name, image]) => `  ${name}:\n    image: ${image}\n${name === 'mlnode-308' ? weights : ''}`).join('')}`);
  const env = { KEY_NAME: 'gonka', KEYRING_PASSWORD: 'long-enough-password', HF_HOME: home, ...values };
  writeFileSync(path.join(dir, 'config.env'), Object.entries(env).map(([name, value]) => `export ${name}=${value}\n`).join(''), { mode: 0o600 });
  migrate(path.join(dataDir, 'panel.db'), path.join(ROOT, 'prisma/migrations'));
  return {
    dir, dataDir, hfHome: home,
    env: { PANEL_DATA_DIR: dataDir, GONKA_DEPLOY_DIR: dir, SEED_API_URLS: 'http://127.0.0.1:4699' },
    remove() {
      const left = docker('ps', '-aq', '--filter', 'label=gonka-panel.detached').split('\n').filter(Boolean);
      if (left.length) docker('rm', '-f', ...left);
      rmSync(base, { recursive: true, force: true });
    },
  };
}
