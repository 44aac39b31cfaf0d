/** Whatever own node and seeds answer, the snapshot comes, and nothing in it claims what wasn't said. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSeed, type Seed } from '../../e2e/network/seed.ts';
import { ChainGateway } from '#lib/chain/client.ts';
import { NetworkWatch } from './network-watch.ts';
import { needsYou } from './needs-you.ts';
import { verdict } from './verdict.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** One change somewhere in an answer. */
type Damage = { at: number; to: Json | undefined };

let seed: Seed;
beforeAll(async () => {
  seed = await startSeed({ host: '127.0.0.1', epochSeconds: 360, release: '0.2.8', rateLimit: false, participants: 5 });
});
afterAll(() => seed.stop());

function places(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).slice(0, 30).flatMap(([key, inner]) => places(inner, [...path, Array.isArray(value) ? Number(key) : key]))];
}

function damaged(value: Json, damages: Damage[]): Json | undefined {
  let root: { body: Json | undefined } = { body: structuredClone(value) };
  for (const { at, to: given } of damages) {
    // A copy: a later damage may go into an earlier one, and the next answer is damaged anew.
    const to = structuredClone(given);
    const all = places((root.body ?? null) as Json);
    const path = ['body', ...(all[at % all.length] ?? [])];
    let parent = root as unknown as Record<string | number, Record<string | number, unknown>>;
    for (const step of path.slice(0, -1)) parent = parent[step] as typeof parent;
    const last = path.at(-1) ?? 'body';
    if (to === undefined && !Array.isArray(parent)) delete parent[last];
    else (parent as Record<string | number, unknown>)[last] = to ?? null;
    root = { body: root.body };
  }
  return root.body;
}

const junk: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constantFrom<Json | undefined>(undefined, null, true, 0, -1, 1e300, 2 ** 60, '9'.repeat(30), '', 'x'.repeat(5_000), '\u202e', [], {}, [[[]]]),
  fc.integer(), fc.string(), fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

test('answers damaged at any place', async () => {
  let damages: Damage[] = [];
  const server = createServer((request, response) => {
    fetch(`${seed.url}${request.url}`).then(async (answer) => {
      const body = damaged((await answer.json().catch(() => null)) as Json, damages);
      response.writeHead(answer.status).end(JSON.stringify(body) ?? '');
    }, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let usable = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ at: fc.nat(), to: junk }), { maxLength: 3 }), fc.boolean(), async (list, own) => {
      damages = list;
      const now = Date.now();
      const watch = new NetworkWatch({
        now: () => Date.now(), seedUrls: [url], gateway: new ChainGateway(),
        addresses: async () => (own ? { rpc: `${url}/chain-rpc`, rest: `${url}/chain-api`, api: url } : {}),
        accountPubkey: async () => 'Ajhq4Y6+lokQ7QIAW01RCoTM7kqe0U+5FXmqKn95SMz+',
      });
      const snapshot = await watch.snapshot();
      const gate = await watch.phaseForGate();
      watch.close();
      JSON.stringify(snapshot);
      if (snapshot.epoch.state === 'ok') {
        usable += 1;
        const { value } = snapshot.epoch;
        expect(value && Number.isSafeInteger(value.height) && value.height > 0 && value.stages.nextPocStart > value.stages.pocStart).toBe(true);
      }
      if (gate.known) expect(gate.clock.confirmationPocUnreadable).toBeUndefined();
      // This host was never in the set: whatever is damaged, it must not be said to be.
      expect(snapshot.own.value?.inSet).not.toBe(true);
      const picture = { now, deployment: { state: 'ok' as const, problems: [] }, engine: { state: 'ok' as const, version: '', apiVersion: '', socket: '' }, services: [], containers: [], network: snapshot };
      expect(verdict(picture).state).not.toBe('ok');
      needsYou(picture);
    }),
    { numRuns: 60 },
  );
  expect(usable).toBeGreaterThan(5);
  server.close();
  server.closeAllConnections();
}, 60_000);
