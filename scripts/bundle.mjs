// Bundles the gate and the admin command beside Next's standalone build, which then is the whole product in one folder.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const out = path.join(root, '.next/standalone');

// Files that the panel opens at run time look to Next's tracer like the whole project: what it copied beside the build goes.
const BELONGS = new Set(['.next', 'node_modules', 'package.json', 'server.js']);
for (const name of readdirSync(out)) if (!BELONGS.has(name)) rmSync(path.join(out, name), { recursive: true });

await build({
  absWorkingDir: root,
  entryPoints: { server: 'server.ts', admin: 'scripts/admin.ts' },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'gate/[name]-[hash]',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Native or shared with Next's own traced copy.
  external: ['next', 'next/*', 'better-sqlite3', '@node-rs/argon2', '@prisma/client', '@prisma/client/*', 'dockerode', 'pino'],
  alias: { 'server-only': path.join(root, 'scripts/server-only-stub.mjs') },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
});
cpSync(path.join(root, '.next/static'), path.join(out, '.next/static'), { recursive: true });
cpSync(path.join(root, 'prisma/migrations'), path.join(out, 'prisma/migrations'), { recursive: true });
if (existsSync(path.join(root, 'public'))) cpSync(path.join(root, 'public'), path.join(out, 'public'), { recursive: true });
