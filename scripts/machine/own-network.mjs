// A network of its own for a run of tests (Linux network namespace, root only): own loopback, ports and packet filter,
// so that engines with the same container names and ports work side by side. Nothing of the machine's network is touched.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const environment = () => ({ ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` });
const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment() });

/** What goes before a command to run it there. */
export const inNetwork = (name) => ['nsenter', `--net=/var/run/netns/${name}`];

/** Makes the network `name` anew, number `n` of 1 to 200; programs in it have 10.78.n.1 and reach 10.78.n.2 of the machine, nothing else. */
export function openNetwork(name, n) {
  closeNetwork(name);
  // A network of a killed run outlives its name for a while, and its interface with it.
  const outer = `gpt${n}-${process.pid}`;
  ip('netns', 'add', name);
  ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  ip('addr', 'add', `10.78.${n}.2/24`, 'dev', outer);
  ip('link', 'set', outer, 'up');
  for (const args of [['link', 'set', 'lo', 'up'], ['addr', 'add', `10.78.${n}.1/24`, 'dev', 'eth0'], ['link', 'set', 'eth0', 'up'], ['route', 'add', 'default', 'via', `10.78.${n}.2`]]) ip('-n', name, ...args);
  const inside = (...argv) => {
    const [command, ...args] = [...inNetwork(name), ...argv];
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment() });
  };
  // Containers reach the addresses of their machine, which is this network.
  inside('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  // No name server is out there: a question is refused at once instead of waiting for an answer.
  for (const chain of ['OUTPUT', 'FORWARD']) inside('iptables', '-I', chain, '-p', 'udp', '--dport', '53', '-j', 'REJECT');
}

/** Its interfaces go with it. */
export function closeNetwork(name) {
  if (existsSync(`/var/run/netns/${name}`)) ip('netns', 'delete', name);
}
