import { unknownRow } from './machine-rows.ts';
import type { PrerequisiteFacts, PrerequisiteRow } from './prerequisite-facts.ts';

/** The least CUDA that ML nodes of any release are built for, and the one of images from 3.0.16 on (facts 10.3). */
const CUDA_LEAST = 12.6;
const CUDA_13 = 13;
/** Video memory of one ML node in GB: what the quickstart asks for, and what is worth it by the newer docs (facts 10.3). */
const VRAM_GUIDE = 40;
const VRAM_DOCS = 320;
const GB = 1e9;

/** Cards, driver, and whether the engine can give them to a container. A machine without cards can still run the network node. */
export function gpuRows(facts: PrerequisiteFacts): PrerequisiteRow[] {
  const { gpus, inContainer } = facts;
  const base = { source: 'nvidia-smi', at: gpus.at };
  const toolkit = toolkitRow(facts);
  if (gpus.state === 'absent') {
    if (inContainer) return [unknownRow('gpu_cards', 'guide', { ...base, why: 'container' }), toolkit];
    return [{ id: 'gpu_cards', ...base, state: 'attention', params: {}, said: 'no_driver', rule: 'guide', fix: { code: 'driver', commands: [['lspci', '-nn', '-d', '10de:'], ['sudo', 'ubuntu-drivers', 'install', '--gpgpu']] } }, toolkit];
  }
  if (gpus.state === 'unknown') {
    const broken = gpus.error.code === 'gpus_failed';
    return [{ id: 'gpu_cards', ...base, state: broken ? 'broken' : 'unknown', params: {}, said: broken ? 'driver_failed' : 'why_silent', rule: 'guide', error: gpus.error, ...(broken ? { breaks: 'ml' as const } : {}), fix: { code: 'driver_failed', commands: [['nvidia-smi'], ['sudo', 'dmesg', '--ctime', '--level=err,warn']] } }, toolkit];
  }
  return [cardsRow(facts), ...driverRow(facts), toolkit].filter((row) => row !== undefined);
}

function cardsRow({ gpus }: PrerequisiteFacts): PrerequisiteRow {
  const base = { id: 'gpu_cards', source: 'nvidia-smi', at: gpus.at };
  const cards = gpus.state === 'read' ? gpus.gpus : [];
  if (cards.length === 0) return { ...base, state: 'attention', params: {}, said: 'no_cards', rule: 'guide', fix: { code: 'driver', commands: [['lspci', '-nn', '-d', '10de:']] } };
  const lost = cards.filter(({ state }) => state === 'broken');
  const vram = Math.round(cards.reduce((sum, { totalMiB = 0 }) => sum + totalMiB * 1024 ** 2, 0) / GB);
  const names = [...new Set(cards.map(({ name }) => name).filter(Boolean))].join(', ');
  const params = { count: cards.length, names, vram, least: VRAM_GUIDE, worth: VRAM_DOCS };
  if (lost.length > 0) {
    const which = lost.map(({ index }) => (index === undefined ? '?' : String(index))).join(', ');
    return { ...base, state: 'broken', params: { ...params, lost: lost.length, which }, said: 'card_lost', rule: 'docs', breaks: 'ml', fix: { code: 'card_lost', commands: [['nvidia-smi'], ['sudo', 'dmesg', '--ctime', '--level=err,warn'], ['sudo', 'reboot']] } };
  }
  if (vram < VRAM_GUIDE) return { ...base, state: 'broken', params, said: 'vram_little', rule: 'guide', breaks: 'ml', fix: { code: 'more_vram', commands: [] } };
  if (vram < VRAM_DOCS) return { ...base, state: 'attention', params, said: 'vram_below', rule: 'docs', fix: { code: 'more_vram', commands: [] } };
  return { ...base, state: 'ok', params, said: 'cards', rule: 'docs' };
}

/** `nvidia-smi` names the newest CUDA that the driver can serve; older ones are served as well. */
function driverRow({ gpus, mlImage }: PrerequisiteFacts): PrerequisiteRow[] {
  if (gpus.state !== 'read' || gpus.gpus.length === 0) return [];
  const base = { id: 'cuda', source: 'nvidia-smi', at: gpus.at };
  if (!gpus.cudaVersion) return [unknownRow('cuda', 'guide', { ...base, why: 'silent' })];
  const needed = needsCuda13(mlImage) ? CUDA_13 : CUDA_LEAST;
  const params = { cuda: gpus.cudaVersion, driver: gpus.driver ?? '', needed: needed.toFixed(1) };
  if (atLeast(gpus.cudaVersion, needed)) return [{ ...base, state: 'ok', params, said: 'cuda', rule: needed === CUDA_13 ? 'docs' : 'guide' }];
  return [{ ...base, state: 'broken', params, said: 'cuda_old', rule: needed === CUDA_13 ? 'docs' : 'guide', breaks: 'ml', fix: { code: needed === CUDA_13 ? 'cuda_13' : 'driver_old', commands: [['sudo', 'ubuntu-drivers', 'install', '--gpgpu'], ['sudo', 'reboot']] } }];
}

/** The default image from 3.0.16 on; its `-cu129` build isn't. */
function needsCuda13(image: string | undefined): boolean {
  const match = /\/mlnode:(\d+)\.(\d+)\.(\d+)(.*)$/.exec(image ?? '');
  if (!match || /cu12/.test(match[4] ?? '')) return false;
  const [major = 0, minor = 0, patch = 0] = match.slice(1, 4).map(Number);
  return major > 3 || (major === 3 && (minor > 0 || patch >= 16));
}

function atLeast(version: string, least: number): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wanted = 0, after = 0] = least.toFixed(1).split('.').map(Number);
  return major !== wanted ? major > wanted : minor >= after;
}

function toolkitRow({ toolkit, gpus }: PrerequisiteFacts): PrerequisiteRow {
  if (!toolkit.value) return unknownRow('toolkit', 'guide', toolkit);
  const base = { id: 'toolkit', source: toolkit.source, at: toolkit.at, rule: 'guide' as const, params: {} };
  if (toolkit.value === 'runtime' || toolkit.value === 'cdi') return { ...base, state: 'ok', said: `toolkit_${toolkit.value}` };
  const configure = [['sudo', 'nvidia-ctk', 'runtime', 'configure', '--runtime=docker'], ['sudo', 'systemctl', 'restart', 'docker']];
  if (toolkit.value === 'hook') return { ...base, state: 'attention', said: 'toolkit_hook', fix: { code: 'toolkit_configure', commands: configure } };
  const cards = gpus.state === 'read' && gpus.gpus.length > 0;
  return { ...base, state: cards ? 'broken' : 'attention', said: cards ? 'toolkit_none' : 'toolkit_none_no_cards', ...(cards ? { breaks: 'ml' as const } : {}), fix: { code: 'toolkit', commands: [['sudo', 'apt-get', 'install', '-y', 'nvidia-container-toolkit'], ...configure] } };
}
