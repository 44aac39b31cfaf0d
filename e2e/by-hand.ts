/** The steps of the path as the guide has them typed: literal commands in a real shell on the server, and on the operator's own machine. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StepName } from '#lib/onboarding/schema.ts';
import type { OperatorMachine } from './network/operator-machine.ts';
import type { ReleaseName } from './network/releases.ts';
import { dirIn, PUBLIC_URL } from './onboarding-walk.ts';

export type Server = { home: string; release: ReleaseName; repository: string; /** As containers reach it. */ seedUrl: string; password: string; operator: OperatorMachine };

/** A folder that comes first on the panel's PATH: what the person has installed on the server. */
export const programsOf = (home: string): string => path.join(home, 'bin');

/** Types `script` into a shell of the server; `input` goes to the program that reads. Throws with all that it printed unless it ends well. */
export async function typed(script: string, { cwd, input = '' }: { cwd: string; input?: string }): Promise<string> {
  // Not spawnSync: this process serves what the commands ask for.
  const shell = spawn('bash', ['--noprofile', '--norc', '-c', `set -e\n${script}`], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  shell.stdin.on('error', () => {});
  shell.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => shell.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${script}\nended with ${code}:\n${said}`);
  return said;
}

const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** What a person types at each step; everything is as the guide says it, but for `-it`, which wants a terminal (facts 8.2). */
export function byHand({ home, release, repository, seedUrl, password, operator }: Server): Record<StepName, () => Promise<void>> {
  const join = dirIn(home);
  const inApi = (lines: string) => typed('source config.env && docker compose run --rm --no-deps -T api /bin/sh', { cwd: join, input: `${lines}\nexit\n` });
  return {
    prerequisites: async () => {
      // A clock that systemd keeps in step: `timedatectl set-ntp true`.
      mkdirSync(programsOf(home), { recursive: true });
      writeFileSync(path.join(programsOf(home), 'timedatectl'), '#!/bin/sh\necho NTP=yes\necho NTPSynchronized=yes\n', { mode: 0o755 });
    },
    'account-key': async () => {
      const made = await operator.run('./inferenced keys add gonka-account-key --keyring-backend file');
      if (made.code !== 0) throw new Error(made.output);
    },
    deployment: async () => {
      await typed(`git clone -q ${repository} -b release/v${release} && cd gonka/deploy/join`, { cwd: home });
    },
    // node-config.json stays as upstream has it.
    configuration: async () => {
      await typed('cp config.env.template config.env && chmod 600 config.env', { cwd: join });
      const file = path.join(join, 'config.env');
      mkdirSync(path.join(home, 'hf-cache'), { recursive: true });
      const values: Record<string, string> = {
        KEY_NAME: 'gonka-op-key', KEYRING_PASSWORD: quoted(password), PUBLIC_URL, P2P_EXTERNAL_ADDRESS: PUBLIC_URL.replace('http:', 'tcp:').replace(':8000', ':5000'), ACCOUNT_PUBKEY: operator.key()!.pubKey, HF_HOME: path.join(home, 'hf-cache'),
        SEED_API_URL: seedUrl, SEED_NODE_RPC_URL: `${seedUrl}/chain-rpc/`, SEED_NODE_P2P_URL: `tcp://${new URL(seedUrl).hostname}:5000`, RPC_SERVER_URL_1: `${seedUrl}/chain-rpc/`, RPC_SERVER_URL_2: `${seedUrl}/chain-rpc/`,
      };
      writeFileSync(file, readFileSync(file, 'utf8').split('\n').map((line) => {
        const name = /^export (\w+)=/.exec(line)?.[1];
        return name !== undefined && values[name] !== undefined ? `export ${name}=${values[name]}` : line;
      }).join('\n'));
    },
    images: async () => {
      await typed('source config.env && docker compose -f docker-compose.yml -f docker-compose.mlnode.yml pull', { cwd: join });
    },
    'start-chain': async () => {
      await typed('source config.env && \\\ndocker compose up tmkms node -d --no-deps', { cwd: join });
    },
    'ml-key': async () => {
      await inApi(`printf '%s\\n%s\\n' "$KEYRING_PASSWORD" "$KEYRING_PASSWORD" | inferenced keys add "$KEY_NAME" --keyring-backend file`);
    },
    register: async () => {
      await inApi('inferenced register-new-participant \\\n    $DAPI_API__PUBLIC_URL \\\n    $ACCOUNT_PUBKEY \\\n    --node-address $DAPI_CHAIN_NODE__SEED_API_URL');
    },
    grant: async () => {
      const warm = (await inApi(`printf '%s\\n' "$KEYRING_PASSWORD" | inferenced keys show "$KEY_NAME" -a --keyring-backend file`)).match(/gonka1[a-z0-9]{38}/)?.[0];
      const ran = await operator.run(`./inferenced tx inference grant-ml-ops-permissions \\\n    gonka-account-key \\\n    ${warm} \\\n    --from gonka-account-key \\\n    --keyring-backend file \\\n    --gas 2000000 \\\n    --node ${seedUrl}/chain-rpc/`);
      if (ran.code !== 0) throw new Error(ran.output);
    },
    launch: async () => {
      await typed('source config.env && \\\ndocker compose -f docker-compose.yml -f docker-compose.mlnode.yml up -d', { cwd: join });
    },
    // Nothing is typed: the next Proof of Compute decides.
    verify: async () => {},
  };
}
