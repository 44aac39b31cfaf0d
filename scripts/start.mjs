// npm start: brings what is missing (packages, database client, build), then serves. No package is needed to run this file.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentHash } from './content-hash.mjs';

// This runs on whatever Node npm came with; Debian's is 18.
const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => path.join(root, ...parts);
const node = at('node_modules/.bin/node');
const mode = process.argv[2] ?? '--serve';
const quiet = process.env.PANEL_QUIET_SETUP === '1';
const say = (text) => quiet || console.error(`  ${text}`);

function run(file, args, extra = {}) {
  const done = spawnSync(file, args, { cwd: root, stdio: ['ignore', quiet ? 'ignore' : 2, 2], env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', ...extra } });
  if (done.status !== 0) {
    console.error(`\nThe panel could not be prepared: ${path.basename(file)} ${args.join(' ')} ended with ${done.status ?? done.signal ?? done.error?.message}.\nWhat it printed stands above. Nothing of your host was touched. Mend it and run the command again.`);
    process.exit(1);
  }
}

/** Runs `work` unless the stamp file already holds `hash`. */
function unlessDone(stamp, hash, title, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say(title);
  work();
  writeFileSync(stamp, hash);
}

function npmCi() {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) run(process.execPath, [cli, 'ci', '--ignore-scripts']);
  else run('npm', ['ci', '--ignore-scripts']);
}

unlessDone(at('node_modules/.panel-installed'), contentHash(root, ['package-lock.json']), 'Installing packages (about a minute, once) …', npmCi);
if (mode === '--install-only') process.exit(0);
if (!existsSync(node)) {
  console.error('There is no Node 24 for this platform among the packages (linux x64 and arm64 are). The panel runs beside the node on Linux.');
  process.exit(1);
}
const nodePath = { PATH: `${at('node_modules/.bin')}${path.delimiter}${process.env.PATH}` };
// /bin/true: generating needs no schema engine, and Prisma would download one.
unlessDone(at('node_modules/.panel-generated'), contentHash(root, ['prisma/schema.prisma', 'package-lock.json']) + existsSync(at('lib/db/generated/client.ts')), 'Generating the database client …', () =>
  run(node, [at('node_modules/prisma/build/index.js'), 'generate'], { ...nodePath, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' }),
);

if (mode !== '--dev' && mode !== '--generate-only') {
  const sources = ['app', 'components', 'lib', 'guard', 'i18n', 'messages', 'prisma', 'public', 'scripts', 'server.ts', 'next.config.ts', 'postcss.config.mjs', 'tsconfig.json', 'package-lock.json'];
  unlessDone(at('.next/panel-built'), contentHash(root, sources), 'Building (about half a minute, after each update) …', () => {
    run(node, [at('node_modules/next/dist/bin/next'), 'build'], { ...nodePath, NODE_ENV: 'production' });
    run(node, [at('scripts/bundle.mjs')], nodePath);
  });
}

const targets = {
  '--serve': [at('.next/standalone/server.mjs')],
  '--dev': [at('server.ts'), '--dev'],
  '--admin': [at('.next/standalone/admin.mjs'), ...process.argv.slice(3)],
};
if (mode in targets) {
  // No shell and no npm between a signal and the server: it has open streams to end and a journal to close.
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...targets[mode]], { cwd: root, stdio: 'inherit', env: { ...process.env, ...nodePath, NEXT_TELEMETRY_DISABLED: '1' } });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm dies of a SIGTERM without passing it on: a panel nobody waits for would keep the port.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 128 : 1)));
}
