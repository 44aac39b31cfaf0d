import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { type BusyboxHost, busyboxHost } from './busybox-host.ts';
import type { Job, Report } from './panel-child.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
let host: BusyboxHost;
beforeEach(() => {
  host = busyboxHost();
});
afterEach(() => host.remove());

function panel(job: Job): Promise<{ signal: string | null; report?: Report; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['e2e/operations/panel-child.ts', JSON.stringify(job), host.project], { cwd: ROOT, env: { ...process.env, ...host.env, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      const line = out.trim().split('\n').at(-1) ?? '';
      resolve({ signal, report: line.startsWith('{"recovered"') ? (JSON.parse(line) as Report) : undefined, said: err + out });
    });
  });
}

const LAUNCH = ['queued', 'engine', 'deployment', 'images', 'binds', 'tmkms-key', 'up', 'verify-running', 'remember-key', 'signs-of-life'];
const CREATING = ['look', 'deployment', 'images', 'binds', 'tmkms-key'];
const SCENARIOS: { kind: Kind; target?: string; given: string[]; steps: string[]; acting: string; end: Record<string, string> }[] = [
  { kind: 'launch-chain', given: [], steps: LAUNCH, acting: 'up', end: { tmkms: 'running', node: 'running' } },
  { kind: 'start', target: 'api', given: [], steps: [...CREATING, 'start', 'verify-running'], acting: 'start', end: { api: 'running' } },
  { kind: 'stop', target: 'api', given: ['api'], steps: ['look', 'stop', 'verify-stopped'], acting: 'stop', end: { api: 'exited' } },
  { kind: 'restart', target: 'api', given: ['api'], steps: ['look', 'restart', 'verify-running'], acting: 'restart', end: { api: 'running' } },
  { kind: 'recreate', target: 'api', given: ['api'], steps: [...CREATING, 'recreate', 'verify-running'], acting: 'recreate', end: { api: 'running' } },
];

for (const { kind, target, given, steps, acting, end } of SCENARIOS) {
  describe(`the panel is killed (-9) during ${kind}`, () => {
    // While the step acts, at several moments: compose has done nothing, half, or nearly all.
    const moments = steps.flatMap((step) => (step === acting ? [0, 300, 900] : [0]).map((afterMs) => ({ step, afterMs })));
    for (const killAt of moments) {
      it(`step ${killAt.step}, after ${killAt.afterMs} ms: the journal tells the truth, a retry completes`, async () => {
        if (given.length) host.compose('up', '-d', '--no-deps', ...given);
        const first = await panel({ start: { kind, target }, killAt });
        if (first.signal !== 'SIGKILL') {
          // A queued row lives a few milliseconds: when the killer missed it, the operation must simply have worked.
          expect(killAt.step, `not killed: ${first.said}`).toBe('queued');
          expect(first.report?.operation?.state, first.said).toBe('succeeded');
          return;
        }
        const { report, said } = await panel({ recover: true });
        expect(report?.recovered.length, said).toBe(1);
        const left = report?.recovered[0] as OperationView;
        expect(left).toMatchObject({ state: 'interrupted', error: { code: 'operation_interrupted' } });
        expect(left.steps.some((s) => s.state === 'running')).toBe(false);
        // What the journal says was found is what the docker CLI saw.
        expect(left.steps.at(-1)).toMatchObject({ name: 'observe', detail: { code: 'found' } });
        const found = String(left.steps.at(-1)?.detail?.params.containers)
          .split(', ')
          .map((one) => one.replace(/ \(\d+\)/g, '').replace(/(?<=: ).*/, (states) => states.split(' + ').sort().join(' + ')))
          .join(', ');
        expect(found).toBe(Object.keys(end).map((service) => `${service}: ${report?.states[service] ?? '-'}`).join(', '));
        expect(report?.operation?.error, said).toBeUndefined();
        expect(report?.operation).toMatchObject({ state: 'succeeded', retryOf: left.id });
        expect(host.states()).toEqual(end);
      });
    }
  });
}
