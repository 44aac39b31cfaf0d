import type { EngineState } from '#lib/docker/client.ts';
import type { DiskKind } from '#lib/host/disk-kind.ts';
import type { HostGpus } from '#lib/host/gpus.ts';

export type Params = Record<string, string | number>;

/** One thing that was measured, where and when (ms). Without a value: `why` is a code under `onboarding.why`. */
export type Fact<T> = { at: number; source: string } & ({ value: T; why?: undefined } | { value?: undefined; why: string });

/** `image`: what it was tried with; `detail`: in the engine's or program's own words. */
type Tried = { at: number; image?: string; detail?: string };
/** `seen`, `lost`: cards in the container, and those of them without a memory size. */
export type GpuProbe = Tried & { outcome: 'sees' | 'none' | 'no_toolkit' | 'driver_mismatch' | 'driver_missing' | 'cuda_old' | 'no_program' | 'failed' | 'no_image'; seen?: number; lost?: number };
export type SeedProbe = Tried & { outcome: 'answers' | 'odd' | 'no_name' | 'no_way' | 'no_program' | 'failed' | 'no_image' | 'no_network' | 'no_seed'; host?: string; network?: string; url?: string };

export type DiskPlace = 'docker' | 'deploy' | 'hf';
export type Room = { freeBytes: number; totalBytes: number; inodes?: { free: number; total: number } };
/** A port that a service wants and somebody else has: a program, or a container that isn't this deployment's. */
export type TakenPort = { port: number; protocol: string; service: string; process?: string; container?: string };
/** A port that must not be public. `open`: a running container publishes it on every address; `planned`: the compose files would. `port` is the machine's, `container` the one inside that it leads to. */
export type ExposedPort = { port: number; container: number; service: string; open: boolean; planned: boolean };
export type SeedSeen = { host: string; url: string; state: 'ok' | 'rate-limited' | 'down' | 'malformed' | 'wrong-chain' | 'frozen' | 'unknown'; at?: number; height?: number; error?: { code: string; params: Params } };

/** All that the prerequisites are judged from. Whatever can't be seen from where the panel stands is unknown, not wrong. */
export type PrerequisiteFacts = {
  /** Milliseconds. */
  now: number;
  /** The panel runs in a container of its own: programs and files of the host are not its own. */
  inContainer: boolean;
  cpu: Fact<{ cores: number; arch: string; adx?: boolean }>;
  memoryBytes: Fact<number>;
  disks: { place: DiskPlace; path?: string; room: Fact<Room> }[];
  gpus: HostGpus & { at: number };
  /** What a container saw when it was tried; absent: not tried since the panel started. */
  gpuProbe?: GpuProbe;
  seedProbe?: SeedProbe;
  /** The network card towards the Internet and the speed of its link, Mbit/s. */
  link?: { card: string; mbits: number };
  /** What the deployment directory's disk is. */
  disk?: DiskKind;
  toolkit: Fact<'runtime' | 'cdi' | 'hook' | 'none'>;
  engine: EngineState & { at: number };
  compose: Fact<string>;
  clock: Fact<{ synced: boolean; service: boolean }>;
  /** Newest block of a node that is in step, ms: a block from the future means that this clock is behind. */
  newestBlock?: { time: number; source: string };
  ports: Fact<{ wanted: number; taken: TakenPort[] }>;
  seeds: SeedSeen[];
  exposed: Fact<{ ports: ExposedPort[]; /** Whether 9200 answers with the keyring password. */ leaks: 'yes' | 'no' | 'unknown'; /** The network card towards the Internet. */ card?: string }>;
  /** Of the compose files. */
  release?: string;
  /** The ML node's image. */
  mlImage?: string;
};

export type RowState = 'ok' | 'attention' | 'broken' | 'unknown';
/** What can't be done while a row is broken: a code under `onboarding.breaks`. */
export type Breaks = 'everything' | 'operations' | 'ml' | 'start' | 'disk' | 'key';
/** Where a rule is from: a code under `onboarding.ruleSources`, with its date. */
export type RuleSource = 'guide' | 'docs' | 'compose' | 'measured' | 'panel';

/**
 * One prerequisite, judged. `id` names label and rule (`onboarding.rows.<id>`), `said` what was measured
 * (`onboarding.said.<code>`), `fix` what to do (`onboarding.fix.<code>`) with commands to copy, an argument list each.
 */
export type PrerequisiteRow = {
  id: string;
  /** Tells rows of one id apart: a place, a port. */
  of?: string;
  state: RowState;
  params: Params;
  said: string;
  rule: RuleSource;
  source: string;
  at: number;
  breaks?: Breaks;
  fix?: { code: string; commands: string[][] };
  /** Nothing that the step waits for: only a person can find it out, or it can be tried later only. */
  apart?: true;
  /** Why it is unknown, where an error of the house says it: `errors.<code>`. */
  error?: { code: string; params: Params };
};
