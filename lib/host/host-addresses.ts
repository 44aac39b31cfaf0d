import os from 'node:os';
import { seesHostNetwork } from './host-network.ts';

/** Networks between containers, and what isn't a card of the machine: nobody outside reaches it there. */
const DOCKERS = /^(docker\d|br-|veth|cni|flannel|virbr|lxc)/;

/** IPv4 addresses of this machine that `keep` lets pass, card by card; undefined when they can't be seen from here (a container without the host's network). */
export async function hostAddresses(keep: (address: string) => boolean): Promise<{ address: string; card: string }[] | undefined> {
  if (!(await seesHostNetwork())) return undefined;
  return Object.entries(os.networkInterfaces()).flatMap(([card, all]) => (DOCKERS.test(card) ? [] : (all ?? []).filter((one) => one.family === 'IPv4' && !one.internal && keep(one.address)).map(({ address }) => ({ address, card }))));
}
