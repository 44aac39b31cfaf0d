import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newAccountKey } from './network/addresses.ts';
import { prepareDeployment } from './network/deployment.ts';
import { ensureImages } from './network/image.ts';
import { setOf } from './network/ledger.ts';
import type { ReleaseName } from './network/releases.ts';
import { type Seed, type SeedOptions, startSeed } from './network/seed.ts';
import { recordStops, type StopRecord } from './network/stop-record.ts';
import { removeProject } from './world.ts';

const run = promisify(execFile);

/** A host that runs and has weight in the set: upstream's deployment, every container up, registered and authorised. */
export type JoinedHost = {
  seed: Seed;
  /** …/deploy/join */
  dir: string;
  address: string;
  keyringPassword: string;
  /** What ended or was removed since it was in the set. */
  record: StopRecord;
  /** The api's own list of ML nodes, asked at its container. */
  nodes: () => Promise<{ id: string; enabled: boolean; epoch: number }[]>;
  close: () => Promise<void>;
};

export type JoinedHostOptions = SeedOptions & { release: ReleaseName; port: number };

export async function openJoinedHost(options: JoinedHostOptions): Promise<JoinedHost> {
  await ensureImages();
  const scratch = mkdtempSync(path.join(tmpdir(), 'joined-host-'));
  const keyringPassword = 'swordfish-$-7';
  const seed = await startSeed({ stateSyncMs: 500, ...options });
  const key = newAccountKey();
  const { dir, env } = prepareDeployment({ release: options.release, scratch, seedUrl: seed.containerUrl, keyringPassword, accountPubkey: key.pubKey });
  // An engine without cards, and an image that is named by digest.
  for (const name of readdirSync(dir).filter((each) => each.endsWith('.yml'))) {
    const text = readFileSync(path.join(dir, name), 'utf8');
    writeFileSync(path.join(dir, name), text.replace(/^ {4}deploy:\n(?: {6,}.*\n)+/m, '').replace(/@sha256:[0-9a-f]{64}/g, ''));
  }
  const compose = (...args: string[]) => run('docker', ['compose', '-f', 'docker-compose.yml', '-f', 'docker-compose.mlnode.yml', ...args], { cwd: dir, env: { ...process.env, ...env }, maxBuffer: 1e8 });
  const inApi = async (script: string) => (await compose('run', '--rm', '--no-deps', '-T', 'api', 'sh', '-c', script)).stdout;

  await compose('up', '-d', '--no-deps', 'tmkms', 'node');
  await inApi('printf "%s\\n%s\\n" "$KEYRING_PASSWORD" "$KEYRING_PASSWORD" | inferenced keys add "$KEY_NAME" --keyring-backend file');
  const warm = (await inApi('echo "$KEYRING_PASSWORD" | inferenced keys show "$KEY_NAME" --keyring-backend file -a')).trim();
  const consensus = (JSON.parse((await run('docker', ['exec', 'tmkms', 'tmkms-pubkey'])).stdout) as { key: string }).key;
  seed.register({ address: key.address, url: env.PUBLIC_URL!, validator_key: consensus, pub_key: key.pubKey });
  seed.grant(key.address, warm);
  await compose('up', '-d');

  const nodes = async () => {
    const ip = execFileSync('docker', ['inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'api'], { encoding: 'utf8' }).trim();
    const list = (await (await fetch(`http://${ip}:9200/admin/v1/nodes`, { signal: AbortSignal.timeout(3000) })).json()) as { node: { id: string; models: Record<string, unknown> }; state: { admin_state: { enabled: boolean; epoch: number } } }[];
    return list.map(({ node, state }) => ({ id: node.id, model: Object.keys(node.models)[0] ?? '', ...state.admin_state }));
  };
  let list: Awaited<ReturnType<typeof nodes>> = [];
  for (const began = Date.now(); list.length === 0 && Date.now() - began < 60_000; await sleep(200)) list = await nodes().catch(() => []);
  if (list.length === 0) throw new Error('the api has no ML nodes');
  // Nobody watches yet: the clock may jump over the PoC that brings it into the set.
  const { world, ledger } = seed.view();
  const next = (ledger.sets.at(-1)?.epoch ?? 0) + 1;
  seed.reportParticipation({ address: key.address, epoch: next, nodes: list.map(({ id, model }) => ({ id, model })) });
  while (!setOf(ledger, next)) {
    seed.change({ moveTo: Math.round((world.epochBlocks * 22) / 60) });
    seed.view();
  }
  // The containers hear of it by and by; whoever asks an api that hasn't yet is told of the epoch before.
  const ip = execFileSync('docker', ['inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'api'], { encoding: 'utf8' }).trim();
  const knows = async () => ((await (await fetch(`http://${ip}:9000/v1/epochs/latest`, { signal: AbortSignal.timeout(3000) })).json()) as { latest_epoch: { index: number } }).latest_epoch.index >= next;
  for (const began = Date.now(); !(await knows().catch(() => false)); await sleep(200)) if (Date.now() - began > 30_000) throw new Error('the api does not know the new epoch');
  const record = await recordStops(seed);
  return {
    seed, dir, address: key.address, keyringPassword, record, nodes,
    close: async () => {
      record.close();
      removeProject(dir);
      await seed.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
