/**
 * How long a change of config.env takes: reading, understanding, editing, proving and writing a file of 1,000 lines.
 *
 *   node scripts/bench/config.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfigFile, saveConfigFile } from '#lib/deployment/config-file.ts';
import { editEnvFile } from '#lib/deployment/env-edit.ts';
import { parseEnvFile } from '#lib/deployment/env-file.ts';
import { type BenchRow, printRows } from './logs.ts';

const LINES = 1000;
const ROUNDS = 200;

/** As hosts have them: mostly exports, some quoted, some with comments, some that refer to others. */
const sample = () =>
  Array.from({ length: LINES }, (_, i) => [`export V${i}=value-${i}`, `export V${i}='a value # ${i}'   # port of ${i}`, `# what V${i} is for`, `export V${i}=http://\${V${i - 3}}:8000/${i}`, `export V${i}="it's \\$${i}"`][i % 5]).join('\n');

const median = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
const rounded = (milliseconds: number) => Math.round(milliseconds * 100) / 100;

/** Median of parse, edit and atomic write (with fsync) together, and of parse and edit alone. */
export async function benchConfig(): Promise<BenchRow[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'gp-bench-config-'));
  try {
    writeFileSync(path.join(dir, 'config.env'), sample(), { mode: 0o600 });
    const whole: number[] = [];
    const thinking: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { text = '', version } = await readConfigFile(dir, 'config.env');
      const begun = performance.now();
      const edited = editEnvFile(parseEnvFile(text), { V500: `round ${round}`, V901: `it's ${round}` });
      thinking.push(performance.now() - begun);
      await saveConfigFile(dir, 'config.env', { text: edited.text, expected: version, secret: true });
      whole.push(performance.now() - begun);
    }
    return [
      { name: `config.env of ${LINES} lines, parse, edit, write`, value: rounded(median(whole)), unit: 'ms', goal: '< 5', good: median(whole) < 5 },
      { name: `config.env of ${LINES} lines, parse and edit`, value: rounded(median(thinking)), unit: 'ms' },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const rows = await benchConfig();
  printRows(rows);
  process.exit(rows.some((row) => row.good === false) ? 1 : 0);
}
