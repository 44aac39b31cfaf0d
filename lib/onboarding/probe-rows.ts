import type { PrerequisiteFacts, PrerequisiteRow } from './prerequisite-facts.ts';

const SOURCE = 'docker run';
/** Drivers are changed and cards fall out meanwhile: what worked longer ago than this (ms) is tried anew before it is called met. */
const OLD_MS = 24 * 60 * 60_000;

/** What only a container can prove: that it gets the cards, and that it reaches the seed. */
export function probeRows(facts: PrerequisiteFacts): PrerequisiteRow[] {
  return [...gpuContainerRow(facts), seedContainerRow(facts)];
}

const INSTALL = [['sudo', 'apt-get', 'install', '-y', 'nvidia-container-toolkit'], ['sudo', 'nvidia-ctk', 'runtime', 'configure', '--runtime=docker'], ['sudo', 'systemctl', 'restart', 'docker']];

function gpuContainerRow({ gpuProbe: probe, gpus, inContainer, now }: PrerequisiteFacts): PrerequisiteRow[] {
  const cards = gpus.state === 'read' ? gpus.gpus.length : undefined;
  // Without a card there is nothing to see: the ML nodes are elsewhere.
  if (cards === 0 || (gpus.state === 'absent' && !inContainer && probe?.outcome !== 'sees')) return [];
  const base = { id: 'gpu_container', source: SOURCE, at: probe?.at ?? now, rule: 'guide' as const, params: { image: probe?.image ?? '', seen: probe?.seen ?? 0, lost: probe?.lost ?? 0, of: cards ?? 0, detail: probe?.detail ?? '' } };
  const again = probe?.image ? [['docker', 'run', '--rm', '--gpus', 'all', '--entrypoint', 'nvidia-smi', probe.image]] : [];
  const untold = (said: string): PrerequisiteRow[] => [{ ...base, state: 'unknown', said, apart: true }];
  const broken = (said: string, code: string, commands: string[][]): PrerequisiteRow[] => [{ ...base, state: 'broken', said, breaks: 'ml', fix: { code, commands: [...commands, ...again] } }];
  switch (probe?.outcome) {
    case undefined: return untold('probe_untried');
    case 'no_image': return untold('probe_no_image');
    case 'no_program': return untold('gpu_container_no_program');
    case 'failed': return [{ ...base, state: 'unknown', said: 'probe_failed', fix: { code: 'gpu_container', commands: again } }];
    case 'no_toolkit': return broken('gpu_container_no_toolkit', 'toolkit', INSTALL);
    case 'driver_mismatch': return broken('gpu_container_mismatch', 'gpu_mismatch', [['cat', '/proc/driver/nvidia/version'], ['sudo', 'reboot']]);
    case 'driver_missing': return broken('gpu_container_driver', 'driver_failed', [['nvidia-smi'], ['sudo', 'dmesg', '--ctime', '--level=err,warn']]);
    case 'cuda_old': return broken('gpu_container_cuda', 'driver_old', [['sudo', 'ubuntu-drivers', 'install', '--gpgpu'], ['sudo', 'reboot']]);
    case 'none': return broken('gpu_container_none', 'gpu_container', []);
    case 'sees':
      if ((probe.lost ?? 0) > 0) return broken('gpu_container_lost', 'card_lost', [['nvidia-smi'], ['sudo', 'reboot']]);
      if (cards !== undefined && (probe.seen ?? 0) < cards) return broken('gpu_container_fewer', 'gpu_container', [['nvidia-smi', '-L']]);
      if (now - base.at > OLD_MS) return untold('probe_old');
      return [{ ...base, state: 'ok', said: cards === undefined ? 'gpu_container_sees' : 'gpu_container_all' }];
  }
}

function seedContainerRow({ seedProbe: probe, now }: PrerequisiteFacts): PrerequisiteRow {
  const base = { id: 'seed_container', source: SOURCE, at: probe?.at ?? now, rule: 'panel' as const, params: { image: probe?.image ?? '', host: probe?.host ?? '', network: probe?.network ?? '', detail: probe?.detail ?? '' } };
  const untold = (said: string): PrerequisiteRow => ({ ...base, state: 'unknown', said, apart: true });
  const { image, network, url } = probe ?? {};
  const again = image && network && url ? [['docker', 'run', '--rm', '--network', network, '--entrypoint', 'curl', image, '-sS', '-m', '15', url]] : [];
  const attention = (said: string, code: string, commands: string[][]): PrerequisiteRow => ({ ...base, state: 'attention', said, fix: { code, commands: [...again, ...commands] } });
  switch (probe?.outcome) {
    case undefined: return untold('probe_untried');
    case 'no_image': return untold('probe_no_image');
    case 'no_network': return untold('seed_container_no_network');
    case 'no_seed': return untold('seed_container_no_seed');
    case 'no_program': return untold('seed_container_no_program');
    case 'failed': return { ...untold('probe_failed'), ...(again.length > 0 ? { fix: { code: 'seed_container', commands: again } } : {}) };
    case 'answers': case 'odd': return now - base.at > OLD_MS ? untold('probe_old') : { ...base, state: 'ok', said: probe.outcome === 'odd' ? 'seed_container_odd' : 'seed_container' };
    case 'no_name': return attention('seed_container_no_name', 'container_dns', [['cat', '/etc/resolv.conf'], ['cat', '/etc/docker/daemon.json']]);
    case 'no_way': return attention('seed_container_no_way', 'container_route', [['sysctl', 'net.ipv4.ip_forward'], ['sudo', 'iptables', '-S', 'FORWARD'], ['sudo', 'iptables', '-S', 'DOCKER-USER']]);
  }
}
