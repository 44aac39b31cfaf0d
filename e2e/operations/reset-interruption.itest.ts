/** The panel is killed (-9) while it deletes a key: the journal tells the truth, a retry completes, nothing else goes. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RESET } from '#lib/operations/reset/reset.ts';
import type { OperationView } from '#lib/operations/schema.ts';
import { type BusyboxHost, busyboxHost } from './busybox-host.ts';
import { panelProcess } from './killed-panel.ts';
import type { Job } from './panel-child.ts';
import { furnish, PASSPHRASE, treeOf } from './reset-host.ts';

let host: BusyboxHost;
let dir: string;
beforeEach(() => {
  host = busyboxHost();
  ({ dir } = furnish(host));
  // Enough that deleting takes a moment.
  for (let i = 0; i < 3000; i++) writeFileSync(path.join(dir, '.tmkms/state', `old-${i}`), 'o');
});
afterEach(() => host.remove());

const panel = (job: Job) => panelProcess(job, host.project, host.env);

const steps = RESET.reset.steps.map((one) => one.name);
/** From here on the backup is there: a retry needs no passphrase. */
const SAFE = ['reset-delete', 'reset-verify'];
const moments = steps.flatMap((step) => (step === 'reset-delete' ? [0, 15, 60] : step === 'reset-verify' ? [0, 5, 30] : [0]).map((afterMs) => ({ step, afterMs })));

describe('the panel is killed (-9) during a reset', () => {
  for (const killAt of moments) {
    it(`step ${killAt.step}, after ${killAt.afterMs} ms`, async () => {
      const before = treeOf(dir);
      const rest = before.filter((name) => !name.startsWith('.tmkms/'));
      const first = await panel({ reset: { part: 'tmkms', passphrase: PASSPHRASE }, killAt });
      if (first.signal !== 'SIGKILL') {
        // Some steps live a few milliseconds: missed, it must simply have worked.
        expect(first.report?.operation?.state, first.said).toBe('succeeded');
        expect(treeOf(dir)).toEqual(rest);
        expect(readdirSync(path.join(host.dataDir, 'resets'))).toEqual([]);
        return;
      }
      const backups = () => (existsSync(path.join(host.dataDir, 'backups')) ? readdirSync(path.join(host.dataDir, 'backups')) : []);
      const read = backups().some((name) => name.endsWith('.json'));
      // Nothing goes before the backup was read back, and never anything else.
      if (!read) expect(treeOf(dir)).toEqual(before);
      expect(treeOf(dir).filter((name) => !before.includes(name))).toEqual([]);
      expect(treeOf(dir)).toEqual(expect.arrayContaining(rest));
      const kept = treeOf(dir).length;
      const { report, said } = await panel({ recover: true });
      const left = report?.recovered[0] as OperationView;
      // Over before the panel was killed, which then had only to tidy up.
      if (killAt.step === 'reset-verify' && killAt.afterMs > 0 && !left) return expect(treeOf(dir)).toEqual(rest);
      expect(left, said).toMatchObject({ state: 'interrupted', error: { code: 'operation_interrupted' } });
      expect(left.steps.some((one) => one.state === 'running')).toBe(false);
      // What it says is there is what was there.
      const files = before.length - rest.length - (before.length - kept);
      expect(left.steps.at(-1)).toMatchObject({ name: 'observe', detail: { code: 'reset_found' } });
      expect(Number(left.steps.at(-1)?.detail?.params.files)).toBeLessThanOrEqual(files);
      if (!SAFE.includes(killAt.step) && !read) {
        // The passphrase died with the panel, and so nothing is deleted.
        expect([report?.operation?.state, report?.operation?.error?.code], said).toEqual(['failed', 'reset_no_passphrase']);
        expect(treeOf(dir)).toEqual(before);
        const again = await panel({ reset: { part: 'tmkms', passphrase: PASSPHRASE } });
        expect(again.report?.operation?.error, again.said).toBeUndefined();
      } else expect(report?.operation, said).toMatchObject({ state: 'succeeded', retryOf: left.id });
      expect(treeOf(dir)).toEqual(rest);
      // What was agreed on is kept for a retry, and no longer than that.
      expect(readdirSync(path.join(host.dataDir, 'resets'))).toEqual([]);
      const ids = backups().filter((name) => name.endsWith('.json'));
      expect(ids.length).toBe(1);
      expect(backups().sort()).toEqual([ids[0], `${ids[0]?.slice(0, 36)}.tar.age`].sort());
      expect(readFileSync(path.join(host.dataDir, 'backups', ids[0] as string), 'utf8')).not.toContain(PASSPHRASE);
    }, 300_000);
  }
});
