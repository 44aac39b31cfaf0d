import { z } from 'zod';

const text = z.string();
const labels = z.record(z.string(), z.string()).nullish();

/** What `GET /containers/json` says of one container, as far as the panel reads it. */
export const listedContainer = z.object({
  Id: text,
  Names: z.array(text).nullish(),
  Image: text.catch(''),
  ImageID: text.catch(''),
  State: text.catch(''),
  Labels: labels,
  Ports: z.array(z.object({ IP: text.optional(), PrivatePort: z.number(), PublicPort: z.number().optional(), Type: text.catch('tcp') })).nullish(),
});

/** What `GET /containers/ID/json` adds. `Config.Env` is deliberately not read: it carries secrets. */
export const inspectedContainer = z.object({
  Id: text,
  Name: text.catch(''),
  Created: text.catch(''),
  Image: text.catch(''),
  RestartCount: z.number().catch(0),
  State: z.object({
    Status: text.catch(''),
    ExitCode: z.number().optional(),
    StartedAt: text.optional(),
    FinishedAt: text.optional(),
    OOMKilled: z.boolean().optional(),
    Error: text.optional(),
    Health: z.object({ Status: text }).nullish(),
  }),
  Config: z.object({ Image: text.catch(''), Tty: z.boolean().catch(false), Labels: labels }),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: text.catch('') }).nullish()).nullish() }).nullish(),
});

/** One message of `GET /events`. */
export const engineEvent = z.object({
  Type: text,
  Action: text,
  Actor: z.object({ ID: text, Attributes: z.record(z.string(), z.string()).catch({}) }),
  timeNano: z.number().optional(),
  time: z.number().optional(),
});

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export type Container = {
  id: string;
  name: string;
  project?: string;
  service?: string;
  image: string;
  imageId: string;
  state: ContainerState;
  health?: 'starting' | 'healthy' | 'unhealthy';
  exitCode?: number;
  startedAt?: string;
  finishedAt?: string;
  restartCount: number;
  oneOff: boolean;
  workingDir?: string;
  configFiles?: string[];
  configHash?: string;
  /** Services that it was created to depend on: what `--no-deps` left out then isn't among them. */
  dependsOn?: string[];
  networks: { name: string; address: string }[];
  ports: { host?: string; hostPort?: number; containerPort: number; protocol: string }[];
  /** Why the last start failed or the container died, in the engine's words. */
  error?: string;
  outOfMemory?: boolean;
  /** A terminal is attached: its log stream carries no frames. */
  tty: boolean;
};
