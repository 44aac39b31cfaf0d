/** The chain node: init script, state sync, blocks, RPC and REST; tmkms signs for it over port 26658. */
import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, isIP, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { sha256 } from '../addresses.ts';
import type { View } from '../answers/answer.ts';
import { chainRest } from '../answers/chain-rest.ts';
import { blockHash, cometRpc, validatorsInForce, type NodeSelf } from '../answers/comet-rpc.ts';
import { heightAt, timeOfBlock } from '../chain.ts';
import { releaseOf } from '../releases.ts';
import { readText, send, serve } from './http.ts';
import { nodeLine, print, startFlood } from './log.ts';
import { initNode, STATE_DIR } from './node-init.ts';
import { blockLines, identityLines, signerLines, startLines, stopLines } from './node-lines.ts';
import { catchUp, readSynced, stateSync, TROUBLES } from './node-sync.ts';
import type { SignRequest } from './tmkms.ts';
import { firstView, linkToWorld, seedOrigin, type WorldLink } from './world-link.ts';

const SYNCED = `${STATE_DIR}/data/standin.json`;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The connection that tmkms makes; the key is the one that it signs with. */
class Signer {
  #socket: Socket | undefined;
  #failures = 0;
  key = '';
  #port: number;
  #nodeId: string;

  constructor(port: number, nodeId: string) {
    this.#port = port;
    this.#nodeId = nodeId;
  }

  listen(): void {
    createServer((socket) => {
      this.#socket?.destroy();
      this.#socket = socket;
      this.#failures = 0;
      socket.on('error', () => {});
      socket.on('close', () => { if (this.#socket === socket) this.#lost(); });
      createInterface({ input: socket }).on('error', () => {}).on('line', (line) => {
        const said = JSON.parse(line) as { pubKey?: string };
        if (!said.pubKey) return;
        this.key = said.pubKey;
        print(signerLines.connected());
        socket.write(`${JSON.stringify({ peerId: this.#nodeId })}\n`);
      });
    }).listen(this.#port, '::');
  }

  async connected(ms: number): Promise<boolean> {
    for (let waited = 0; waited < ms && !this.key; waited += 100) await sleep(100);
    return this.key !== '';
  }

  ask(request: SignRequest): boolean {
    return this.#socket?.write(`${JSON.stringify(request)}\n`) ?? false;
  }

  get alive(): boolean {
    return this.#socket !== undefined;
  }

  /** tmkms went: a ping times out, then every few seconds nobody comes (measured 35). */
  #lost(): void {
    this.#socket = undefined;
    setTimeout(() => {
      if (this.#socket) return;
      for (const line of [signerLines.pingTimeout(), signerLines.listening(), signerLines.blocking()]) print(line);
    }, 1500).unref();
    const wait = () => {
      if (this.#socket) return;
      for (const line of [signerLines.failed(++this.#failures, this.#port), signerLines.listening(), signerLines.blocking()]) print(line);
      setTimeout(wait, 5000).unref();
    };
    setTimeout(wait, 4500).unref();
  }
}

/** A name in P2P_EXTERNAL_ADDRESS that doesn't resolve keeps the node from starting (measured 31). */
async function checkExternalAddress(external: string): Promise<void> {
  const host = URL.parse(external.replace(/^\w+:\/\//, 'http://'))?.hostname ?? '';
  if (!host || isIP(host.replace(/^\[|\]$/g, ''))) return;
  try {
    await lookup(host);
  } catch {
    print(`Error: failed to create node: invalid NodeInfo: error looking up host (${host}): lookup ${host} on 127.0.0.11:53: no such host`);
    process.exit(1);
  }
}

function sign(signer: Signer, view: View, height: number): boolean {
  const place = validatorsInForce(view).findIndex((item) => item.validatorKey === signer.key);
  if (place < 0 || !signer.alive) return false;
  const hash = blockHash(view, height);
  if (height % 3 === place % 3) signer.ask({ type: 'Proposal', hash, height, round: 0, step: 0 });
  signer.ask({ type: 'PreVote', hash, height, round: 0, step: 1 });
  return signer.ask({ type: 'PreCommit', hash: height % 11 === 0 ? null : hash, height, round: 0, step: 2 });
}

/** `own`: blocks that its own tmkms signed. */
async function blocks(link: WorldLink, signer: Signer, self: NodeSelf, own: Set<number>): Promise<void> {
  let last = 0;
  let flood = 0;
  for (;;) {
    const view = link.view();
    if (view) {
      const height = heightAt(view.world.clock, view.now);
      const wanted = view.world.flood?.service === 'tmkms' ? view.world.flood.linesPerSecond : 0;
      if (wanted !== flood) signer.ask({ flood: wanted });
      flood = wanted;
      if (view.world.nodeTrouble) {
        self.behind = last || height;
        const trouble = TROUBLES[view.world.nodeTrouble];
        print(trouble.line());
        if (!trouble.stays) process.exit(trouble.exit);
        return;
      }
      for (let at = Math.max(last + 1, height - 2); at <= height; at++) {
        const signed = sign(signer, view, at);
        for (const line of blockLines(view, at)) print(line);
        if (signed) {
          own.add(at);
          void link.report('signed', { validatorKey: signer.key, height: at });
        }
      }
      last = Math.max(last, height);
    }
    await sleep(Math.min(200, (view?.world.clock.blockMs ?? 1000) / 4));
  }
}

/** The node's own release decides what it answers, whatever the network runs; and its own height, where it lacks blocks. */
function ownView(link: WorldLink, self: NodeSelf): View | undefined {
  const known = link.view();
  const view = known && self.behind !== undefined ? { ...known, now: timeOfBlock(known.world.clock, self.behind + 0.5) } : known;
  const tag = process.env.STANDIN_IMAGE?.split(':')[1];
  return view && tag ? { ...view, world: { ...view.world, release: releaseOf(tag).name } } : view;
}

async function serveChain(link: WorldLink, self: NodeSelf): Promise<void> {
  const noView = { status: 503, type: 'application/json', body: { code: 14, message: 'connection error: desc = "transport: Error while dialing: dial tcp [::1]:9090: connect: connection refused"', details: [] } };
  await serve(26657, async (request, response, url) => {
    const view = ownView(link, self);
    const method = request.method === 'POST' ? (JSON.parse(await readText(request)) as { method?: string }).method ?? '' : url.pathname;
    if (url.pathname === '/standin/flood') return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ flood: view?.world.flood }));
    const answer = view && cometRpc(view, self, method, url.searchParams);
    if (answer) send(response, answer);
    else response.writeHead(404, { 'Content-Type': 'text/plain' }).end('404 page not found\n');
  });
  await serve(1317, (_request, response, url) => {
    const view = ownView(link, self);
    send(response, !view || self.syncing ? noView : chainRest(view, self, url.pathname, url.searchParams));
  });
  createServer((socket) => void socket.on('error', () => {}).end()).listen(9090, '::');
  // Whoever calls learns who this is; and this node calls the seed.
  createServer((socket) => void socket.on('error', () => {}).end(`${self.id}\n`)).listen(26656, '::');
  const call = () => void link.report('peer', { id: self.id, listenAddr: self.listenAddr });
  call();
  setInterval(call, 2000).unref();
}

export async function runNode(): Promise<void> {
  const { env } = process;
  process.on('SIGTERM', () => {
    for (const line of stopLines()) print(line);
    process.exit(0);
  });
  await initNode(env);
  const external = env.P2P_EXTERNAL_ADDRESS ?? '';
  await checkExternalAddress(external);
  const link = linkToWorld(seedOrigin(env));
  for (const line of startLines()) print(line);
  const nodeKey = `${STATE_DIR}/config/node_key.json`;
  const id = sha256(existsSync(nodeKey) ? readFileSync(nodeKey) : external).subarray(0, 20).toString('hex');
  const signer = new Signer(Number(env.TMKMS_PORT || 26658), id);
  signer.listen();
  if (!(await signer.connected(15_000))) {
    print('Error: error with private validator socket client: failed to start private validator: can\'t get pubkey: send: endpoint connection timed out');
    process.exit(1);
  }
  const synced = existsSync(SYNCED) ? readSynced(SYNCED) : undefined;
  const seedHost = URL.parse(env.SEED_NODE_RPC_URL ?? '')?.hostname ?? '';
  const own = new Set<number>();
  const self: NodeSelf = {
    signed: (height) => own.has(height),
    id, listenAddr: external, get validatorKey() { return signer.key; }, syncing: !synced, behind: synced?.height, earliest: synced?.earliest ?? 1, startedAt: Date.now(),
    peers: [{ id: sha256(seedHost).subarray(0, 20).toString('hex'), listenAddr: env.SEED_NODE_P2P_URL ?? '', remoteIp: seedHost }],
  };
  const known = await firstView(link, 1000);
  for (const line of identityLines(id, signer.key, external.replace(/^\w+:\/\//, ''), !!known && validatorsInForce(known).some((item) => item.validatorKey === signer.key))) print(line);
  await serveChain(link, self);
  startFlood(() => link.view()?.world.flood, 'node', (n) => nodeLine('INF', 'committed state', { block_app_hash: 'F00BAEF0AB3333585716BDE66A21C1447458A6CD9E2E95E31322499CDF2AC424', height: n, module: 'state' }));
  if (known?.world.nodeTrouble === 'illegal-instruction') {
    print(TROUBLES['illegal-instruction'].line());
    process.exit(TROUBLES['illegal-instruction'].exit);
  }
  if (self.syncing) await stateSync(link, self, seedHost, SYNCED);
  await catchUp(link, self, SYNCED);
  await blocks(link, signer, self, own);
}
