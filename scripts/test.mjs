// npm test, npm run test:long, npm run bench: sets up what is missing, then runs the stages one after the other.
// No package is needed to run this file; it ends with one line: N passed, N failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = path.join(root, '.test');
const bin = path.join(root, 'node_modules/.bin');
const long = process.argv.includes('--long');
const bench = process.argv.includes('--bench');
const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice(7).split(',');

// Sockets have short paths (108 bytes), wherever the project lies.
const engineDir = `/tmp/gonka-panel-test-${process.getuid?.() ?? 0}`;
const totals = { passed: 0, failed: 0 };
const failures = [];
/** What would be lost far above the closing line. */
const remarks = [];
mkdirSync(scratch, { recursive: true });

const environment = (extra = {}) => ({
  ...process.env,
  PATH: `${bin}${path.delimiter}${process.env.PATH}:/usr/sbin:/sbin`,
  NEXT_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
  PANEL_TEST: '1',
  // Releases and moments that are walked only in the long run.
  ...(long ? { TEST_LONG: '1' } : {}),
  ...extra,
});

function run(file, args, extra) {
  return spawnSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: environment(extra) }).status === 0;
}

/** A stage that is one check: passes or fails as a whole. */
function check(title, file, args, extra) {
  stage(title, () => {
    const good = run(file, args, extra);
    if (good) totals.passed++;
    else fail(title);
  });
}

function fail(title, count = 1) {
  totals.failed += count;
  failures.push(title);
}

function stage(title, work) {
  if (only && !only.includes(title)) return;
  const started = Date.now();
  console.log(`\n=== ${title}`);
  work();
  console.log(`--- ${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** A stage whose runner writes a JSON report: its tests are counted one by one. */
function counted(title, report, file, args, read, extra) {
  stage(title, () => {
    rmSync(report, { force: true });
    const good = run(file, args, extra);
    let result;
    try {
      result = read(JSON.parse(readFileSync(report, 'utf8')));
    } catch {
      return fail(`${title} (no report)`);
    }
    totals.passed += result.passed;
    if (result.failed) fail(`${title} (${result.failed})`, result.failed);
    else if (!good) fail(`${title} (the runner failed)`);
    else if (result.passed === 0) fail(`${title} (no test ran)`);
  });
}

const readVitest = (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests + (report.numFailedTestSuites && !report.numFailedTests ? report.numFailedTestSuites : 0) });
function readPlaywright(report) {
  if (report.stats.flaky) remarks.push(`e2e: ${report.stats.flaky} passed only at the second try`);
  return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected + report.errors.length };
}

function vitest(project, extra, { title = project, only: files = [] } = {}) {
  const report = path.join(scratch, `vitest-${title}.json`);
  const unhandled = path.join(scratch, `vitest-${title}-unhandled.json`);
  rmSync(unhandled, { force: true });
  counted(title, report, path.join(bin, 'vitest'), ['run', ...files, '--project', project, '--reporter', 'default', '--reporter', 'json', '--reporter', './scripts/test/unhandled-reporter.ts', '--outputFile.json', report], readVitest, { ...extra, UNHANDLED_REPORT: unhandled });
  if (!existsSync(unhandled)) return;
  const { errors, flaky } = JSON.parse(readFileSync(unhandled, 'utf8'));
  for (const error of errors) remarks.push(`${title}: ${error}`);
  for (const name of flaky) remarks.push(`${title}: passed only at the second try: ${name}`);
}

function playwright(title, args, extra) {
  const report = path.join(scratch, `${title}.json`);
  counted(title, report, path.join(bin, 'playwright'), ['test', ...args], readPlaywright, { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...extra });
}

async function main() {
  // The same preparation as npm start, so that what is tested is what is served.
  if (!run(process.execPath, [path.join(root, 'scripts/start.mjs'), '--generate-only'])) return fail('install');
  const { ensurePackages } = await import('./machine/packages.mjs');
  const { startDocker, stopDocker } = await import('./machine/private-docker.mjs');
  ensurePackages();
  const docker = { DOCKER_HOST: await startDocker(engineDir) };
  const node = path.join(bin, 'node');
  try {
    if (bench) {
      stage('build', () => run(process.execPath, [path.join(root, 'scripts/start.mjs'), '--build-only']) || fail('build'));
      check('bench', node, ['--disable-warning=ExperimentalWarning', 'scripts/bench/run.ts'], docker);
      return;
    }
    check('lint', path.join(bin, 'biome'), ['lint', '--error-on-warnings', '.']);
    stage('build', () => {
      if (run(process.execPath, [path.join(root, 'scripts/start.mjs'), '--build-only'])) totals.passed++;
      else fail('build');
    });
    check('types', path.join(bin, 'tsc'), ['--noEmit', '-p', '.']);
    check('floors', path.join(bin, 'depcruise'), ['lib', 'guard', 'app', 'components', 'server.ts', '--config', '.dependency-cruiser.cjs']);
    vitest('unit', docker);
    vitest('engine', docker);
    playwright('e2e', [], docker);
    // The reading of config.env against bash itself, seven times as many files as in every run.
    if (long) vitest('unit', { ...docker, PROPERTY_RUNS: '5000' }, { title: 'long', only: ['lib/deployment'] });
  } finally {
    await stopDocker(engineDir);
  }
}

main()
  .catch((error) => {
    console.error(error);
    fail(String(error.message ?? error));
  })
  .finally(() => {
    for (const remark of remarks) console.log(`\n${remark}`);
    if (failures.length) console.log(`\nFailed: ${failures.join(', ')}`);
    if (existsSync(path.join(root, 'test-results')) && failures.length) console.log('Traces and screenshots: test-results/');
    console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
    process.exit(totals.failed || totals.passed === 0 ? 1 : 0);
  });
