/**
 * The network's seed: an ordinary process that holds the ledger and answers as a seed host does
 * (`/v1/…`, `/chain-api/…`, `/chain-rpc/…`), and as the network's one truth for the containers (`/standin/…`).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hash } from './addresses.ts';
import { bodyOf, toJson, type Answer, type View } from './answers/answer.ts';
import { chainRest } from './answers/chain-rest.ts';
import { cometRpc, type NodeSelf } from './answers/comet-rpc.ts';
import { publicApi } from './answers/public-api.ts';
import { clockHeldIn, clockMovedTo, heightAt, latestEpoch, type Phase } from './chain.ts';
import { answerRateLimited, answerWithFault, type Faults } from './faults.ts';
import { advance, allowanceInForce, claim, createLedger, type Description, editValidator, grant, hostOf, noteSigned, register, reportHardware, reportParticipation, revoke, submitParticipant, type GrantOptions, type HardwareNode, type Ledger, type Participation } from './ledger.ts';
import { openServer, type OpenServer, type ServerOptions } from './open-server.ts';
import { Peers } from './peers.ts';
import { Bucket, PROXY_LIMITS, type Limits } from './rate-limit.ts';
import { CHAIN_ID, createWorld, type World, type WorldOptions } from './world.ts';

export type DoorOptions = ServerOptions & { rateLimit?: Limits | false; faults?: Faults };
export type SeedOptions = WorldOptions & DoorOptions & { rpcPort?: number };
/** What `POST /standin/world` (and `seed.change`) can change for the whole network. */
export type Change = Partial<Pick<World, 'duty' | 'draws' | 'claims' | 'pocFails' | 'confirmationPoc' | 'flood' | 'upgradePlan' | 'modelArgs' | 'nodeWeight' | 'stateSyncMs' | 'release' | 'registration' | 'grantsPage' | 'inboundPeers' | 'reach' | 'sync' | 'nodeTrouble' | 'signsElsewhere' | 'collateral'>> & {
  /** Go to this phase and stay in it; `false` goes on with normal epochs. */
  phase?: Phase | false;
  /** Go to this block of the running epoch, or of the next one when it is past. */
  moveTo?: number;
  /** The whole chain stands still. */
  halted?: boolean;
};

/** One address of the network: a foreign host with its proxy, its limits and its faults. */
export type Door = OpenServer & { setFaults(faults: Faults): void; requests: { path: string; at: number; status: number }[] };
export type Seed = Door & {
  world: World;
  ledger: Ledger;
  view(): View;
  height(): number;
  change(change: Change): void;
  register(body: { address: string; url: string; validator_key: string; pub_key: string }): void;
  reportParticipation(item: Participation): void;
  /** What the operator's grant command does, or only a part of it. */
  grant(granter: string, grantee: string, options?: GrantOptions): void;
  revoke(granter: string, grantee: string, messages?: string[]): void;
  /** Another host of the same network: the same ledger, faults and limits of its own. */
  openDoor(options?: DoorOptions): Promise<Door>;
  stop(): Promise<void>;
};

type Control = { world: World; ledger: Ledger; peers: Peers; revision: number; change(change: Change): void };

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const parsed: unknown = text ? JSON.parse(text) : {};
  return parsed && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {};
}

const send = (response: ServerResponse, answer: Answer) => {
  const body = bodyOf(answer);
  response.writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
};
const json = (response: ServerResponse, body: unknown) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(toJson(body));

function applyChange(control: Control, change: Change): void {
  const { world } = control;
  const now = Date.now();
  const { phase, moveTo, halted, ...rest } = change;
  Object.assign(world, rest);
  if (phase) world.clock = clockHeldIn(world.clock, phase, now);
  if (phase === false) {
    const normal = createWorld({ release: world.release, epochBlocks: control.world.epochBlocks, now });
    const height = heightAt(world.clock, now);
    const epoch = latestEpoch(world.clock, height);
    world.clock = { ...world.clock, atHeight: height, atTime: now, epochParams: normal.clock.epochParams, anchor: { epoch, start: height - Math.round(world.epochBlocks / 2) } };
  }
  if (moveTo !== undefined) world.clock = clockMovedTo(world.clock, moveTo, now);
  if (halted !== undefined) {
    const height = heightAt(world.clock, now);
    const { haltedAt: _, ...running } = world.clock;
    world.clock = halted ? { ...world.clock, haltedAt: height } : { ...running, atHeight: height, atTime: now };
  }
  control.revision++;
}

/** The endpoints of the containers and of the tests. */
async function standinEndpoint(control: Control, door: { setFaults(faults: Faults): void }, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, ledger } = control;
  const now = Date.now();
  advance(ledger, world, now);
  const body = request.method === 'POST' ? await readBody(request) : {};
  switch (url.pathname.slice('/standin/'.length)) {
    case 'world': {
      if (request.method === 'POST') {
        control.change(body as Change);
        break;
      }
      const revision = `${control.revision}.${ledger.revision}`;
      json(response, url.searchParams.get('since') === revision ? { revision } : { revision, world, ledger });
      return;
    }
    case 'faults': {
      // What concerns the whole network is taken here too.
      const { phase, moveTo, halted, confirmationPoc, pocFails, ...faults } = body as Change & Faults;
      const change = Object.fromEntries(Object.entries({ phase, moveTo, halted, confirmationPoc, pocFails }).filter(([, value]) => value !== undefined));
      if (Object.keys(change).length > 0) control.change(change as Change);
      door.setFaults(faults);
      break;
    }
    case 'participation': reportParticipation(ledger, body as unknown as Participation); break;
    case 'hardware': reportHardware(ledger, String(body.address), body.nodes as HardwareNode[]); break;
    case 'claim': json(response, { claimed: claim(ledger, String(body.address)) }); return;
    case 'grant': {
      const known = hostOf(ledger, String(body.granter));
      const allowed = known && allowanceInForce(ledger, known.address, String(body.grantee), now);
      if (known) grant(ledger, world, known.address, String(body.grantee), now, body as GrantOptions);
      json(response, { granted: known !== undefined, allowed: allowed !== undefined, height: heightAt(world.clock, now) + 1 });
      return;
    }
    case 'participant': {
      const known = hostOf(ledger, String(body.address)) !== undefined || world.registration.answer === 'panics';
      if (known) submitParticipant(ledger, world, body as Parameters<typeof submitParticipant>[2], now);
      json(response, { known });
      return;
    }
    case 'validator': {
      const { address, ...description } = body as { address?: string } & Description;
      const known = hostOf(ledger, String(address)) !== undefined;
      editValidator(ledger, String(address), description);
      json(response, { known });
      return;
    }
    case 'peer': control.peers.connected(world, { id: String(body.id), listenAddr: String(body.listenAddr), remoteIp: request.socket.remoteAddress?.replace('::ffff:', '') ?? '' }); break;
    case 'revoke': revoke(ledger, String(body.granter), String(body.grantee), body.messages as string[] | undefined); break;
    case 'signed': {
      for (const host of ledger.hosts) if (host.validatorKey === body.validatorKey) noteSigned(host, Number(body.height));
      break;
    }
    default:
      response.writeHead(404).end();
      return;
  }
  json(response, {});
}

function seedSelf(world: World, port: number): NodeSelf {
  return {
    id: hash(world.name, 'seed node', port).subarray(0, 20).toString('hex'), listenAddr: 'tcp://203.0.113.8:5000', validatorKey: hash(world.name, 'validator', 0).toString('base64'),
    earliest: 1, startedAt: world.genesisTime,
    peers: [1, 2].map((index) => ({ id: hash(world.name, 'peer', index).subarray(0, 20).toString('hex'), listenAddr: `tcp://203.0.113.${8 + index}:5000`, remoteIp: `203.0.113.${8 + index}` })),
  };
}

const SEED_PATHS = /^\/(v1|v2|api|chain-api|chain-rpc|standin)(\/|$)/;

async function openDoor(control: Control, options: DoorOptions & { rpcOnly?: boolean }): Promise<Door> {
  let faults = options.faults ?? {};
  let frozenAt: number | undefined;
  const limits = options.rateLimit === undefined ? PROXY_LIMITS : options.rateLimit;
  const buckets = limits && { api: new Bucket(limits.api), chain: new Bucket(limits.chain) };
  const requests: Door['requests'] = [];
  let port = options.port ?? 0;
  const setFaults = (next: Faults) => {
    faults = next;
    frozenAt = next.frozenHeight ? (frozenAt ?? Date.now()) : undefined;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://seed');
    if (url.pathname.startsWith('/standin/')) return standinEndpoint(control, { setFaults }, url, request, response);
    const entry = { path: url.pathname, at: Date.now(), status: 0 };
    requests.push(entry);
    if (requests.length > 20_000) requests.splice(0, 10_000);
    response.on('close', () => { entry.status = response.statusCode; });
    if (await answerWithFault(faults, request, response)) return;
    const path = options.rpcOnly && !SEED_PATHS.test(url.pathname) ? `/chain-rpc${url.pathname}` : url.pathname.replace(/^\/api\/v/, '/v');
    const zone = /^\/v[12](\/|$)/.test(path) ? 'api' : /^\/chain-(api|rpc)(\/|$)/.test(path) ? 'chain' : undefined;
    if (zone && buckets && !buckets[zone].passes(request.socket.remoteAddress ?? '', Date.now())) return answerRateLimited(response);
    const { world, ledger } = control;
    advance(ledger, world, Date.now());
    const view: View = { world, ledger, now: frozenAt ?? Date.now() };
    const own = seedSelf(world, port);
    const self = { ...own, peers: [...own.peers, ...control.peers.list(world)], ...(faults.wrongChain ? { chainId: 'gonka-testnet-3' } : {}) };
    if (path === '/health') return void response.writeHead(200, { 'Content-Type': 'text/plain' }).end('healthy\n');
    if (zone === 'api') {
      if (path === '/v1/participants' && request.method === 'POST') {
        const body = await readBody(request);
        if (!body.address || !body.pub_key) return send(response, { status: 400, type: 'application/json', body: { error: 'Address and PubKey are required' } });
        if (world.registration.answer === 'panics') return send(response, { status: 500, type: 'application/json', body: { error: 'rpc error: code = Unknown desc = runtime error: invalid memory address or nil pointer dereference: panic' } });
        register(ledger, world, body, Date.now());
        if (world.registration.answer === 'cut') return void request.socket.destroy();
        return void response.writeHead(200).end();
      }
      const found = publicApi(view, { address: ledger.hosts[0]?.address ?? '' }, path);
      // The header of the active set names the chain as well.
      const said = faults.wrongChain ? bodyOf(found).replaceAll(`"${CHAIN_ID}"`, '"gonka-testnet-3"') : bodyOf(found);
      return send(response, { ...found, body: `${said}\n` });
    }
    if (path.startsWith('/chain-api/')) return send(response, chainRest(view, self, path.slice('/chain-api'.length), url.searchParams));
    if (path.startsWith('/chain-rpc')) {
      const method = request.method === 'POST' ? String((await readBody(request)).method ?? '') : path.slice('/chain-rpc'.length);
      const found = cometRpc(view, self, method, url.searchParams);
      if (found) return send(response, found);
    }
    if (path === '/') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><title>Gonka explorer</title></html>');
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not Found');
  }

  const opened = await openServer(options, answer);
  port = opened.port;
  return { ...opened, setFaults, requests };
}

/** Starts the network and opens its first door. */
export async function startSeed(options: SeedOptions = {}): Promise<Seed> {
  const world = createWorld(options);
  const ledger = createLedger(world, Date.now());
  const control: Control = { world, ledger, peers: new Peers(), revision: 1, change: (change) => applyChange(control, change) };
  const doors: Door[] = [];
  const open = async (door: DoorOptions & { rpcOnly?: boolean }) => {
    const opened = await openDoor(control, door);
    doors.push(opened);
    return opened;
  };
  const first = await open(options);
  if (options.rpcPort !== undefined) await open({ ...options, port: options.rpcPort, rpcOnly: true });
  // Sets and rewards fall due whether or not anyone asks.
  const timer = setInterval(() => advance(ledger, world, Date.now()), Math.min(1000, world.clock.blockMs));
  timer.unref();
  return {
    ...first, world, ledger,
    view: () => { advance(ledger, world, Date.now()); return { world, ledger, now: Date.now() }; },
    height: () => heightAt(world.clock, Date.now()),
    change: control.change,
    register: (body) => register(ledger, world, body, Date.now()),
    reportParticipation: (item) => reportParticipation(ledger, item),
    grant: (granter, grantee, options) => grant(ledger, world, granter, grantee, Date.now(), options),
    revoke: (granter, grantee, messages) => revoke(ledger, granter, grantee, messages),
    openDoor: (door = {}) => open(door),
    stop: async () => {
      clearInterval(timer);
      await Promise.all(doors.map((door) => door.close()));
    },
  };
}
