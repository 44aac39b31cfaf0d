import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kind, OperationView } from '#lib/operations/schema.ts';
import { type BusyboxHost, busyboxHost, docker } from './busybox-host.ts';
import { panelProcess } from './killed-panel.ts';
import type { Job } from './panel-child.ts';

let host: BusyboxHost;
beforeEach(() => {
  host = busyboxHost();
});
afterEach(() => host.remove());

const panel = (job: Job) => panelProcess(job, host.project, host.env);

const LAUNCH = ['queued', 'engine', 'deployment', 'images', 'binds', 'tmkms-key', 'up', 'verify-running', 'remember-key', 'signs-of-life'];
const CREATING = ['look', 'deployment', 'images', 'binds', 'tmkms-key'];
/** The chain's start is killed at every moment; of the others, what they share with it and the later moments of acting come in the long run. */
const atOnce = (kind: Kind, step: string, afterMs: number): boolean => Boolean(process.env.TEST_LONG) || kind === 'launch-chain' || (afterMs === 0 && !CREATING.includes(step));
const SAVING = ['file', 'remember', 'write', 'version-row'];
/** Steps that live a few milliseconds: when the killer missed one, the operation must simply have worked. */
const BRIEF = ['queued', ...SAVING];
const NEW = { KEYRING_PASSWORD: 'sentinelAFTER' };
const SCENARIOS: { kind: Kind; target?: string; given: string[]; steps: string[]; acting: string; end: Record<string, string>; values?: Record<string, string> }[] = [
  { kind: 'launch-chain', given: [], steps: LAUNCH, acting: 'up', end: { tmkms: 'running', node: 'running' } },
  { kind: 'start', target: 'api', given: [], steps: [...CREATING, 'start', 'verify-running'], acting: 'start', end: { api: 'running' } },
  { kind: 'stop', target: 'api', given: ['api'], steps: ['look', 'stop', 'verify-stopped'], acting: 'stop', end: { api: 'exited' } },
  { kind: 'restart', target: 'api', given: ['api'], steps: ['look', 'restart', 'verify-running'], acting: 'restart', end: { api: 'running' } },
  { kind: 'save-config', target: 'env', given: [], steps: BRIEF, acting: '', end: {}, values: NEW },
  { kind: 'apply-config', target: 'env', given: ['api'], steps: [...BRIEF, ...CREATING.slice(1), 'recreate', 'verify-running'], acting: 'recreate', end: { api: 'running' }, values: NEW },
  { kind: 'down', target: '@all', given: ['tmkms', 'node', 'api'], steps: ['look', 'remove', 'verify-removed'], acting: 'remove', end: {} },
  { kind: 'down', target: 'api', given: ['api'], steps: ['look', 'remove', 'verify-removed'], acting: 'remove', end: {} },
  { kind: 'recreate', target: 'api', given: ['api'], steps: [...CREATING, 'recreate', 'verify-running'], acting: 'recreate', end: { api: 'running' } },
];

for (const { kind, target, given, steps, acting, end, values } of SCENARIOS) {
  describe(`the panel is killed (-9) during ${kind}`, () => {
    // While the step acts, at several moments: compose has done nothing, half, or nearly all.
    const moments = steps.flatMap((step) => (step === acting ? [0, 300, 900] : [0]).filter((afterMs) => atOnce(kind, step, afterMs)).map((afterMs) => ({ step, afterMs })));
    for (const killAt of moments) {
      it(`step ${killAt.step}, after ${killAt.afterMs} ms: the journal tells the truth, a retry completes`, async () => {
        if (given.length) host.compose('up', '-d', '--no-deps', ...given);
        const first = await panel({ start: { kind, target, values }, killAt });
        if (first.signal !== 'SIGKILL') {
          expect(BRIEF, `not killed: ${first.said}`).toContain(killAt.step);
          expect(first.report?.operation?.state, first.said).toBe('succeeded');
          return;
        }
        // The file is the old one or the new one, never half of either.
        const file = values && readFileSync(path.join(host.dir, 'config.env'), 'utf8');
        const written = file?.includes('sentinelAFTER');
        if (file) expect(file).toBe(`export KEY_NAME=gonka\nexport KEYRING_PASSWORD=${written ? 'sentinelAFTER' : host.secret}\n`);
        const { report, said } = await panel({ recover: true });
        expect(report?.recovered.length, said).toBe(1);
        const left = report?.recovered[0] as OperationView;
        expect(left).toMatchObject({ state: 'interrupted', error: { code: 'operation_interrupted' } });
        expect(left.steps.some((s) => s.state === 'running')).toBe(false);
        // What the journal says was found is what the docker CLI saw.
        const seen = kind === 'down' ? Object.keys(report?.states ?? {}) : Object.keys(end);
        expect(left.steps.at(-1)).toMatchObject({ name: 'observe', detail: { code: seen.length > 0 ? 'found' : kind === 'down' ? 'gone' : 'found_none' } });
        const found = String(left.steps.at(-1)?.detail?.params.containers ?? '')
          .split(', ')
          .map((one) => one.replace(/ \(\d+\)/g, '').replace(/(?<=: ).*/, (states) => states.split(' + ').sort().join(' + ')))
          .join(', ');
        expect(found.split(', ').sort().join(', ')).toBe(seen.sort().map((service) => `${service}: ${report?.states[service] ?? '-'}`).join(', '));
        if (values && !written) {
          // The content died with the panel: nothing is guessed, and the same change made again works.
          expect([report?.refused, readFileSync(path.join(host.dir, 'config.env'), 'utf8')], said).toEqual(['config_content_gone', file]);
          const again = await panel({ start: { kind, target, values } });
          expect(again.report?.operation?.state, again.said).toBe('succeeded');
          expect(readdirSync(host.dir).filter((name) => name.startsWith('.config.env.'))).toEqual([]);
          expect(host.states()).toEqual(end);
          return;
        }
        expect(report?.operation?.error, said).toBeUndefined();
        expect(report?.operation).toMatchObject({ state: 'succeeded', retryOf: left.id });
        expect(host.states()).toEqual(end);
        if (kind === 'apply-config') expect(docker('exec', host.container('api') as string, 'sh', '-c', 'printf %s "$KEYRING_PASSWORD"')).toBe('sentinelAFTER');
      });
    }
  });
}
