/** The small probes: on this machine, and on what other machines print. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { clockSync } from './clock-sync.ts';
import { cpuFacts, dockerArch } from './cpu.ts';
import { defaultInterface, seesHostNetwork } from './host-network.ts';
import { nvidiaHook } from './nvidia-hook.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'gp-probes-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let made = 0;
function proc(files: Record<string, string>): string {
  const dir = path.join(scratch, String(made++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  return dir;
}
function program(body: string): string {
  const file = path.join(scratch, `program-${made++}`);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('processor', () => {
  it('this machine', async () => {
    const facts = await cpuFacts();
    expect(facts.cores).toBe(os.cpus().length);
    expect(facts.arch).toBe(dockerArch(os.machine()));
  });
  const core = (number: number, flags: string) => `processor\t: ${number}\nmodel name\t: X\nflags\t\t: fpu ${flags} sse\n`;
  it('ADX counts when every core has it', async () => {
    expect(await cpuFacts(proc({ cpuinfo: `${core(0, 'adx')}\n${core(1, 'adx')}` }))).toMatchObject({ cores: 2, adx: true });
    expect(await cpuFacts(proc({ cpuinfo: `${core(0, 'adx')}\n${core(1, 'adxy')}` }))).toMatchObject({ cores: 2, adx: false });
  });
  it('an ARM kernel lists no such flags: unknown', async () => expect(await cpuFacts(proc({ cpuinfo: 'processor\t: 0\nFeatures\t: fp asimd\n' }))).not.toHaveProperty('adx'));
  it.each([['x86_64', 'amd64'], ['aarch64', 'arm64'], ['riscv64', 'riscv64']])('%s is %s', (machine, arch) => expect(dockerArch(machine)).toBe(arch));
});

describe('clock', () => {
  const said = (lines: string, exit = 0) => clockSync({ command: program(`${lines.split('\n').map((line) => `echo '${line}'`).join('\n')}\nexit ${exit}`) });
  it('in step', async () => expect(await said('NTP=yes\nNTPSynchronized=yes')).toEqual({ synced: true, service: true }));
  it('a service that has not managed it yet', async () => expect(await said('NTP=yes\nNTPSynchronized=no')).toEqual({ synced: false, service: true }));
  it('kept in step by chrony, which systemd does not call a service of its own', async () => expect(await said('NTP=no\nNTPSynchronized=yes')).toEqual({ synced: true, service: false }));
  it('nobody', async () => expect(await said('NTP=no\nNTPSynchronized=no')).toEqual({ synced: false, service: false }));
  it('no systemd: unknown, not wrong', async () => expect(await said('System has not been booted with systemd as init system', 1)).toEqual({ why: 'silent' }));
  it('no such program', async () => expect(await clockSync({ command: path.join(scratch, 'nothing') })).toEqual({ why: 'absent' }));
  it('one that hangs', async () => expect(await clockSync({ command: program('exec sleep 30'), timeoutMs: 200 })).toEqual({ why: 'silent' }));
});

describe('network', () => {
  const DEV = 'Inter-|   Receive\n face |bytes\n    lo: 1 2\n  eth0: 3 4\n';
  it('outside a container it is the host’s', async () => expect(await seesHostNetwork({ inContainer: false })).toBe(true));
  it('inside one only with Docker’s bridges in sight', async () => {
    expect(await seesHostNetwork({ inContainer: true, proc: proc({ 'net/dev': DEV }) })).toBe(false);
    expect(await seesHostNetwork({ inContainer: true, proc: proc({ 'net/dev': `${DEV}docker0: 0 0\n` }) })).toBe(true);
    expect(await seesHostNetwork({ inContainer: true, proc: proc({ 'net/dev': `${DEV}br-0123456789ab: 0 0\n` }) })).toBe(true);
  });
  const route = proc({ 'net/route': 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\nens3\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\nens3\t00000000\t0102000A\t0003\t0\t0\t100\t00000000\n' });
  it('the card of the default route', async () => {
    expect(await defaultInterface({ inContainer: false, proc: route })).toBe('ens3');
    expect(await defaultInterface({ inContainer: true, proc: route })).toBeUndefined();
    expect(await defaultInterface({ inContainer: false, proc: proc({ 'net/route': 'Iface\tDestination\n' }) })).toBeUndefined();
  });
});

describe('hook of the container toolkit', () => {
  it('there, not there, and not to be told from inside a container', async () => {
    const folder = proc({ 'nvidia-container-runtime-hook': '#!/bin/sh\n' });
    expect(await nvidiaHook({ folders: [folder], inContainer: false })).toBe(false);
    chmodSync(path.join(folder, 'nvidia-container-runtime-hook'), 0o755);
    expect(await nvidiaHook({ folders: [scratch, folder], inContainer: false })).toBe(true);
    expect(await nvidiaHook({ folders: [folder], inContainer: true })).toBeUndefined();
  });
});
