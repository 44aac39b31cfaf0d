import { execFileSync } from 'node:child_process';
import { logHub } from './log-hub.ts';
import { setTimeout as sleep } from 'node:timers/promises';
const d = (...a: string[]) => execFileSync('docker', a, { encoding: 'utf8' }).trim();
try { d('rm', '-f', 'gphl-x-1'); } catch {}
const counter = (perSecond: number, from = 1) => `i=${from}; while true; do j=0; while [ $j -lt ${Math.ceil(perSecond / 50)} ]; do echo "n $i"; i=$((i+1)); j=$((j+1)); done; /bin/busybox sleep 0.015; done`;
d('run', '-d', '--name', `gphl-x-1`, '--label', 'com.docker.compose.project=gphl', '--label', `com.docker.compose.service=x`, 'gp-test/busybox', '/bin/busybox', 'sh', '-c', counter(5000));
await sleep(500);
const ac = new AbortController();
const counts: number[] = [];
const t0 = performance.now();
const go = async (i: number, tail?: number) => { counts[i] = 0; let last = 0; for await (const b of logHub().follow({ project: 'gphl', services: ['x'], tail }, ac.signal)) for (const l of b.lines) { const m = /^n (\d+)/.exec(l.line); if (m) { const v = Number(m[1]); if (last && v !== last + 1) console.log('JUMP', i, last, v); last = v; counts[i]!++; } } };
const N = Number(process.argv[2] ?? 5);
const all = [];
for (let i = 0; i < N; i++) { all.push(go(i, [undefined, 0, 10, 1000][i % 4])); await sleep(30); }
for (let i = 0; i < 10; i++) { await sleep(500); console.log(Math.round(performance.now() - t0), logHub().usage, counts.slice(0, 12).join(' '), 'min', Math.min(...counts), process.memoryUsage().rss >> 20, process.cpuUsage().user / 1e6); }
ac.abort(); await Promise.all(all); console.log(logHub().usage);
d('rm', '-f', 'gphl-x-1');
