/** Headline and needs from made-up pictures: pure functions, and words for everything they can say. */
import fc from 'fast-check';
import { createTranslator } from 'next-intl';
import { describe, expect, test } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };
import type { EpochClock } from '#lib/chain/epoch-clock.ts';
import type { HostPicture } from './host-picture.ts';
import { needsYou } from './needs-you.ts';
import type { NetworkSnapshot } from './network-readings.ts';
import { openPorts } from './open-ports.ts';
import { serviceHealth, type WatchedContainer } from './service-health.ts';
import { verdict } from './verdict.ts';

const NOW = 1_800_000_000_000;
const SERVICES: HostPicture['services'] = [
  { name: 'tmkms', role: 'tmkms', group: 'network' }, { name: 'node', role: 'node', group: 'network' }, { name: 'api', role: 'api', group: 'network' },
  { name: 'proxy', role: 'proxy', group: 'network' }, { name: 'explorer', role: 'explorer', group: 'network' },
  { name: 'mlnode-308', role: 'mlnode', group: 'ml' }, { name: 'inference', role: 'inference', group: 'ml' },
];
const running = (service: string, extra: Partial<WatchedContainer> = {}): WatchedContainer => ({
  service, state: 'running', startedAt: new Date(NOW - 86_400_000).toISOString(), restartCount: 0, oneOff: false, ports: [], image: `ghcr.io/product-science/${service}:0.2.8`, ...extra,
});
const all = (changes: Record<string, Partial<WatchedContainer> | null> = {}) => SERVICES.flatMap(({ name }) => (changes[name] === null ? [] : [running(name, changes[name])]));

const clock = { height: 1000, at: NOW, source: 'own node', epoch: 56, latestEpoch: 56, phase: 'Inference', confirmationPocActive: false, stages: { nextPocStart: 1060 }, blocksToNextPoc: 60 } as EpochClock;
const me = { address: 'gonka1me', validatorKey: 'K', weight: 40, url: '', models: [], mlNodes: [] };
const NETWORK: NetworkSnapshot = {
  at: NOW,
  epoch: { state: 'ok', value: clock, at: NOW, source: 'own node' },
  ribbon: [],
  participants: { state: 'ok', value: { epoch: 56, list: [me], unread: 0, excluded: [], totalWeight: 40 }, at: NOW },
  own: { state: 'ok', value: { address: 'gonka1me', registered: true, record: { url: '', validatorKey: 'K', joinHeight: 1 }, active: me, inSet: true, rank: 1, of: 1 }, at: NOW },
  ownNode: { state: 'ok', value: { height: 1000, catchingUp: false, synced: true, peers: 3, validatorKey: 'K', votingPower: 40, chainId: 'gonka-mainnet', moniker: 'my-node', seedHeight: 1000 }, at: NOW },
  ownApi: { state: 'ok', value: true, at: NOW },
  validators: { state: 'unknown' },
  seeds: [{ url: 'http://node2.gonka.ai:8000', host: 'node2.gonka.ai', state: 'ok' }],
};
const network = (changes: Partial<NetworkSnapshot>): NetworkSnapshot => ({ ...NETWORK, ...changes });
const outside = (changes: object = {}): Partial<NetworkSnapshot> => ({ own: { state: 'ok', value: { address: 'gonka1me', registered: true, inSet: false, ...changes } } });
const node = (changes: object): Partial<NetworkSnapshot> => ({ ownNode: { ...NETWORK.ownNode, value: { ...(NETWORK.ownNode.value as NonNullable<NetworkSnapshot['ownNode']['value']>), ...changes } } });
const picture = (changes: Partial<HostPicture> = {}): HostPicture => ({
  now: NOW, deployment: { state: 'ok', release: '0.2.8', problems: [] }, engine: { state: 'ok', version: '28', apiVersion: '1.48', socket: '/var/run/docker.sock' },
  services: SERVICES, containers: all(), network: NETWORK, ...changes,
});
const told = new Map<string, Record<string, string | number>>();
const judge = (changes: Partial<HostPicture> = {}) => {
  const seen = picture(changes);
  const said = verdict(seen);
  const needs = needsYou(seen);
  told.set(`verdict.${said.key}`, said.params);
  for (const { key, params, action } of needs) {
    told.set(key, params);
    if (action) told.set(action.label, params);
  }
  return { said: `${said.state} ${said.key}`, needs: needs.map(({ level, code }) => `${level} ${code}`), all: needs };
};

describe('permissions of the ML operational key', () => {
  const day = 86_400_000;
  const granted = (until: number, ...states: ('granted' | 'expired' | 'missing')[]): HostPicture['permissions'] => ({ state: 'ok', at: NOW, source: 'own node', value: { needed: states.map((state, i) => ({ message: `/m${i}`, state })), perhaps: [], exact: true, extra: [], until } });
  const needs = (permissions: HostPicture['permissions'], changes: Partial<HostPicture> = {}) => judge({ permissions, ...changes }).all.map(({ code, params, action }) => ({ code, ...params, href: action?.href }));
  test('they ended after a year without a word', () => {
    expect(needs(granted(NOW + 31 * day, 'granted', 'granted'))).toEqual([]);
    expect(needs(granted(NOW + 29.5 * day, 'granted', 'granted'))).toEqual([{ code: 'grants_expire', days: 29, href: '/onboarding/grant' }]);
    expect(needs(granted(NOW + 1000, 'granted'))).toEqual([{ code: 'grants_expire', days: 0, href: '/onboarding/grant' }]);
    expect(needs(granted(NOW + 300 * day, 'granted', 'expired', 'missing'))).toEqual([{ code: 'grants_missing', lacking: 2, count: 3, href: '/onboarding/grant' }]);
  });
  test('what is old, unread or not asked for yet says nothing', () => {
    const lacking = granted(NOW, 'missing');
    expect(needs({ ...lacking, state: 'stale' } as HostPicture['permissions'])).toEqual([]);
    expect(needs({ state: 'unknown' })).toEqual([]);
    expect(needs(lacking, { network: network(outside({ registered: undefined })) }).map(({ code }) => code)).not.toContain('grants_missing');
  });
});

describe('the headline', () => {
  test('green only with proof of every part', () => {
    expect(judge()).toMatchObject({ said: 'ok serving', needs: [] });
    expect(judge({ network: network({ epoch: { ...NETWORK.epoch, value: { ...clock, phase: 'PoCGenerate', latestEpoch: 57 } } }) }).said).toBe('ok serving_poc');
    expect(judge({ network: network({ epoch: { ...NETWORK.epoch, value: { ...clock, confirmationPocActive: true } } }) }).said).toBe('ok confirmation_poc');
  });
  test('anything stale or unread takes the green away', () => {
    expect(judge({ network: network({ epoch: { ...NETWORK.epoch, state: 'stale' } }) }).said).toBe('unknown in_set_when_last_read');
    expect(judge({ network: network({ participants: { ...NETWORK.participants, state: 'stale' } }) }).said).toBe('unknown in_set_when_last_read');
    expect(judge({ network: network({ participants: { ...NETWORK.participants, state: 'rate-limited' } }) }).said).toBe('unknown in_set_when_last_read');
    expect(judge({ network: network({ ownNode: { state: 'unknown' } }) }).said).toBe('unknown in_set_node_unread');
    expect(judge({ network: undefined }).said).toBe('unknown unknown');
  });
  test('in the set while something essential is down is the worst', () => {
    for (const service of ['tmkms', 'node', 'api', 'proxy', 'mlnode-308']) expect(judge({ containers: all({ [service]: { state: 'exited', exitCode: 0 } }) }).said).toBe('broken in_set_but_down');
    // ML nodes on another server, an explorer that is off: no loss.
    expect(judge({ containers: all({ 'mlnode-308': null, inference: null, explorer: { state: 'exited', exitCode: 1 } }) }).said).toBe('ok serving');
  });
  test('it said "Serving, earning" while the host could not serve', () => {
    const error = { code: 'chain_host_down', params: { host: 'x', why: 'y' } };
    const young = { startedAt: new Date(NOW - 5_000).toISOString() };
    expect(judge({ network: network({ ownApi: { state: 'unknown', error } }) })).toMatchObject({ said: 'broken in_set_api_silent', needs: ['broken api_silent'] });
    expect(judge({ network: network({ ownApi: { state: 'stale', value: true, error } }) }).said).toBe('broken in_set_api_silent');
    expect(judge({ containers: all({ api: young }), network: network({ ownApi: { state: 'unknown', error } }) })).toMatchObject({ said: 'unknown in_set_unproven', needs: [] });
    expect(judge({ network: network({ ownApi: { state: 'unknown' } }) }).said).toBe('unknown in_set_unproven');
    expect(judge({ network: network(node({ validatorKey: 'OTHER' })) })).toMatchObject({ said: 'broken in_set_other_key', needs: ['broken consensus_key_differs'] });
    expect(judge({ network: network(node({ validatorKey: '' })) }).said).toBe('unknown in_set_unproven');
    expect(judge({ network: network(node({ peers: 0 })) })).toMatchObject({ said: 'attention in_set_no_peers', needs: ['attention node_no_peers'] });
    expect(judge({ network: network(node({ peers: undefined })) }).said).toBe('unknown in_set_unproven');
    expect(judge({ containers: all({ proxy: { state: 'exited', exitCode: 1 } }) })).toMatchObject({ said: 'broken in_set_but_down', needs: ['broken service_failed'] });
    expect(judge({ containers: all({ proxy: null }) })).toMatchObject({ said: 'broken in_set_but_down', needs: ['broken service_down_in_set'] });
    expect(judge({ containers: all({ tmkms: { health: 'unhealthy' } }) })).toMatchObject({ said: 'broken in_set_unhealthy', needs: ['broken service_unhealthy'] });
    expect(judge({ containers: all({ inference: { health: 'unhealthy' } }) }).said).toBe('attention in_set_unhealthy');
    expect(judge({ deployment: { state: 'ok', problems: [{ level: 'broken', code: 'b', params: {} }] } }).said).toBe('attention in_set_problem');
    expect(judge({ network: network({ seeds: [{ url: 'http://x', host: 'x', state: 'wrong-chain' }] }) })).toMatchObject({ said: 'broken wrong_chain', needs: ['broken node_wrong_chain'] });
    // A deployment without a proxy of its own has nothing to miss.
    expect(judge({ services: SERVICES.filter(({ role }) => role !== 'proxy'), containers: all({ proxy: null }) }).said).toBe('ok serving');
  });
  test('an absent proxy was nobody\'s concern', () => {
    expect(judge({ containers: all({ proxy: null }), network: network(outside()) }).needs).toContain('attention service_absent');
    // The first start is of tmkms and node alone: api is the one that is missing.
    expect(judge({ containers: all({ proxy: null, api: null, explorer: null }), network: network(outside()) }).needs).toEqual(['attention service_absent']);
  });
  test('it said "not in the set" or "in the set when last read" where the set was unknown', () => {
    const empty = { state: 'ok' as const, value: { epoch: 56, list: [], unread: 0, excluded: [], totalWeight: 0 }, at: NOW };
    expect(judge({ network: network({ ...outside({ inSet: undefined }), participants: empty }) })).toMatchObject({ said: 'unknown unknown', needs: [] });
    expect(judge({ network: network({ ...outside({ inSet: undefined, active: { ...me, weight: 0 } }), participants: { ...empty, value: { ...empty.value, list: [{ ...me, weight: 0 }] } } }) })).toMatchObject({ said: 'unknown unknown', needs: [] });
  });
  test('whatever the picture: green never beside a broken need, and never with a part unproven', () => {
    const often = <T>(good: T, ...bad: T[]): fc.Arbitrary<T> => fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
    const container = often<Partial<WatchedContainer> | null>({}, null, { state: 'exited', exitCode: 0 }, { state: 'exited', exitCode: 1 }, { state: 'restarting', restartCount: 9 }, { state: 'paused' }, { state: 'dead' }, { state: 'created' },
      { health: 'unhealthy' }, { health: 'starting' }, { startedAt: new Date(NOW - 5_000).toISOString() }, { restartCount: 5, startedAt: new Date(NOW - 5_000).toISOString() });
    const error = { code: 'chain_host_down', params: { host: 'x', why: 'y' } };
    const state = often<'ok' | 'stale' | 'unknown' | 'rate-limited'>('ok', 'stale', 'unknown', 'rate-limited');
    const parts = fc.record({
      containers: fc.record(Object.fromEntries(SERVICES.map(({ name }) => [name, container]))),
      own: state, epoch: state, participants: state, ownNode: state,
      api: often<NetworkSnapshot['ownApi']>({ state: 'ok', value: true, at: NOW }, { state: 'unknown' }, { state: 'unknown', error }, { state: 'stale', value: true, error }),
      node: fc.record({ synced: often(true, false), catchingUp: often(false, true), peers: often<number | undefined>(3, 0, undefined), validatorKey: often('K', 'OTHER', ''), seedHeight: often<number | undefined>(1000, 5000, undefined) }),
      record: often<string | undefined>('K', 'OTHER', '', undefined), active: often('K', 'OTHER', ''), inSet: often<boolean | undefined>(true, false, undefined),
      phase: fc.constantFrom('Inference', 'PoCGenerate'), confirmationPocActive: fc.boolean(),
      seed: often<'ok' | 'down' | 'wrong-chain' | 'frozen'>('ok', 'down', 'wrong-chain', 'frozen'),
      level: often<'none' | 'broken' | 'attention'>('none', 'broken', 'attention'),
      services: often(SERVICES, SERVICES.filter(({ role }) => role !== 'proxy')),
      open: often(false, true),
    });
    let green = 0;
    fc.assert(
      fc.property(parts, (p) => {
        const containers = all(p.containers).map((each) => (p.open && each.service === 'api' ? { ...each, ports: [{ host: '0.0.0.0', hostPort: 9200, containerPort: 9200, protocol: 'tcp' }] } : each));
        const seen = picture({
          containers, services: p.services,
          deployment: { state: 'ok', problems: p.level === 'none' ? [] : [{ level: p.level, code: 'x', params: {} }] },
          network: network({
            epoch: { ...NETWORK.epoch, state: p.epoch, value: { ...clock, phase: p.phase as EpochClock['phase'], confirmationPocActive: p.confirmationPocActive } },
            participants: { ...NETWORK.participants, state: p.participants }, ownApi: p.api,
            own: { state: p.own, value: { address: 'gonka1me', registered: true, ...(p.record === undefined ? {} : { record: { url: '', validatorKey: p.record, joinHeight: 1 } }), active: { ...me, validatorKey: p.active }, inSet: p.inSet }, at: NOW },
            ownNode: { ...node(p.node).ownNode, state: p.ownNode }, seeds: NETWORK.seeds.map((seed) => ({ ...seed, state: p.seed })),
          }),
        });
        const said = verdict(seen);
        if (said.state !== 'ok') return;
        green += 1;
        expect(needsYou(seen).filter(({ level, code }) => level === 'broken' && !code.startsWith('port_9200'))).toEqual([]);
        expect([p.inSet, p.epoch, p.participants, p.ownNode, p.node.synced, p.api.state]).toEqual([true, 'ok', 'ok', 'ok', true, 'ok']);
        expect(p.node.peers).toBeGreaterThan(0);
        expect(p.node.validatorKey).toBe(p.record || p.active);
        for (const { name, role } of p.services) {
          const health = serviceHealth(containers.find((each) => each.service === name), NOW);
          if (role === 'explorer') continue;
          expect(['running', 'starting', ...(role === 'mlnode' || role === 'inference' ? ['absent'] : [])]).toContain(health);
        }
      }),
      { numRuns: 4_000 },
    );
    expect(green).toBeGreaterThan(100);
  });
  test('the way there', () => {
    expect(judge({ containers: [], network: network(outside({ registered: false })) }).said).toBe('attention stopped');
    expect(judge({ containers: all({ api: null }), network: network({ ...outside(), ...node({ catchingUp: true, synced: false, height: 10 }) }) }).said).toBe('working syncing');
    expect(judge({ containers: all({ api: null }), network: network(outside({ registered: false })) }).said).toBe('working chain_only');
    expect(judge({ containers: all({ api: null }), network: network({ ...outside({ registered: false }), ownNode: { state: 'unknown' } }) }).said).toBe('unknown chain_only_unread');
    expect(judge({ network: network(outside({ registered: false })) }).said).toBe('attention not_registered');
    expect(judge({ network: network(outside()) }).said).toBe('attention registered_not_in_set');
    expect(judge({ network: network(outside({ registered: undefined })) }).said).toBe('attention not_in_set');
    expect(judge({ network: network(outside({ active: { ...me, weight: 0 } })) }).said).toBe('attention zero_weight');
    expect(judge({ network: network({ own: { state: 'unknown', error: { code: 'chain_no_account_key', params: {} } } }) }).said).toBe('attention no_account_key');
    expect(judge({ network: network({ ...outside(), participants: { state: 'ok', value: { epoch: 56, list: [], pocFailed: true, unread: 0, excluded: [], totalWeight: 0 } } }) }).said).toBe('attention poc_failed');
  });
  test('a node that falls behind or stands still', () => {
    expect(judge({ network: network(node({ synced: false, seedHeight: 2000 })) }).said).toBe('attention in_set_but_behind');
    expect(judge({ network: network(node({ synced: false, catchingUp: true, seedHeight: undefined })) }).said).toBe('attention in_set_but_behind');
    expect(judge({ network: network(node({ synced: false })) }).said).toBe('broken no_new_blocks');
  });
  test('engine and directory', () => {
    for (const state of ['absent', 'stopped', 'permission', 'error'] as const) {
      expect(judge({ engine: { state, socket: '/s', detail: 'd' }, containers: [] })).toMatchObject({ said: `${state === 'stopped' ? 'broken' : 'unknown'} engine_${state}` });
    }
    expect(judge({ engine: { state: 'unknown' }, containers: [] }).said).toBe('unknown engine_unknown');
    expect(judge({ deployment: { state: 'absent' }, services: [], containers: [] })).toMatchObject({ said: 'attention no_deployment', needs: ['attention no_deployment'] });
    expect(judge({ deployment: { state: 'unknown', error: { code: 'unexpected', params: { event: '1' } } }, services: [], containers: [] })).toMatchObject({ said: 'unknown deployment_unread', needs: ['attention unexpected'] });
  });
  test('a crash loop outside the set', () => {
    expect(judge({ containers: all({ node: { state: 'restarting', restartCount: 9 } }), network: network(outside()) }).said).toBe('broken chain_down');
  });
});

describe('needs', () => {
  test('the open port that hands out the password is the loudest of all', () => {
    const open = { ports: [{ host: '0.0.0.0', hostPort: 9200, containerPort: 9200, protocol: 'tcp' }], image: 'ghcr.io/product-science/api:0.2.4' };
    const { needs } = judge({ containers: all({ api: open, node: { state: 'restarting', restartCount: 9 } }), network: network(node({ peers: 0 })) });
    expect(needs[0]).toBe('broken port_9200_leaks');
    expect(judge({ containers: all({ api: { ...open, image: 'ghcr.io/product-science/api:0.2.8' } }) }).needs).toEqual(['broken port_9200_open']);
  });
  test('ports: by interface, family, port and release', () => {
    const api = (ports: WatchedContainer['ports'], image = 'x/api:0.2.4', release?: string) => openPorts([running('api', { ports, image })], release);
    const on = (host: string | undefined, containerPort = 9200) => [{ ...(host === undefined ? {} : { host }), hostPort: containerPort, containerPort, protocol: 'tcp' }];
    for (const host of ['0.0.0.0', '::', '', undefined]) expect(api(on(host))).toMatchObject({ admin: [9200], leaks: 'yes', others: [] });
    for (const host of ['127.0.0.1', '::1', '10.0.0.4']) expect(api(on(host)).admin).toEqual([]);
    expect(api([{ containerPort: 9200, protocol: 'tcp' }]).admin).toEqual([]);
    expect(api(on('::'), 'x/api:v0.2.3').leaks).toBe('yes');
    expect([api(on('::'), 'x/api:0.2.5').leaks, api(on('::'), 'x/api:0.2.14').leaks, api(on('::'), 'x/api:1.0.0').leaks]).toEqual(['no', 'no', 'no']);
    expect(api(on('::'), 'x/api:latest').leaks).toBe('unknown');
    expect(api(on('::'), 'x/api:latest', '0.2.4').leaks).toBe('yes');
    expect(openPorts([running('api', { ports: [...on('0.0.0.0', 9100), ...on('::', 9100)] }), running('node', { ports: on('0.0.0.0', 26657) })]).others).toEqual([9100, 26657]);
    expect(judge({ containers: all({ api: { ports: on('0.0.0.0', 9100) } }) }).needs).toEqual(['attention ports_open']);
  });
  test('an admin port mapped to another host port was named 9200, which nobody had open', () => {
    const ports = ['0.0.0.0', '::'].map((host) => ({ host, hostPort: 19200, containerPort: 9200, protocol: 'tcp' }));
    expect(openPorts([running('api', { ports, image: 'x/api:0.2.4' })])).toEqual({ internal: [{ service: 'api', container: 9200, port: 19200 }], admin: [19200], leaks: 'yes', others: [] });
  });
  test('services: what happened to each, the log or the page one click away', () => {
    const one = (extra: Partial<WatchedContainer> | null, service = 'proxy') => judge({ containers: all({ [service]: extra }) }).all[0];
    expect(one({ state: 'restarting', restartCount: 4 })).toMatchObject({ code: 'service_crash_looping', params: { restarts: 4 }, action: { href: '/logs?service=proxy' } });
    expect(one({ restartCount: 5, startedAt: new Date(NOW - 10_000).toISOString() })?.code).toBe('service_crash_looping');
    expect(one({ state: 'exited', exitCode: 1 })).toMatchObject({ level: 'broken', code: 'service_failed' });
    expect(one({ health: 'unhealthy' }, 'inference')).toMatchObject({ level: 'attention', code: 'service_unhealthy' });
    expect(one({ health: 'unhealthy' })).toMatchObject({ level: 'broken', code: 'service_unhealthy' });
    expect(one({ health: 'unhealthy' }, 'api')).toMatchObject({ level: 'broken' });
    expect(one({ state: 'paused' })).toMatchObject({ code: 'service_paused', action: { href: '/services/proxy' } });
    expect(one({ state: 'exited', exitCode: 143 })).toMatchObject({ level: 'broken', code: 'service_down_in_set' });
    expect(judge({ containers: all({ proxy: { state: 'exited', exitCode: 143 } }), network: network(outside()) }).needs).toContain('attention service_stopped');
    expect(one({ state: 'exited', exitCode: 0 }, 'tmkms')).toMatchObject({ level: 'broken', code: 'service_down_in_set' });
    expect(one({ state: 'exited', exitCode: 1 }, 'explorer')).toMatchObject({ level: 'attention' });
    expect(one(null, 'explorer')).toBeUndefined();
    expect(one(null, 'mlnode-308')).toBeUndefined();
    expect(judge({ containers: all({ api: null }), network: network(outside()) }).needs).toContain('attention service_absent');
    expect(serviceHealth(running('x', { restartCount: 50 }), NOW)).toBe('running');
  });
  test('twelve with the same trouble are one', () => {
    const broken = Object.fromEntries(['tmkms', 'node', 'api', 'proxy', 'inference'].map((name) => [name, { state: 'restarting' as const, restartCount: 9 }]));
    const { all: needs } = judge({ containers: all(broken) });
    expect(needs[0]).toMatchObject({ code: 'services_many', params: { count: 5, kind: 'service_crash_looping' } });
  });
  test('nothing started yet is one thing, not seven', () => {
    expect(judge({ containers: [], network: network(outside({ registered: undefined })) }).needs).toEqual(['attention nothing_started']);
  });
  test('node, key, membership', () => {
    const about = (changes: Partial<NetworkSnapshot>) => judge({ network: network(changes) }).needs;
    expect(about(node({ synced: false, catchingUp: true }))).toEqual(['attention node_syncing']);
    expect(about(node({ synced: false, seedHeight: 5000 }))).toEqual(['broken node_behind']);
    expect(about(node({ synced: false }))).toEqual(['broken node_no_new_blocks']);
    expect(about(node({ peers: 0 }))).toEqual(['attention node_no_peers']);
    expect(about({ ownNode: { state: 'unknown' } })).toEqual(['unknown node_silent']);
    expect(about({ ownApi: { state: 'unknown', error: { code: 'chain_host_down', params: { host: 'x', why: 'y' } } } })).toEqual(['broken api_silent']);
    expect(about(node({ validatorKey: 'OTHER' }))).toEqual(['broken consensus_key_differs']);
    expect(about(outside({ registered: false }))).toEqual(['attention not_registered']);
    expect(about(outside())).toEqual(['attention not_in_set']);
    expect(about(outside({ active: { ...me, weight: 0 } }))).toEqual(['attention zero_weight']);
    expect(about({ ...outside(), participants: { ...NETWORK.participants, state: 'stale' } })).toEqual([]);
    expect(about({ own: { state: 'unknown', error: { code: 'chain_no_account_key', params: {} } } })).toEqual(['attention no_account_key']);
    expect(about({ ...outside(), participants: { state: 'ok', value: { epoch: 56, list: [], pocFailed: true, unread: 0, excluded: [], totalWeight: 0 } } })).toEqual(['attention poc_failed']);
  });
  test('right after a start silence is no news', () => {
    const young = { startedAt: new Date(NOW - 5_000).toISOString() };
    const containers = all({ node: young, api: young });
    expect(judge({ containers, network: network({ ownNode: { state: 'unknown' } }) }).needs).toEqual([]);
    expect(judge({ containers, network: network({ ownApi: { state: 'unknown', error: { code: 'chain_host_down', params: {} } } }) }).needs).toEqual([]);
    expect(judge({ containers, network: network({ ...outside(), ...node({ synced: false, peers: 0 }) }) })).toMatchObject({ said: 'working syncing', needs: [] });
  });
  test('seeds: unknown, never bad', () => {
    const seed = NETWORK.seeds[0] as NetworkSnapshot['seeds'][number];
    const about = (state: typeof seed.state, changes: Partial<NetworkSnapshot> = {}) => judge({ network: network({ seeds: [{ ...seed, state, ...(state === 'ok' ? {} : { error: { code: 'chain_host_down', params: {} } }) }], ...changes }) }).needs;
    expect(about('down')).toEqual(['unknown seeds_unreachable']);
    expect(about('malformed')).toEqual(['unknown seeds_unreachable']);
    expect(about('rate-limited')).toEqual(['unknown seeds_rate_limited']);
    expect(about('wrong-chain')).toEqual(['broken node_wrong_chain']);
    expect(about('frozen', { epoch: { ...NETWORK.epoch, state: 'stale', error: { code: 'chain_frozen', params: {} } } })).toContain('unknown chain_frozen');
  });
  test('problems of the deployment and the last operation, with their own words', () => {
    const { all: needs } = judge({
      deployment: { state: 'ok', problems: [{ level: 'attention', code: 'a', params: {} }, { level: 'broken', code: 'b', params: {} }] },
      lastOperation: { id: 'op 1', kind: 'restart', target: 'api', state: 'failed', endedAt: new Date(NOW - 1000).toISOString() },
    });
    expect(needs.map(({ key }) => key)).toEqual(['deployment.problems.b', 'deployment.problems.a', 'needs.operation_failed']);
    expect(needs[2]?.action?.href).toBe('/history/op%201');
    expect(judge({ lastOperation: { id: 'x', kind: 'launch-chain', state: 'interrupted' } }).needs).toEqual(['attention operation_interrupted']);
    expect(judge({ lastOperation: { id: 'x', kind: 'stop', state: 'failed', endedAt: new Date(NOW - 2 * 86_400_000).toISOString() } }).needs).toEqual([]);
  });
  test('ML nodes that are not as the operator wants them, and an admin side that only a restart brings back', () => {
    const wish = (nodeId: string, state: string, exitRuns = false) => ({ nodeId, state, exitRuns });
    const { all: needs } = judge({ mlNodes: { wishes: [wish('a', 'by_hand'), wish('b', 'forgotten'), wish('c', 'kept'), wish('d', 'by_hand', true)], reapply: true, wedged: true } });
    expect(needs.map(({ key, action }) => [key, action?.href])).toEqual([['needs.ml_admin_wedged', '/services/api'], ['needs.ml_node_by_hand', '/ml-nodes'], ['needs.ml_node_forgotten', '/ml-nodes']]);
    expect(judge({ mlNodes: { wishes: [wish('c', 'kept'), wish('e', 'unknown')], reapply: true, wedged: false } }).needs).toEqual([]);
  });
  test('a host that was started again after an exit had its nodes kept disabled, and nothing said so', () => {
    const mlNodes = { wishes: [{ nodeId: 'a', state: 'kept', exitRuns: false, partOf: 'x' }], reapply: true, wedged: false };
    expect(judge({ mlNodes }).needs).toContain('attention ml_node_left_disabled');
    const down = all(Object.fromEntries(SERVICES.filter(({ group }) => group === 'ml').map(({ name }) => [name, null])));
    expect(judge({ mlNodes, containers: down }).needs).not.toContain('attention ml_node_left_disabled');
    expect(judge({ mlNodes: { ...mlNodes, wishes: [{ nodeId: 'a', state: 'kept', exitRuns: true, partOf: 'x' }] } }).needs).toEqual([]);
  });
  test('each id once', () => {
    const { all: needs } = judge({ containers: all(Object.fromEntries(SERVICES.map(({ name }, i) => [name, i % 2 ? { state: 'exited' as const, exitCode: 0 } : { state: 'restarting' as const, restartCount: 3 }]))) });
    expect(new Set(needs.map(({ id }) => id)).size).toBe(needs.length);
  });
});

describe.each([['en', en], ['zh', zh]] as const)('words in %s', (locale, messages) => {
  test('everything said above has them, with every placeholder filled', () => {
    const problems: string[] = [];
    const t = createTranslator({ locale, messages: messages as never, onError: (error) => problems.push(String(error)) });
    const say = (key: string, params: Record<string, string | number>) => t.rich(key as never, { ...params, s: (words: unknown) => String(words) } as never);
    for (const [key, params] of told) {
      if (key.startsWith('deployment.problems.')) continue;
      if (key.startsWith('errors.')) for (const part of ['what', 'means', 'next']) say(`${key}.${part}`, params);
      else if (key.startsWith('needs.') && !key.endsWith('.action')) for (const part of ['title', 'text']) say(`${key}.${part}`, params);
      else say(key, params);
    }
    expect(problems).toEqual([]);
    expect(told.size).toBeGreaterThan(60);
  });
  test('and nothing in the files is left unsaid', () => {
    for (const key of Object.keys(messages.verdict)) expect(told.has(`verdict.${key}`) ? key : `unused ${key}`).toBe(key);
    for (const key of Object.keys(messages.needs)) expect(told.has(`needs.${key}`) || told.has(`needs.${key}.action`) ? key : `unused ${key}`).toBe(key);
  });
});
