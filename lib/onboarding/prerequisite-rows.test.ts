/** Each rule on both sides of its boundary, and what can't be seen. */
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import en from '#messages/en.json' with { type: 'json' };
import zh from '#messages/zh.json' with { type: 'json' };
import type { PrerequisiteFacts, RowState } from './prerequisite-facts.ts';
import { countRows, prerequisiteRows } from './prerequisite-rows.ts';

const NOW = 1_790_000_000_000;
const here = { at: NOW, source: 'here' };
const GB = 1e9;
const card = (totalMiB: number | undefined = 81_559, state: 'ok' | 'broken' = 'ok', index = 0) => ({ index, name: 'NVIDIA H100', ...(totalMiB ? { totalMiB } : {}), state });
const cards = (count: number, mib?: number) => ({ state: 'read' as const, gpus: Array.from({ length: count }, (_, index) => card(mib, 'ok', index)), driver: '570.1', cudaVersion: '12.8', at: NOW });
const room = (free: number, total = 2000, inodes?: { free: number; total: number }) => ({ ...here, value: { freeBytes: free * GB, totalBytes: total * GB, ...(inodes ? { inodes } : {}) } });
const disk = (place: 'docker' | 'deploy' | 'hf', ...args: Parameters<typeof room>) => ({ place, path: `/x/${place}`, room: room(...args) });

/** A server as the guide wants it. */
const GOOD: PrerequisiteFacts = {
  now: NOW, inContainer: false,
  cpu: { ...here, value: { cores: 32, arch: 'amd64', adx: true } },
  memoryBytes: { ...here, value: 1100 * GB },
  disks: [disk('docker', 500), disk('deploy', 500), disk('hf', 500)],
  gpus: cards(8), toolkit: { ...here, value: 'runtime' },
  engine: { state: 'ok', version: '27.0', apiVersion: '1.46', socket: '/var/run/docker.sock', at: NOW },
  compose: { ...here, value: '2.29.1' }, clock: { ...here, value: { synced: true, service: true } },
  ports: { ...here, value: { wanted: 7, taken: [] } },
  seeds: [{ host: 'node2', url: 'http://node2:8000', state: 'ok', at: NOW, height: 5 }],
  exposed: { ...here, value: { ports: [], leaks: 'no', card: 'eth0' } },
  release: '0.2.8', disk: 'nvme', link: { card: 'eth0', mbits: 1000 },
  gpuProbe: { at: NOW, image: 'x/mlnode:3', outcome: 'sees', seen: 8, lost: 0 },
  seedProbe: { at: NOW, image: 'x/api:1', outcome: 'answers', host: 'node2:8000', network: 'join_default' },
};
const rowsOf = (change: Partial<PrerequisiteFacts>) => prerequisiteRows({ ...GOOD, ...change });
const only = (id: string, change: Partial<PrerequisiteFacts>, of?: string) => {
  const found = rowsOf(change).filter((row) => row.id === id && (of === undefined || row.of === of));
  expect(found, id).toHaveLength(1);
  return found[0] as (typeof found)[number];
};

it('a good server: all met, nothing to mend', () => {
  expect(rowsOf({}).map(({ id, of, state }) => [id, of, state]).filter(([, , state]) => state !== 'ok')).toEqual([['bandwidth', undefined, 'unknown']]);
  expect(new Set(rowsOf({}).map(({ id }) => id))).toEqual(new Set(['exposure', 'ports', 'seed', 'engine', 'compose', 'gpu_cards', 'cuda', 'toolkit', 'cpu_cores', 'cpu_arch', 'cpu_adx', 'memory', 'memory_vram', 'disk', 'clock', 'gpu_container', 'seed_container', 'bandwidth', 'disk_kind']));
});

it('that a container saw its cards stayed a tick for weeks, until the panel was started again', () => {
  const day = 24 * 60 * 60_000;
  const tried = (ago: number) => rowsOf({ gpuProbe: { ...GOOD.gpuProbe, at: NOW - ago } as never, seedProbe: { ...GOOD.seedProbe, at: NOW - ago } as never }).filter(({ id }) => id.endsWith('_container')).map(({ state, said, apart }) => [state, said, apart]);
  expect(tried(day)).toEqual([['ok', 'gpu_container_all', undefined], ['ok', 'seed_container', undefined]]);
  expect(tried(day + 1)).toEqual([['unknown', 'probe_old', true], ['unknown', 'probe_old', true]]);
});

const cpu = (cores: number, arch = 'amd64', adx?: boolean) => ({ cpu: { ...here, value: { cores, arch, ...(adx === undefined ? {} : { adx }) } } });
const exposed = (leaks: 'yes' | 'no' | 'unknown', port: number, open: boolean, planned = true, container = port) => ({ exposed: { ...here, value: { ports: [{ port, container, service: 'api', open, planned }], leaks, card: 'eth0' } } });
const TABLE: [string, string, Partial<PrerequisiteFacts>, RowState, string, string?][] = [
  ['15 cores', 'cpu_cores', cpu(15), 'attention', 'cores'],
  ['16 cores', 'cpu_cores', cpu(16), 'ok', 'cores'],
  ['arm64', 'cpu_arch', cpu(64, 'arm64'), 'broken', 'arch'],
  ['no ADX before 0.2.16', 'cpu_adx', { ...cpu(16, 'amd64', false), release: '0.2.15' }, 'attention', 'no_adx'],
  ['no ADX from 0.2.16 on', 'cpu_adx', { ...cpu(16, 'amd64', false), release: '0.2.16' }, 'broken', 'no_adx'],
  ['no ADX, release not known', 'cpu_adx', { ...cpu(16, 'amd64', false), release: undefined }, 'attention', 'no_adx'],
  ['ADX not listed', 'cpu_adx', cpu(16), 'unknown', 'why_unread'],
  ['a byte below 64 GB', 'memory', { memoryBytes: { ...here, value: 64 * GB - 1 } }, 'attention', 'memory'],
  ['64 GB', 'memory', { memoryBytes: { ...here, value: 64 * GB } }, 'ok', 'memory'],
  ['1.5 times the video memory, less a byte', 'memory_vram', { gpus: cards(1), memoryBytes: { ...here, value: 1.5 * 81_559 * 1024 ** 2 - 1 } }, 'attention', 'memory_vram'],
  ['1.5 times the video memory', 'memory_vram', { gpus: cards(1), memoryBytes: { ...here, value: 1.5 * 81_559 * 1024 ** 2 } }, 'ok', 'memory_vram'],
  ['Docker: 9.9 GB', 'disk', { disks: [disk('docker', 9.9)] }, 'broken', 'disk_out'],
  ['Docker: 10 GB', 'disk', { disks: [disk('docker', 10)] }, 'attention', 'disk_low'],
  ['Docker: 60 GB', 'disk', { disks: [disk('docker', 60)] }, 'ok', 'disk'],
  ['deployment: 99 GB', 'disk', { disks: [disk('deploy', 99)] }, 'attention', 'disk_low'],
  ['deployment: 100 GB of 899', 'disk', { disks: [disk('deploy', 100, 899)] }, 'attention', 'disk_small'],
  ['deployment: 100 GB of 900, a formatted terabyte', 'disk', { disks: [disk('deploy', 100, 900)] }, 'ok', 'disk'],
  ['weights: 19 GB', 'disk', { disks: [disk('hf', 19)] }, 'broken', 'disk_out'],
  ['weights: 229 GB', 'disk', { disks: [disk('hf', 229)] }, 'attention', 'disk_low'],
  ['weights: 230 GB', 'disk', { disks: [disk('hf', 230)] }, 'ok', 'disk'],
  ['inodes: none', 'inodes', { disks: [disk('deploy', 500, 2000, { free: 0, total: 100 })] }, 'broken', 'inodes_low'],
  ['inodes: 4 %', 'inodes', { disks: [disk('deploy', 500, 2000, { free: 4, total: 100 })] }, 'attention', 'inodes_low'],
  ['clock alone', 'clock', { clock: { ...here, value: { synced: false, service: false } } }, 'attention', 'clock_alone'],
  ['clock not yet', 'clock', { clock: { ...here, value: { synced: false, service: true } } }, 'attention', 'clock_not_yet'],
  ['a block 5 s ahead is no proof', 'clock', { newestBlock: { time: NOW + 5_000, source: 'own node' } }, 'ok', 'clock_synced'],
  ['a block more than 5 s ahead is, whatever systemd says', 'clock', { newestBlock: { time: NOW + 5_001, source: 'own node' } }, 'broken', 'clock_behind'],
  ['no driver on the machine', 'gpu_cards', { gpus: { state: 'absent', at: NOW } }, 'attention', 'no_driver'],
  ['no nvidia-smi in the panel’s container', 'gpu_cards', { gpus: { state: 'absent', at: NOW }, inContainer: true }, 'unknown', 'why_container'],
  ['nvidia-smi fails', 'gpu_cards', { gpus: { state: 'unknown', error: { code: 'gpus_failed', params: { exit: 9 } }, at: NOW } }, 'broken', 'driver_failed'],
  ['nvidia-smi hangs', 'gpu_cards', { gpus: { state: 'unknown', error: { code: 'gpus_slow', params: { seconds: 15 } }, at: NOW } }, 'unknown', 'why_silent'],
  ['a card that reports N/A', 'gpu_cards', { gpus: { ...cards(1), gpus: [card(), card(undefined, 'broken', 1)] } }, 'broken', 'card_lost'],
  ['39 GB of video memory', 'gpu_cards', { gpus: cards(1, 37_400) }, 'broken', 'vram_little'],
  ['40 GB', 'gpu_cards', { gpus: cards(1, 38_147) }, 'attention', 'vram_below'],
  ['319 GB', 'gpu_cards', { gpus: cards(4, 76_000) }, 'attention', 'vram_below'],
  ['four cards of 80 GB', 'gpu_cards', { gpus: cards(4) }, 'ok', 'cards'],
  ['CUDA 12.5', 'cuda', { gpus: { ...cards(4), cudaVersion: '12.5' } }, 'broken', 'cuda_old'],
  ['CUDA 12.6', 'cuda', { gpus: { ...cards(4), cudaVersion: '12.6' } }, 'ok', 'cuda'],
  ['CUDA 12.10 is newer than 12.6', 'cuda', { gpus: { ...cards(4), cudaVersion: '12.10' } }, 'ok', 'cuda'],
  ['CUDA 13.0 serves older images', 'cuda', { gpus: { ...cards(4), cudaVersion: '13.0' } }, 'ok', 'cuda'],
  ['CUDA 12.9 for image 3.0.15', 'cuda', { gpus: { ...cards(4), cudaVersion: '12.9' }, mlImage: 'ghcr.io/gonka-ai/mlnode:3.0.15' }, 'ok', 'cuda'],
  ['CUDA 12.9 for image 3.0.16', 'cuda', { gpus: { ...cards(4), cudaVersion: '12.9' }, mlImage: 'ghcr.io/gonka-ai/mlnode:3.0.16' }, 'broken', 'cuda_old'],
  ['CUDA 12.9 for image 3.0.16-cu129', 'cuda', { gpus: { ...cards(4), cudaVersion: '12.9' }, mlImage: 'ghcr.io/gonka-ai/mlnode:3.0.16-cu129' }, 'ok', 'cuda'],
  ['CUDA not said', 'cuda', { gpus: { ...cards(4), cudaVersion: undefined } }, 'unknown', 'why_silent'],
  ['toolkit by CDI', 'toolkit', { toolkit: { ...here, value: 'cdi' } }, 'ok', 'toolkit_cdi'],
  ['toolkit installed only', 'toolkit', { toolkit: { ...here, value: 'hook' } }, 'attention', 'toolkit_hook'],
  ['no toolkit for cards', 'toolkit', { toolkit: { ...here, value: 'none' } }, 'broken', 'toolkit_none'],
  ['no toolkit and no cards', 'toolkit', { toolkit: { ...here, value: 'none' }, gpus: { state: 'absent', at: NOW } }, 'attention', 'toolkit_none_no_cards'],
  ['toolkit from inside a container', 'toolkit', { toolkit: { ...here, why: 'container' } }, 'unknown', 'why_container'],
  ['engine stopped', 'engine', { engine: { state: 'stopped', socket: '/s', detail: 'x', at: NOW } }, 'broken', 'engine_stopped'],
  ['engine absent', 'engine', { engine: { state: 'absent', socket: '/s', detail: 'x', at: NOW } }, 'broken', 'engine_absent'],
  ['engine not allowed', 'engine', { engine: { state: 'permission', socket: '/s', detail: 'x', at: NOW } }, 'broken', 'engine_permission'],
  ['engine answers with an error', 'engine', { engine: { state: 'error', socket: '/s', detail: 'x', at: NOW } }, 'unknown', 'why_silent'],
  ['compose 2.19.9', 'compose', { compose: { ...here, value: '2.19.9' } }, 'broken', 'compose_old'],
  ['compose 2.20.0', 'compose', { compose: { ...here, value: '2.20.0' } }, 'attention', 'compose_no_override'],
  ['compose 2.24.3', 'compose', { compose: { ...here, value: '2.24.3' } }, 'attention', 'compose_no_override'],
  ['compose 2.24.4', 'compose', { compose: { ...here, value: '2.24.4' } }, 'ok', 'compose'],
  ['compose 5.0.0', 'compose', { compose: { ...here, value: '5.0.0' } }, 'ok', 'compose'],
  ['no compose', 'compose', { compose: { ...here, why: 'absent' } }, 'broken', 'compose_absent'],
  ['a port that nginx has', 'ports', { ports: { ...here, value: { wanted: 7, taken: [{ port: 8000, protocol: 'tcp', service: 'proxy', process: 'nginx' }] } } }, 'broken', 'port_taken'],
  ['listeners not seen', 'ports', { ports: { ...here, why: 'container' } }, 'unknown', 'why_container'],
  ['no seed answers', 'seed', { seeds: [{ host: 'a', url: 'http://a', state: 'down', error: { code: 'chain_unreachable', params: {} } }] }, 'attention', 'seeds_down'],
  ['a rate limit is no outage', 'seed', { seeds: [{ host: 'a', url: 'http://a', state: 'rate-limited' }] }, 'unknown', 'seeds_unclear'],
  ['seeds not asked yet', 'seed', { seeds: [{ host: 'a', url: 'http://a', state: 'unknown' }] }, 'unknown', 'why_unread'],
  ['one of two seeds is enough', 'seed', { seeds: [{ host: 'a', url: 'http://a', state: 'down' }, { host: 'b', url: 'http://b', state: 'ok' }] }, 'ok', 'seed'],
  ['9200 open, gives the password away', 'exposure', exposed('yes', 9200, true), 'broken', 'exposed_leaks'],
  ['9200 planned, would give it away', 'exposure', exposed('yes', 9200, false), 'broken', 'exposed_leaks'],
  ['9200 open in a later release', 'exposure', exposed('no', 9200, true), 'broken', 'exposed_admin'],
  ['9200 planned in a later release', 'exposure', exposed('no', 9200, false), 'attention', 'exposed_admin'],
  ['9200 open, release not known', 'exposure', exposed('unknown', 9200, true), 'broken', 'exposed_admin_maybe'],
  ['9100 open', 'exposure', exposed('yes', 9100, true), 'attention', 'exposed_internal'],
  ['26657 planned', 'exposure', exposed('yes', 26657, false), 'attention', 'exposed_internal'],
  ['9200 mapped to 19200 and open', 'exposure', exposed('yes', 19_200, true, true, 9200), 'broken', 'exposed_leaks'],
  ['compose could not be read', 'exposure', { exposed: { ...here, why: 'compose' } }, 'unknown', 'why_compose'],
  ['no socket in the panel’s container', 'engine', { engine: { state: 'absent', socket: '/s', detail: 'x', at: NOW }, inContainer: true }, 'unknown', 'engine_not_mounted'],
  ['a port that another container has', 'ports', { ports: { ...here, value: { wanted: 7, taken: [{ port: 8000, protocol: 'tcp', service: 'proxy', process: 'docker-proxy', container: 'web' }] } } }, 'broken', 'port_in_container'],
  ['usual ports that containers have', 'ports', { ports: { ...here, why: 'containers' } }, 'unknown', 'why_containers'],
  ['bound to 127.0.0.1', 'exposure', exposed('yes', 9200, false, false), 'ok', 'nothing_exposed'],
];

describe('boundaries', () => {
  it.each(TABLE)('%s', (_name, id, change, state, said) => {
    const row = only(id, change);
    expect([row.state, row.said]).toEqual([state, said]);
    // Broken says what it really stops, and what is wrong says what to do.
    expect(row.breaks !== undefined).toBe(state === 'broken');
    if (state === 'broken' || state === 'attention') expect(row.fix).toBeDefined();
    if (state === 'ok') expect(row.fix).toBeUndefined();
  });
});

describe.each([['en', en], ['zh', zh]] as const)('every sentence of every row has what it names, %s', (locale, messages) => {
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  it.each(TABLE)('%s', (_name, _id, change) => {
    for (const row of rowsOf(change)) for (const key of [`rows.${row.id}.label`, `rows.${row.id}.rule`, `said.${row.said}`]) expect(t(`onboarding.${key}` as never, row.params as never), key).not.toMatch(/^onboarding\./);
  });
  it('a disk that can’t be seen still has its rule', () => {
    for (const row of rowsOf({ disks: [{ place: 'hf', room: { ...here, why: 'not_chosen' } }] })) t(`onboarding.rows.${row.id}.rule` as never, row.params as never);
  });
});

it('internal ports that are open make one row, those that would be another', () => {
  const port = (number: number, open: boolean) => ({ port: number, container: number, service: 'x', open, planned: true });
  const rows = rowsOf({ exposed: { ...here, value: { ports: [port(8080, false), port(26657, true), port(9100, true), port(5050, false)], leaks: 'no', card: 'eth0' } } }).filter(({ id }) => id === 'exposure');
  expect(rows.map(({ params }) => [params.ports, params.now])).toEqual([['26657, 9100', 'yes'], ['5050, 8080', 'no']]);
  expect(rows[0]?.fix?.commands.map((argv) => argv.at(-1))).toEqual([...Array<string>(6).fill('DROP'), 'sport = :26657 or sport = :9100']);
  expect(rows[1]?.fix?.commands).toEqual([]);
});

it('inodes are a row only where they run short', () => {
  expect(rowsOf({ disks: [disk('deploy', 500, 2000, { free: 5, total: 100 })] }).filter(({ id }) => id === 'inodes')).toEqual([]);
});

it('the leak comes before everything else, then what is broken', () => {
  const rows = rowsOf({ ...exposed('yes', 9200, true), engine: { state: 'stopped', socket: '/s', detail: '', at: NOW }, ...cpu(4) });
  expect(rows[0]?.said).toBe('exposed_leaks');
  const states = rows.slice(1).map(({ state }) => ['broken', 'attention', 'unknown', 'ok'].indexOf(state));
  expect(states).toEqual([...states].sort((a, b) => a - b));
  expect(countRows(rows).broken).toBe(2);
});

it('an open port is shut by the port that was asked for, at the card towards the Internet, or not at all by command', () => {
  expect(only('exposure', exposed('yes', 9200, true)).fix?.commands[0]).toEqual(['sudo', 'iptables', '-I', 'DOCKER-USER', '-i', 'eth0', '-p', 'tcp', '-m', 'conntrack', '--ctorigdstport', '9200', '--ctdir', 'ORIGINAL', '-j', 'DROP']);
  expect(only('exposure', { exposed: { ...here, value: { ports: [{ port: 9200, container: 9200, service: 'api', open: true, planned: true }], leaks: 'yes' } } }).fix?.commands).toEqual([['sudo', 'ss', '-ltnp', 'sport = :9200']]);
});

it('the admin port mapped to 19200 was shut at 9200, and the leak stayed open', () => {
  const row = only('exposure', exposed('yes', 19_200, true, true, 9200));
  expect(row).toMatchObject({ of: '19200', params: { port: 19_200 }, fix: { code: 'leak_was_open' } });
  for (const argv of row.fix?.commands ?? []) expect(argv.join(' ')).toMatch(/\b19200\b/);
  for (const [locale, messages] of [['en', en], ['zh', zh]] as const) expect(createTranslator({ locale, messages: messages as never })('onboarding.said.exposed_leaks' as never, row.params as never)).toContain('19200');
  // Another service's port that happens to be 9200 outside is no admin port.
  expect(only('exposure', { exposed: { ...here, value: { ports: [{ port: 9200, container: 26_657, service: 'node', open: true, planned: true }], leaks: 'yes', card: 'eth0' } } }).said).toBe('exposed_internal');
});

it('the command that closes at once left IPv6 open', () => {
  const commands = only('exposure', exposed('yes', 9200, true)).fix?.commands.map((argv) => argv.join(' '));
  expect(commands?.slice(1)).toEqual([
    'sudo ip6tables -I INPUT -i eth0 -p tcp --dport 9200 -j DROP',
    'sudo ip6tables -I DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 9200 --ctdir ORIGINAL -j DROP',
    'sudo ss -ltnp sport = :9200',
  ]);
});

it('closing cut off the ML nodes on other servers without a word, and spoke of a command where there was none', () => {
  for (const { onboarding: { fix } } of [en, zh]) {
    for (const words of [fix.shut, fix.shut_no_card]) for (const port of ['9100', '5050', '8080']) expect(words).toContain(port);
    expect(fix.shut).toMatch(/ACCEPT/);
    for (const words of [fix.leak_was_open_no_card, fix.shut_no_card]) expect(words).not.toMatch(/iptables|ip6tables/);
  }
  const blind = (leaks: 'yes' | 'no', container: number) => only('exposure', { exposed: { ...here, value: { ports: [{ port: container, container, service: 'api', open: true, planned: true }], leaks } } }).fix?.code;
  expect([blind('yes', 9200), blind('no', 9200), blind('no', 9100)]).toEqual(['leak_was_open_no_card', 'shut_no_card', 'shut_no_card']);
});

it('a socket at another address was answered with an install that replaces the engine', () => {
  const row = only('engine', { engine: { state: 'absent', socket: '/s', detail: 'connect ENOENT /s', at: NOW } });
  expect(row.params.detail).toBe('connect ENOENT /s');
  expect(row.fix?.commands.slice(0, 2)).toEqual([['systemctl', 'status', 'docker'], ['docker', 'context', 'ls']]);
  expect(row.fix?.commands.flat()).not.toContain('-y');
  expect([en.onboarding.fix.engine_absent, zh.onboarding.fix.engine_absent]).toEqual([expect.stringContaining('must not run the install'), expect.stringContaining('切勿执行安装')]);
  expect(only('engine', { engine: { state: 'absent', socket: '/s', detail: 'x', at: NOW }, inContainer: true }).fix).toEqual({ code: 'engine_not_mounted', commands: [] });
});

it('a port that a container has was answered with "stop it"', () => {
  const row = only('ports', { ports: { ...here, value: { wanted: 7, taken: [{ port: 8000, protocol: 'tcp', service: 'proxy', process: 'docker-proxy', container: 'web' }] } } });
  expect(row.fix).toEqual({ code: 'port_in_container', commands: [['docker', 'ps', '--filter', 'publish=8000/tcp']] });
  const fixOf = (process: string) => only('ports', { ports: { ...here, value: { wanted: 7, taken: [{ port: 8000, protocol: 'tcp', service: 'proxy', process }] } } }).fix?.code;
  expect([fixOf('docker-proxy'), fixOf('nginx')]).toEqual(['port_in_container', 'port_taken']);
});

it('where nothing can be seen nothing is wrong', () => {
  const nothing = { ...here, why: 'container' };
  const rows = rowsOf({ cpu: nothing, memoryBytes: nothing, disks: [{ place: 'docker', room: nothing }, { place: 'deploy', room: nothing }, { place: 'hf', room: nothing }], gpus: { state: 'absent', at: NOW }, inContainer: true, toolkit: nothing, clock: nothing, ports: nothing, seeds: [], exposed: nothing, compose: nothing, disk: undefined, link: undefined, gpuProbe: undefined, seedProbe: undefined });
  expect(rows.filter(({ state }) => state === 'broken' || state === 'attention')).toEqual([]);
  expect(countRows(rows)).toMatchObject({ ok: 1, broken: 0, attention: 0 });
});

it('an empty server was not ready because of directories that it can not have yet', () => {
  const rows = rowsOf({ disks: [{ place: 'deploy', room: { ...here, why: 'not_chosen' } }, { place: 'hf', room: { ...here, why: 'not_set' } }, { place: 'docker', room: { ...here, why: 'unreadable' } }] });
  expect(rows.filter(({ id }) => id === 'disk').map(({ of, state, apart }) => [of, state, apart ?? false])).toEqual([['deploy', 'unknown', true], ['hf', 'unknown', true], ['docker', 'unknown', false]]);
});
