import path from 'node:path';
import { z } from 'zod';
import { singleton } from './singleton.ts';

/** The quickstart's seeds, node2 first (facts 2.2, samples/discovered_urls). */
const DEFAULT_SEEDS = ['http://node2.gonka.ai:8000', 'http://node1.gonka.ai:8000', 'http://node3.gonka.ai:8000'];

/** Upstream's repository, as the quickstart clones it. */
const UPSTREAM = 'https://github.com/gonka-ai/gonka.git';

/** By which programs go out through a proxy; curl, and so git, knows both spellings. */
const PROXIES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];

export type PanelEnv = {
  host: string;
  port: number;
  /** Extra origins that may reach the panel, e.g. https://panel.example.org (no trailing slash). */
  origins: string[];
  /** Absolute. Mode 0700. */
  dataDir: string;
  deployDir?: string;
  seedApiUrls: string[];
  /** Where the deployment files are cloned from. */
  repository: string;
  docker: { host: string };
  /** All that a child process gets of the panel's environment: anything more would reach the host's containers. */
  child: Record<string, string>;
  /** Proxy settings, for the child that goes out to the internet: git. */
  proxies: Record<string, string>;
  production: boolean;
};

/** Every bad variable at once, each with what is wrong and what would be right. */
export class BadEnvironment extends Error {
  readonly name = 'BadEnvironment';
  readonly problems: { variable: string; message: string }[];
  constructor(problems: { variable: string; message: string }[]) {
    super(problems.map((p) => `${p.variable}: ${p.message}`).join('\n'));
    this.problems = problems;
  }
}

const httpUrl = (text: string) => {
  try {
    const url = new URL(text);
    return (url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password ? url : undefined;
  } catch {
    return undefined;
  }
};

/** What git may be told to clone: no address that carries a password (it would be shown), and none that starts a program (`ext::`, ssh). */
const isRepository = (text: string): boolean => {
  if (/[\s\0]/.test(text) || !/^(?:https?|git|file):\/\//.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && !url.username && !url.password && !url.search && !url.hash && url.pathname.length > 1 && (url.protocol === 'file:' ? !url.host : url.host !== '');
};

const list = (text: string) => text.split(',').map((part) => part.trim()).filter(Boolean);

const schema = z.object({
  PANEL_HOST: z.string().regex(/^[\w.:-]+$/, 'an address to listen on, such as 127.0.0.1').default('127.0.0.1'),
  PANEL_PORT: z.string().regex(/^\d{1,5}$/, 'a port number from 1 to 65535').transform(Number).refine((n) => n >= 1 && n <= 65535, 'a port number from 1 to 65535').default(7700),
  PANEL_ORIGINS: z
    .string()
    .transform(list)
    .refine((all) => all.every((o) => httpUrl(o)?.origin === o), 'origins separated by commas, each as https://panel.example.org, without a path')
    .default([]),
  PANEL_DATA_DIR: z.string().min(1).refine((d) => !d.includes('\0'), 'a directory').default('./data'),
  GONKA_DEPLOY_DIR: z.string().refine((d) => path.isAbsolute(d), 'an absolute path, such as /root/gonka/deploy/join').optional(),
  SEED_API_URLS: z
    .string()
    .transform(list)
    .refine((all) => all.length > 0 && all.every((u) => httpUrl(u)), 'addresses separated by commas, each as http://node2.gonka.ai:8000')
    .transform((all) => all.map((u) => u.replace(/\/+$/, '')))
    .default(DEFAULT_SEEDS),
  GONKA_REPOSITORY: z.string().refine(isRepository, 'an address that git can clone without a password, such as https://github.com/gonka-ai/gonka.git').default(UPSTREAM),
  DOCKER_HOST: z.string().regex(/^(unix:\/\/\/|tcp:\/\/)/, 'unix:///path/to/docker.sock or tcp://host:port').default('unix:///var/run/docker.sock'),
});

/** Reads and checks the environment. Throws BadEnvironment. An empty variable counts as unset. */
export function readEnv(source: Record<string, string | undefined>): PanelEnv {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new BadEnvironment(parsed.error.issues.map((issue) => ({ variable: String(issue.path[0]), message: `expected ${issue.message}, got ${JSON.stringify(given[String(issue.path[0])])}` })));
  }
  const env = parsed.data;
  const child: Record<string, string> = { PATH: given.PATH ?? '/usr/local/bin:/usr/bin:/bin', HOME: given.HOME ?? '/root' };
  if (given.DOCKER_HOST) child.DOCKER_HOST = given.DOCKER_HOST;
  if (given.DOCKER_CONFIG) child.DOCKER_CONFIG = given.DOCKER_CONFIG;
  return {
    host: env.PANEL_HOST,
    port: env.PANEL_PORT,
    origins: env.PANEL_ORIGINS,
    dataDir: path.resolve(/*turbopackIgnore: true*/ env.PANEL_DATA_DIR),
    deployDir: env.GONKA_DEPLOY_DIR,
    seedApiUrls: env.SEED_API_URLS,
    repository: env.GONKA_REPOSITORY,
    docker: { host: env.DOCKER_HOST },
    child,
    proxies: Object.fromEntries(PROXIES.flatMap((name) => (given[name] ? [[name, given[name]]] : []))),
    production: given.NODE_ENV !== 'development',
  };
}

/** This process's environment, read once. The only reader of process.env in lib/, app/ and components/. */
export function panelEnv(): PanelEnv {
  return singleton('env', () => readEnv(process.env));
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);
