// npm test, npm run test:long, npm run bench: sets up what is missing, then checks the sources and runs the files of tests side by side.
// No package is needed to run this file; it ends with one line: N passed, N failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

const readVitest = (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests + (report.numFailedTestSuites && !report.numFailedTests ? report.numFailedTestSuites : 0) });
function readPlaywright(report, title) {
  if (report.stats.flaky) remarks.push(`${title}: ${report.stats.flaky} passed only at the second try`);
  return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected + report.errors.length };
}

/** What a lane runs: vitest of one project (all of its files, or those given). Unit tests want the machine's own answer about a name that isn't there. */
function vitest(project, { title = project, files = [], extra } = {}) {
  const name = title.replaceAll('/', '-');
  const report = path.join(scratch, `vitest-${name}.json`);
  const unhandled = path.join(scratch, `vitest-${name}-unhandled.json`);
  return {
    title, project, report, unhandled, outside: project === 'unit', read: readVitest, log: path.join(scratch, `${name}.log`), file: path.join(bin, 'vitest'),
    args: ['run', ...files, '--project', project, '--reporter', 'default', '--reporter', 'json', '--reporter', './scripts/test/unhandled-reporter.ts', '--outputFile.json', report],
    env: environment({ ...extra, UNHANDLED_REPORT: unhandled }),
  };
}

/** One file of browser tests. The one that builds an image needs packages from the registry. */
function playwright(file) {
  const name = file.replaceAll('/', '-');
  const report = path.join(scratch, `${name}.json`);
  return {
    title: file, project: 'e2e', report, read: readPlaywright, log: path.join(scratch, `${name}.log`), file: path.join(bin, 'playwright'), outside: file === 'e2e/image.spec.ts',
    args: ['test', file, '--output', `test-results/${name}`], env: environment({ PLAYWRIGHT_JSON_OUTPUT_NAME: report }),
  };
}

/** Counts a job's tests one by one; what went wrong is printed whole. */
function settle(job, { good, seconds, lane }) {
  let result;
  let wrong;
  try {
    result = job.read(JSON.parse(readFileSync(job.report, 'utf8')), job.title);
    totals.passed += result.passed;
    if (result.failed) wrong = `${job.title} (${result.failed})`;
    else if (!good) wrong = `${job.title} (the runner failed)`;
    else if (result.passed === 0) wrong = `${job.title} (no test ran)`;
  } catch {
    wrong = `${job.title} (no report)`;
  }
  console.log(`${wrong ? '✗' : '✓'} ${job.title}: ${result ? `${result.passed} passed, ${result.failed} failed` : 'no report'}, ${seconds.toFixed(1)} s (${lane})`);
  if (wrong) {
    fail(wrong, result?.failed || 1);
    console.log(readFileSync(job.log, 'utf8'));
  }
  if (!job.unhandled || !existsSync(job.unhandled)) return;
  const { errors, flaky } = JSON.parse(readFileSync(job.unhandled, 'utf8'));
  for (const error of errors) remarks.push(`${job.title}: ${error}`);
  for (const name of flaky) remarks.push(`${job.title}: passed only at the second try: ${name}`);
}

const filesOf = (ending, folders) => folders.flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.posix.join(folder, String(file)))).filter((file) => file.endsWith(ending)).sort();

/** Files that take longest, first, so that no lane is left alone with one at the end; the others take a minute or less. */
const SLOW = ['interruption.itest.ts', 'onboarding.spec.ts', 'onboarding-broken-launch.spec.ts', 'onboarding-broken.spec.ts', 'maintenance.spec.ts', 'onboarding-halfway.spec.ts', 'onboarding-broken-nodes.spec.ts', 'leave.spec.ts', 'journey.spec.ts', 'key-material.spec.ts', 'ml-key.itest.ts', 'ports.itest.ts', 'get-weights.itest.ts', 'network.itest.ts', 'worst-day.spec.ts', 'lifecycle.itest.ts', 'config.itest.ts', 'upstream.itest.ts'];
const place = ({ title }) => (SLOW.includes(path.basename(title)) ? SLOW.indexOf(path.basename(title)) : SLOW.length);

async function main() {
  // The same preparation as npm start, so that what is tested is what is served.
  if (!run(process.execPath, [path.join(root, 'scripts/start.mjs'), '--generate-only'])) return fail('install');
  const { ensurePackages } = await import('./machine/packages.mjs');
  ensurePackages();
  const build = () => run(process.execPath, [path.join(root, 'scripts/start.mjs'), '--build-only']);
  if (bench) return benchmarks(build);
  check('lint', path.join(bin, 'biome'), ['lint', '--error-on-warnings', '.']);
  stage('build', () => {
    if (build()) totals.passed++;
    else fail('build');
  });
  check('types', path.join(bin, 'tsc'), ['--noEmit', '-p', '.']);
  check('floors', path.join(bin, 'depcruise'), ['lib', 'guard', 'app', 'components', 'server.ts', '--config', '.dependency-cruiser.cjs']);
  const engine = filesOf('.itest.ts', ['lib', 'e2e', 'scripts']).map((file) => vitest('engine', { title: file, files: [file] }));
  const browser = filesOf('.spec.ts', ['e2e']).filter((file) => long || !file.endsWith('-long.spec.ts')).map(playwright);
  const jobs = [
    vitest('unit'),
    ...[...engine, ...browser].sort((a, b) => place(a) - place(b)),
    // The reading of config.env against bash itself, seven times as many files as in every run.
    ...(long ? [vitest('unit', { title: 'long', files: ['lib/deployment'], extra: { PROPERTY_RUNS: '5000' } })] : []),
  ].filter((job) => !only || only.some((one) => one === job.project || one === job.title));
  if (jobs.length === 0) return;
  for (const { report, unhandled } of jobs) for (const file of [report, unhandled]) if (file) rmSync(file, { force: true });
  const { openLanes, runOnLanes } = await import('./test/lanes.mjs');
  const lanes = await openLanes(engineDir);
  const started = Date.now();
  try {
    console.log(`\n=== tests in ${lanes.length} lanes`);
    await runOnLanes(lanes, jobs, settle);
  } finally {
    console.log(`--- tests: ${((Date.now() - started) / 1000).toFixed(1)} s`);
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

async function benchmarks(build) {
  const { startDocker, stopDocker } = await import('./machine/private-docker.mjs');
  const docker = { DOCKER_HOST: await startDocker(engineDir) };
  try {
    stage('build', () => build() || fail('build'));
    check('bench', path.join(bin, 'node'), ['--disable-warning=ExperimentalWarning', 'scripts/bench/run.ts'], docker);
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
