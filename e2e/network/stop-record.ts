/**
 * Which container of which host ended or was removed in which block, and whether its participant was in the set then.
 * The engine's own events say it, however it came about: `docker stop`, `rm -f`, a crash, `kill -9`.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { accountAddress } from './addresses.ts';
import { effectiveEpoch, heightAt, phaseAt, type Phase } from './chain.ts';
import { setOf } from './ledger.ts';
import type { Seed } from './seed.ts';

export type Stop = {
  service: string;
  how: 'ended' | 'removed';
  exitCode?: number;
  /** Unix time in ms, by the engine. */
  at: number;
  block: number;
  phase: Phase;
  /** The epoch whose set was in force. */
  epoch: number;
  address: string;
  /** Weight of the participant in that set; 0: it was out. */
  weight: number;
};
export type StopRecord = { stops: Stop[]; close(): void };

type Event = { Action: string; timeNano: number; Actor: { ID: string; Attributes: Record<string, string> } };
type Running = { service: string; dir: string };
const RETRY_MS = 200;

/** The participant of a deployment directory: its config.env names the account. */
function participantOf(dir: string): string | undefined {
  try {
    const [, key] = /^\s*(?:export\s+)?ACCOUNT_PUBKEY=["']?([A-Za-z0-9+/=]+)/m.exec(readFileSync(join(dir, 'config.env'), 'utf8')) ?? [];
    return key && accountAddress(key);
  } catch {
    return undefined;
  }
}

/** Follows an engine (`unix:///…`) until `close`. Resolves when it listens: what ends afterwards is in the record, also what ended while the engine was away. */
export async function recordStops(seed: Pick<Seed, 'view'>, dockerHost = process.env.DOCKER_HOST ?? ''): Promise<StopRecord> {
  const socketPath = dockerHost.replace(/^unix:\/\//, '');
  const stops: Stop[] = [];
  const running = new Map<string, Running>();
  let closed = false;
  let drop = () => {};

  const note = ({ service, dir }: Running, how: Stop['how'], at: number, exitCode?: string) => {
    const address = participantOf(dir);
    if (!address) return;
    const { world, ledger } = seed.view();
    const block = heightAt(world.clock, at);
    const epoch = effectiveEpoch(world.clock, block);
    const weight = setOf(ledger, epoch)?.members.find((member) => member.address === address)?.weight ?? 0;
    stops.push({ service, how, ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }), at, block, phase: phaseAt(world.clock, block), epoch, address, weight });
  };

  const take = ({ Action, timeNano, Actor: { ID, Attributes } }: Event) => {
    const one = { service: Attributes['com.docker.compose.service'] ?? '', dir: Attributes['com.docker.compose.project.working_dir'] ?? '' };
    // A one-off container of the panel or of `compose run` is no service.
    if (!one.service || !one.dir || Attributes['com.docker.compose.oneoff'] === 'True') return;
    if (Action === 'start') running.set(ID, one);
    if (Action === 'die' && running.delete(ID)) note(one, 'ended', timeNano / 1e6, Attributes.exitCode);
    if (Action === 'destroy') note(one, 'removed', timeNano / 1e6);
  };

  const ask = (path: string) => new Promise<string>((resolve, reject) => {
    request({ socketPath, path }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    }).on('error', reject).end();
  });

  /** What runs now; what ran before and doesn't any more ended while nobody listened. */
  async function compare(): Promise<void> {
    const list = JSON.parse(await ask('/containers/json')) as { Id: string; Labels: Record<string, string> }[];
    for (const [id, one] of running) if (!list.some((item) => item.Id === id)) { running.delete(id); note(one, 'ended', Date.now()); }
    for (const { Id, Labels } of list) take({ Action: 'start', timeNano: 0, Actor: { ID: Id, Attributes: Labels } });
  }

  const listen = () => new Promise<void>((resolve) => {
    const again = () => { if (!closed) setTimeout(() => void listen().then(resolve), RETRY_MS).unref(); };
    const filters = encodeURIComponent(JSON.stringify({ type: ['container'], event: ['start', 'die', 'destroy'] }));
    const asked = request({ socketPath, path: `/events?filters=${filters}` }, (response) => {
      void compare().then(resolve, () => asked.destroy());
      createInterface({ input: response }).on('error', () => {}).on('line', (line) => take(JSON.parse(line) as Event)).on('close', again);
    });
    asked.on('error', again).end();
    drop = () => asked.destroy();
  });

  await listen();
  return { stops, close: () => { closed = true; drop(); } };
}

/** Those that cost money: ended or removed while the participant had weight. */
export const stoppedInTheSet = (stops: readonly Stop[]): Stop[] => stops.filter((stop) => stop.weight > 0);
