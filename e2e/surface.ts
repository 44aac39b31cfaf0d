import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { STEPS } from '#lib/onboarding/schema.ts';
import { root, standalone } from './panel-process.ts';

/** What a request can reach, found in the sources and in the build: a new page, route or action is here without being added by hand. */
export type Entrance = { kind: 'page' | 'route'; file: string; path: string };

/** Reachable without a session, and why. Everything else must be refused. */
export const PUBLIC: Record<string, string> = {
  '/login': 'the sign-in page',
  '/setup': 'the first administrator comes with a one-time token',
  '/api/preferences': 'language and theme of the two pages above; sets two cookies with checked values',
};

function filesBelow(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const full = path.join(dir, name);
    return statSync(full).isDirectory() ? filesBelow(full) : [full];
  });
}

/** `app/(panel)/history/[id]/page.tsx` → `/history/x` */
function urlOf(file: string): string {
  const parts = path.relative(path.join(root, 'app'), path.dirname(file)).split(path.sep);
  return `/${parts.filter((part) => part && !/^\(.*\)$/.test(part)).map((part) => (part.startsWith('[') ? 'x' : part)).join('/')}`;
}

export function entrances(): Entrance[] {
  return filesBelow(path.join(root, 'app'))
    .filter((file) => /\/(page|route)\.tsx?$/.test(file))
    .map((file) => ({ kind: file.includes('/route.') ? ('route' as const) : ('page' as const), file: path.relative(root, file), path: urlOf(file) }));
}

/** Every page that a signed-in person can open without naming a service or an operation; a view of its own counts as one. */
export function panelPages(): string[] {
  const pages = entrances().filter(({ kind, path: target }) => kind === 'page' && !(target in PUBLIC)).map(({ path: target }) => target);
  // The start of onboarding leads on to one of its steps.
  const plain = pages.filter((target) => !target.endsWith('/x') && target !== '/onboarding');
  return [...plain, '/config?view=raw', ...STEPS.map((step) => `/onboarding/${step}`)].sort();
}

/** Methods that a route file exports. */
export function methodsOf(entrance: Entrance): string[] {
  const text = readFileSync(path.join(root, entrance.file), 'utf8');
  return entrance.kind === 'page' ? ['GET'] : ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'].filter((method) => new RegExp(`export\\s+(async\\s+)?(function|const)\\s+${method}\\b`).test(text));
}

/** Ids of every server action in the build. */
export function actionIds(): string[] {
  const manifest = path.join(standalone, '.next/server/server-reference-manifest.json');
  if (!existsSync(manifest)) throw new Error('no build: run npm run build');
  const { node, edge } = JSON.parse(readFileSync(manifest, 'utf8')) as { node: Record<string, unknown>; edge: Record<string, unknown> };
  return [...Object.keys(node), ...Object.keys(edge)];
}

/** Files with 'use server' on top. */
export function actionFiles(): string[] {
  return ['app', 'components', 'lib']
    .flatMap((folder) => filesBelow(path.join(root, folder)))
    .filter((file) => /\.tsx?$/.test(file) && /^\s*['"]use server['"]/m.test(readFileSync(file, 'utf8')))
    .map((file) => path.relative(root, file));
}
