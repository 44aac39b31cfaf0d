/** The api container: keyring check, public, ML and admin server, ML nodes through the phases, claims. */
import { readFileSync } from 'node:fs';
import { publicApi } from '../answers/public-api.ts';
import { heightAt, latestEpoch, phaseAt, pocStart, stagesOf } from '../chain.ts';
import { hash } from '../addresses.ts';
import { Keyring, type Key } from '../keyring.ts';
import { grantsInForce, hostOf } from '../ledger.ts';
import { releaseOf } from '../releases.ts';
import { blockHash } from '../answers/comet-rpc.ts';
import { bodyOf } from '../answers/answer.ts';
import { adminApi } from './api-admin.ts';
import type { Api } from './api-parts.ts';
import { askNode } from './ask-node.ts';
import { ApiConfig, noSeed, nodeConfig, type NodeConfig, type SeedInfo } from './api-config.ts';
import { blockLines, configLines, connecting, finalConfig, nodeGoneLines, serverLines } from './api-lines.ts';
import { send, serve } from './http.ts';
import { apiLine, goTime, print, startFlood } from './log.ts';
import { MlNodes } from './ml-nodes.ts';
import { linkToWorld, seedOrigin } from './world-link.ts';

const HOME = process.env.STANDIN_HOME ?? '/root/.inference';
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function mergeNodeConfig(config: ApiConfig): void {
  if (config.merged) {
    print(apiLine('INFO', 'Node config already merged. Skipping', 'Config'));
    return;
  }
  const path = config.env.NODE_CONFIG_PATH ?? '/root/node_config.json';
  print(apiLine('INFO', 'Loading and merging node configuration', 'Config', { path }));
  try {
    const list = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>[];
    config.nodes = list.map(nodeConfig).filter((node) => knownModels(config, node));
  } catch (error) {
    print(`${goTime()} error loading node config: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
  config.markMerged();
  config.saveNodes();
  print(apiLine('INFO', 'Loaded node configuration into memory; will persist on next flush', 'Config', { valid_nodes: config.nodes.length }));
}

/** 0.2.4: a node with any model that governance doesn't know is rejected whole (facts 3.2). */
function knownModels(config: ApiConfig, node: NodeConfig): boolean {
  const known = Object.keys(node.models ?? {}).every((id) => config.release.models.some((model) => model.id === id));
  if (!known) print(apiLine('ERROR', 'RegisterNode. Failed to register node: one or more models are not valid governance models', 'Nodes', { node_id: node.id }));
  return known;
}

/** Up for ever with a wrong password or without the key: every five seconds the same words (measured 34). */
async function waitForKeyAndNode(config: ApiConfig, keyring: Keyring): Promise<Key> {
  const { KEY_NAME: name = '', DAPI_CHAIN_NODE__URL: url = '' } = config.env;
  // The SDK trims what it reads as a password.
  const password = (config.env.KEYRING_PASSWORD ?? '').trim();
  for (;;) {
    print(`${goTime()} Initializing cosmos Client.NodeUrl = ${url}. KeyringBackend = ${config.env.KEYRING_BACKEND ?? 'test'}. KeyringDir = /root/.inference`);
    let error: string | undefined;
    if (!(await askNode('/status'))) {
      error = `error while requesting node '${url}': post failed: Post "${url}": dial tcp: lookup ${URL.parse(url)?.hostname ?? ''} on 127.0.0.11:53: no such host`;
      print(`${goTime()} Error creating cosmos client: ${error}`);
    } else {
      if (keyring.exists && !keyring.accepts(password)) {
        process.stderr.write('incorrect passphrase\nEOF\nEOF\n');
        error = `failed to get signer account '${name}' from keyring: too many failed passphrase attempts`;
      } else if (!keyring.has(name)) error = `failed to get signer account '${name}' from keyring: account "${name}" does not exist`;
      if (!error) {
        print(`${goTime()} Account address: ${config.address}`);
        return keyring.read(name, password);
      }
      print(`${goTime()} Error creating api account: ${error}`);
    }
    print(`${goTime()} Failed to connect to cosmos sdk node, retrying in 5s. err = ${error}`);
    await sleep(5000);
  }
}

/** int64 from an epoch's signature: beyond 2^53, like the real ones. */
function seedFor(api: Api, epoch: number): SeedInfo {
  const digest = hash('seed', api.config.address, epoch);
  return { seed: digest.readBigInt64BE(0) & 0x7fff_ffff_ffff_ffffn, epoch_index: epoch, signature: Buffer.concat([digest, hash(epoch, api.config.address)]).toString('hex'), claimed: false };
}

async function follow(api: Api): Promise<void> {
  const { config, link, nodes } = api;
  let last = 0;
  let hardwareAt = 0;
  let misses = 0;
  for (;;) {
    const view = link.view();
    const status = await askNode('/status');
    misses = status ? 0 : misses + 1;
    if (misses >= 2) return;
    if (view && (status?.sync_info as { catching_up?: boolean } | undefined)?.catching_up === false) {
      const { clock } = view.world;
      const height = heightAt(clock, view.now);
      const epoch = latestEpoch(clock, height);
      const stages = stagesOf(clock, epoch);
      await nodes.step(view, config.address);
      if (height > last) {
        for (const line of blockLines(height, epoch, pocStart(clock, epoch), phaseAt(clock, height), blockHash(view, height))) print(line);
        if (last && last < stages.poc_start && height >= stages.poc_start) print(apiLine('INFO', 'DapiStage:IsStartOfPocStage: sending StartPoCEvent to the PoC orchestrator', 'Stages', { blockHeight: height, blockHash: blockHash(view, height) }));
        for (const node of nodes.list) if (!node.enabled && last < stages.poc_start && height >= stages.poc_start && epoch > node.adminEpoch) print(apiLine('INFO', 'Skipping PoC for administratively disabled node. Defaulting to INFERENCE state', 'PoC', { node_id: node.config.id }));
        if (last && last < stages.poc_validation_end && height >= stages.poc_validation_end) {
          for (const node of nodes.list) if (!nodes.shareOf(view, config.address, node.config.id)) print(apiLine('ERROR', 'No epoch models available for this node', 'Nodes', { node_id: node.config.id }));
        }
        config.saveHeight(height);
        last = height;
      }
      rotateSeeds(api, epoch, height >= stages.set_new_validators);
      await takePart(api, height, epoch);
      await claimRewards(api, height);
      if (view.now - hardwareAt > 3000 && mayTransact(api)) {
        hardwareAt = view.now;
        await link.report('hardware', { address: config.address, nodes: nodes.list.map((node) => ({ id: node.config.id, status: node.current, models: Object.keys(node.config.models ?? {}), host: node.config.host, port: node.config.poc_port })) });
      }
    }
    await sleep(Math.min(400, Math.max(100, (view?.world.clock.blockMs ?? 1000) / 2)));
  }
}

/** The host's transactions pass when it is registered and its warm key is authorised. */
function mayTransact(api: Api): boolean {
  const { ledger } = api.link.view()!;
  return hostOf(ledger, api.config.address) !== undefined && grantsInForce(ledger, api.config.address, api.key.address, Date.now()).length > 0;
}

function rotateSeeds(api: Api, epoch: number, inForce: boolean): void {
  const { config } = api;
  const current = inForce ? epoch : epoch - 1;
  config.upcoming = inForce ? noSeed() : seedFor(api, epoch);
  if (config.current.epoch_index === current) return;
  config.previous = config.current.epoch_index === current - 1 ? config.current : { ...seedFor(api, current - 1), claimed: true };
  config.current = seedFor(api, current);
}

let reported = 0;
async function takePart(api: Api, height: number, epoch: number): Promise<void> {
  const { clock } = api.link.view()!.world;
  const stages = stagesOf(clock, epoch);
  if (height < stages.poc_generation_end || height >= stages.poc_validation_end) return;
  const took = api.nodes.tookPart(epoch);
  if (took.length === 0) return;
  if (!mayTransact(api)) {
    if (reported !== height) print(apiLine('ERROR', 'checkTxStatus: tx failed on-chain', 'Messages', { rawLog: 'failed to execute message; message index: 0: authorization not found' }));
    reported = height;
    return;
  }
  await api.link.report('participation', { address: api.config.address, epoch, nodes: took });
}

async function claimRewards(api: Api, height: number): Promise<void> {
  const view = api.link.view()!;
  const open = view.ledger.settle.find((item) => item.address === api.config.address);
  const { clock, claims } = view.world;
  if (claims.byHand || claims.refused) return;
  if (!open || !mayTransact(api) || height < stagesOf(clock, open.epoch + 1).claim_money + (claims.afterBlocks ?? 0) || phaseAt(clock, height) !== 'Inference') return;
  const answer = await api.link.report('claim', { address: api.config.address });
  if (answer?.claimed !== true) return;
  api.config.previous.claimed = true;
  print(apiLine('INFO', 'Claimed rewards', 'Validation', { TX: `code: 0\ncodespace: ""\ntxhash: ${hash('claim', height).toString('hex').toUpperCase()}`, '!BADKEY': 'type' }));
  print(apiLine('INFO', 'Marking previous seed as claimed', 'Config', { epochIndex: open.epoch }));
}

async function startServers(api: Api): Promise<void> {
  const { release } = api.config;
  const missing = { status: 404, type: release.apiJson, body: { error: 'Not Found' } };
  await serve(9000, (request, response, url) => {
    print(apiLine('INFO', 'Received request', 'Server', { method: request.method ?? '', path: url.pathname }));
    const view = api.link.view();
    if (!view) return send(response, { status: 500, type: release.apiJson, body: { error: 'failed to get node info' } }, '\n');
    const self = { address: api.config.address, mlNodes: api.nodes.list.map((node) => ({ node_id: node.config.id, version: release.mlNodeVersion })) };
    // The api's own release decides what it answers, whatever the network runs.
    const found = publicApi({ ...view, world: { ...view.world, release: release.name } }, self, url.pathname);
    send(response, { ...found, body: `${bodyOf(found)}\n` });
  });
  await serve(9100, (_request, response, url) => {
    if (url.pathname === '/versions' && release.v2) return send(response, { status: 200, type: release.apiJson, body: { versions: [] } }, '\n');
    send(response, missing, '\n');
  });
  await serve(9200, adminApi(api));
}

export async function runApi(): Promise<void> {
  process.on('SIGTERM', () => process.exit(0));
  const { env } = process;
  if (!env.KEY_NAME) {
    print('Error: KEY_NAME is not set');
    process.exit(1);
  }
  const keyring = new Keyring(HOME);
  if (!env.ACCOUNT_PUBKEY) {
    print('WARNING: ACCOUNT_PUBKEY not provided. Falling back to the keyring backend test');
    await sleep(20_000);
    if (!keyring.has(env.KEY_NAME)) process.exit(1);
  }
  const release = releaseOf((env.STANDIN_IMAGE ?? '').split(':')[1]);
  const config = new ApiConfig(env, release);
  const existed = config.yamlExists;
  const saved = existed ? readFileSync(config.yamlPath, 'utf8') : '';
  config.save();
  for (const line of configLines(config, existed, saved)) print(line);
  mergeNodeConfig(config);
  config.save();
  print(finalConfig(config));
  print(apiLine('INFO', 'starting nats server', 'Messages', { port: 4222, host: '0.0.0.0' }));
  print(connecting(config));
  const link = linkToWorld(seedOrigin(env));
  const key = await waitForKeyAndNode(config, keyring);
  const nodes = new MlNodes(release);
  for (const node of config.nodes) nodes.add(node, 0);
  const api: Api = { config, link, nodes, keyring, key };
  await startServers(api);
  for (const line of serverLines(config)) print(line);
  startFlood(() => link.view()?.world.flood, 'api', (n) => apiLine('INFO', 'Setting last processed height', 'Config', { height: n }));
  await follow(api);
  for (const line of nodeGoneLines(release.panicsWithoutNode)) print(line);
  await sleep(release.panicsWithoutNode ? 1500 : 500);
  process.exit(release.panicsWithoutNode ? 2 : 1);
}

