import { z } from 'zod';
import type { ComposeProject } from '#lib/docker/compose.ts';

export type ServiceRole = 'tmkms' | 'node' | 'api' | 'proxy' | 'mlnode' | 'inference' | 'explorer' | 'other';

export type DeploymentService = {
  name: string;
  image: string;
  containerName?: string;
  group: 'network' | 'ml';
  profiles: string[];
  /** False: its profile isn't switched on, `up` leaves it out. */
  active: boolean;
  dependsOn: string[];
  /** Variables its definition reads. */
  variables: string[];
  /** Those of them that have no default. */
  required: string[];
  role: ServiceRole;
  /** Host paths mounted into it, absolute. */
  mounts: { source: string; target: string; readOnly: boolean }[];
  /** Whom it runs as (`1000:1000`), where the files say so. */
  user?: string;
};

/** Text: `deployment.problems.<code>` {what, means, next}. `broken` stops what would (re)create containers. */
export type DeploymentProblem = { level: 'broken' | 'attention'; code: string; params: Record<string, string | number> };

export type Deployment = {
  /** Real path of the directory. */
  dir: string;
  project: ComposeProject;
  /** Upstream release by image tag, such as `0.2.8`. */
  release?: string;
  services: DeploymentService[];
  problems: DeploymentProblem[];
  /** Exported values of config.env with bash's meaning. Server only: never in a page's data. */
  values: Record<string, string>;
};

const list = z.array(z.string()).nullish().catch(undefined);
const bind = z.object({ type: z.string(), source: z.string().optional(), target: z.string(), read_only: z.boolean().optional() });
const port = z.object({ published: z.union([z.string(), z.number()]).optional(), host_ip: z.string().optional(), protocol: z.string().optional(), target: z.number() });

/** One service as `docker compose config --format json` prints it, as far as the panel reads it. */
export const configService = z.object({
  image: z.string().nullish().catch(undefined),
  container_name: z.string().nullish().catch(undefined),
  user: z.string().nullish().catch(undefined),
  network_mode: z.string().nullish().catch(undefined),
  profiles: list,
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown()).transform((map) => Object.keys(map))]).nullish().catch(undefined),
  environment: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  volumes: z.array(z.unknown()).nullish().transform((all) => (all ?? []).map((one) => bind.safeParse(one)).flatMap((one) => (one.success ? [one.data] : []))),
  ports: z.array(z.unknown()).nullish().transform((all) => (all ?? []).map((one) => port.safeParse(one)).flatMap((one) => (one.success ? [one.data] : []))),
});
export type ConfigService = z.infer<typeof configService>;

export const composeConfiguration = z.object({ name: z.string().optional(), services: z.record(z.string(), configService).nullish().transform((map) => map ?? {}) });
export type ComposeConfiguration = z.infer<typeof composeConfiguration>;
