import { unknownRow } from './machine-rows.ts';
import { isDockers } from './ports-fact.ts';
import type { ExposedPort, PrerequisiteFacts, PrerequisiteRow, SeedSeen } from './prerequisite-facts.ts';

/** What nothing outside the host needs (facts 12): the quickstart's advice to open 26657 has been taken back. */
export const INTERNAL_PORTS = [9200, 26657, 9100, 5050, 8080];
/** A port that several services are refused for is one row as long as there are few of them. */
const MOST_TAKEN = 6;

/** Ports in use, the seed, and what is open that shouldn't be. */
export function networkRows(facts: PrerequisiteFacts): PrerequisiteRow[] {
  return [...exposureRows(facts), ...portRows(facts), seedRow(facts), bandwidthRow(facts)];
}

/** The quickstart's line: at least 100 Mbit/s, better 1 Gbit/s. */
const LINK_LEAST = 100;

/** A measurement would send gigabytes to somebody: the panel knows no more than the card's link, which the line can't exceed. */
function bandwidthRow({ link, now }: PrerequisiteFacts): PrerequisiteRow {
  const base = { id: 'bandwidth', rule: 'guide' as const, source: link ? `/sys/class/net/${link.card}/speed` : '–', at: now, params: { mbits: link?.mbits ?? 0, card: link?.card ?? '' } };
  const fix = { code: 'bandwidth', commands: [['curl', '-o', '/dev/null', '-w', '%{speed_download}\n', 'https://speed.cloudflare.com/__down?bytes=200000000']] };
  if (link && link.mbits < LINK_LEAST) return { ...base, state: 'attention', said: 'link_slow', fix };
  return { ...base, state: 'unknown', said: link ? 'bandwidth_link' : 'bandwidth_unmeasured', apart: true, fix };
}

function portRows({ ports }: PrerequisiteFacts): PrerequisiteRow[] {
  if (!ports.value) return [unknownRow('ports', 'compose', ports)];
  const { wanted, taken } = ports.value;
  const base = { id: 'ports', source: ports.source, at: ports.at, rule: 'compose' as const };
  if (taken.length === 0) return [{ ...base, state: 'ok', params: { count: wanted }, said: 'ports_free' }];
  return taken.slice(0, MOST_TAKEN).map((one): PrerequisiteRow => {
    const { port, protocol, service } = one;
    const row = { ...base, of: `${port}/${protocol}`, state: 'broken' as const, breaks: 'start' as const };
    const inDocker = { code: 'port_in_container', commands: [['docker', 'ps', '--filter', `publish=${port}/${protocol}`]] };
    if (one.container) return { ...row, params: { port, protocol, service, container: one.container }, said: 'port_in_container', fix: inDocker };
    return { ...row, params: { port, protocol, service, process: one.process ?? 'unknown' }, said: 'port_taken', fix: isDockers(one.process) ? inDocker : { code: 'port_taken', commands: [['sudo', 'ss', protocol === 'udp' ? '-lunp' : '-ltnp', `sport = :${port}`]] } };
  });
}

function seedRow({ seeds, now }: PrerequisiteFacts): PrerequisiteRow {
  const base = { id: 'seed', rule: 'guide' as const };
  const good = seeds.find((seed) => seed.state === 'ok');
  if (good) return { ...base, state: 'ok', params: { host: good.host, height: good.height ?? 0, known: good.height === undefined ? 'no' : 'yes' }, said: 'seed', source: good.host, at: good.at ?? now };
  const asked = seeds.filter((seed) => seed.state !== 'unknown' || seed.error);
  const first = seeds[0];
  const source = asked.map(({ host }) => host).join(', ') || first?.host || '–';
  const error = asked[0]?.error;
  const failed = asked.length > 0 && asked.every((seed) => seed.state === 'down');
  const row: PrerequisiteRow = { ...base, state: failed ? 'attention' : 'unknown', params: { hosts: source, count: asked.length }, said: asked.length === 0 ? 'why_unread' : failed ? 'seeds_down' : 'seeds_unclear', source, at: newest(asked) ?? now, ...(error ? { error } : {}) };
  return first && asked.length > 0 ? { ...row, fix: { code: 'seed', commands: [['curl', '-sS', '-m', '10', '-o', '/dev/null', '-w', '%{http_code}\n', `${first.url}/v1/epochs/latest`]] } } : row;
}

const newest = (seeds: SeedSeen[]): number | undefined => seeds.map(({ at }) => at).filter((at) => at !== undefined).sort((a, b) => b - a)[0];

function exposureRows({ exposed }: PrerequisiteFacts): PrerequisiteRow[] {
  if (!exposed.value) return [unknownRow('exposure', 'docs', exposed)];
  const { ports, leaks, card } = exposed.value;
  const rank = (port: number) => (INTERNAL_PORTS.includes(port) ? INTERNAL_PORTS.indexOf(port) : INTERNAL_PORTS.length);
  const bad = ports.filter(({ open, planned }) => open || planned).sort((a, b) => rank(a.port) - rank(b.port));
  if (bad.length === 0) return [{ id: 'exposure', state: 'ok', params: { ports: INTERNAL_PORTS.join(', ') }, said: 'nothing_exposed', rule: 'docs', source: exposed.source, at: exposed.at }];
  const base = { source: exposed.source, at: exposed.at };
  const admin = bad.filter(isAdmin).map((one) => adminRow(one, leaks, base, card));
  // The others have one reason and one remedy: a row for those that are open, one for those that would be.
  const others = [true, false].flatMap((open) => {
    const list = bad.filter((one) => !isAdmin(one) && one.open === open);
    return list.length > 0 ? [internalRow(list, open, base, card)] : [];
  });
  return [...admin, ...others];
}

/** By what it leads to: the machine's own number for it may be any. */
const isAdmin = ({ service, container }: ExposedPort): boolean => service === 'api' && container === 9200;
type Base = { source: string; at: number };

function adminRow({ port, service, open }: ExposedPort, leaks: 'yes' | 'no' | 'unknown', base: Base, card: string | undefined): PrerequisiteRow {
  const password = leaks === 'yes';
  const danger = open || password;
  return {
    id: 'exposure', of: String(port), ...base, state: danger ? 'broken' : 'attention', params: { port, service, now: open ? 'yes' : 'no' },
    said: password ? 'exposed_leaks' : leaks === 'unknown' ? 'exposed_admin_maybe' : 'exposed_admin', rule: password ? 'measured' : 'docs', ...(danger ? { breaks: 'key' as const } : {}),
    fix: { code: open ? shutCode(password ? 'leak_was_open' : 'shut', card) : 'bind', commands: open ? shut([port], card) : [] },
  };
}

function internalRow(ports: ExposedPort[], open: boolean, base: Base, card: string | undefined): PrerequisiteRow {
  const numbers = ports.map(({ port }) => port);
  return {
    id: 'exposure', of: numbers.join(' '), ...base, state: 'attention', params: { ports: numbers.join(', '), count: ports.length, now: open ? 'yes' : 'no' }, said: 'exposed_internal', rule: 'docs',
    fix: { code: open ? shutCode('shut', card) : 'bind', commands: open ? shut(numbers, card) : [] },
  };
}

/** Without a card there is no command that closes: the words then don't speak of one. */
const shutCode = (code: 'leak_was_open' | 'shut', card: string | undefined): string => (card ? code : `${code}_no_card`);

/**
 * Closes ports at the card towards the Internet. Behind Docker's translation a packet carries the container's port, so it
 * goes by the port that was asked for. Over IPv6 Docker's proxy answers (INPUT), unless the engine translates there too.
 */
function shut(ports: number[], card: string | undefined): string[][] {
  const rules = card ? ports.flatMap((port) => {
    const docker = ['-I', 'DOCKER-USER', '-i', card, '-p', 'tcp', '-m', 'conntrack', '--ctorigdstport', String(port), '--ctdir', 'ORIGINAL', '-j', 'DROP'];
    return [['sudo', 'iptables', ...docker], ['sudo', 'ip6tables', '-I', 'INPUT', '-i', card, '-p', 'tcp', '--dport', String(port), '-j', 'DROP'], ['sudo', 'ip6tables', ...docker]];
  }) : [];
  return [...rules, ['sudo', 'ss', '-ltnp', ports.map((port) => `sport = :${port}`).join(' or ')]];
}
