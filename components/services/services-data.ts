import type { ShownError } from '../ui/error-notice.tsx';

/** A container as the services page sees it; nothing of its environment ever comes here. Times RFC 3339. */
export type ServiceContainer = {
  id: string; name: string; image: string; imageId: string;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  health?: 'starting' | 'healthy' | 'unhealthy';
  exitCode?: number; startedAt?: string; finishedAt?: string; restarts: number; error?: string; outOfMemory?: boolean;
  networks: { name: string; address: string }[];
  ports: { host?: string; hostPort?: number; containerPort: number; protocol: string }[];
};

export type ServiceRole = 'tmkms' | 'node' | 'api' | 'proxy' | 'mlnode' | 'inference' | 'explorer' | 'other';
export type ServiceRow = { name: string; role: ServiceRole; group: 'network' | 'ml'; image: string; profiles: string[]; dependsOn: string[]; variables: string[]; /** False: all its profiles are off, compose leaves it out. */ enabled: boolean; container?: ServiceContainer };
/** A container of the project that no compose file knows, or a one-off that was left over. */
export type Orphan = ServiceContainer & { service?: string; oneOff: boolean };

export type EngineNow = { state: 'ok'; version: string; socket: string } | { state: 'absent' | 'stopped' | 'permission' | 'error'; socket: string; detail: string };
export type ShownProblem = { level: 'broken' | 'attention'; code: string; params: Record<string, string | number> };

/** A value read from the chain, with where and when, or why it isn't known. */
export type ChainRead<T> = { state: 'ok' | 'stale' | 'unknown' | 'rate-limited'; value?: T; at?: number; source?: string; error?: ShownError };
/** What node and api say themselves, asked at their containers. */
export type Witness = { node: ChainRead<{ height: number; catchingUp: boolean; synced: boolean }>; api: ChainRead<true> };

/** Answer of GET /api/services. Each part fails alone; `at`: when the engine was read, server clock in ms. */
export type ServicesNow = {
  at: number;
  engine: EngineNow;
  deployment: { dir: string; release?: string; project: string; problems: ShownProblem[] } | null;
  /** Why the deployment directory can't be read, when it can't. */
  deploymentError?: ShownError;
  /** Directory that containers of the same project name were started from, when it is another one. */
  elsewhere?: string;
  services: ServiceRow[];
  /** Absent: not known yet. */
  witness?: Witness;
  orphans: Orphan[];
};

/** Codes of the error texts for an engine that can't be talked to. */
export const engineErrorOf = (engine: EngineNow): ShownError | undefined =>
  engine.state === 'ok' ? undefined : { code: `engine_${engine.state}`, params: { socket: engine.socket, detail: engine.detail } };

/** Answer of GET /api/services/use: service → share of one processor in percent (absent until two readings are there), bytes in use and their limit. */
export type ServicesUse = { at: number; use: Record<string, { cpuPercent?: number; memory: number; memoryLimit: number }> };
/** Answer of GET /api/services/NAME/problems. `code`: key under `onboarding.problems`. */
export type ServiceProblems = { at: number; problems: { code: string; params: Record<string, string>; line: string; at: number }[] };
