import type { ConfigChange, ConfigCheck, ConfigRow, DiffLine, EditableFile, FileVersion } from '#lib/deployment/config-schema.ts';
import type { EffectiveRow, EffectiveService } from '#lib/deployment/effective.ts';
import type { ConfigPlan, PlannedService } from '#lib/operations/config/preview.ts';
import type { ShownProblem } from '../services/services-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

export type { ConfigChange, ConfigCheck, ConfigPlan, ConfigRow, DiffLine, EditableFile, EffectiveRow, EffectiveService, FileVersion, PlannedService };

/** Answer of GET /api/config: config.env for form and raw view. No secret is in it. */
export type ConfigNow = {
  /** Absolute path of the file. */
  path: string;
  version: FileVersion;
  /** ms since 1970, of the file; absent when there is none. */
  changedAt?: number;
  /** Octal, `0600`. */
  mode?: string;
  /** Why the file can't be read or written, when it can't. The form is shown read-only. */
  error?: ShownError;
  rows: ConfigRow[];
  /** The file with secrets as tokens; absent when it can't be read. */
  text?: string;
  /** Variable of each token, in order: `⟪secret 1⟫` is tokens[0]. */
  tokens: string[];
  /** Of the file as a whole; a row's own problems stand in the row. */
  problems: ShownProblem[];
  /** There is no deployment directory yet. */
  noDeployment?: true;
};

/** Body of POST /api/config/check, /api/config/plan: `{file, change}`. Their answers: ConfigCheck, ConfigPlan; nothing is written. */
export type ConfigQuestion = { file: EditableFile; change: ConfigChange };

/**
 * Body of POST /api/config/save; answer `{id}` of the operation (`save-config` or `apply-config`). 409 `config_changed` when
 * the file is another by now, `config_plan_changed` when applying would touch a service that isn't in `announced`.
 */
export type ConfigSave = ConfigQuestion & {
  apply: boolean;
  /** Services that the plan on the screen recreates or creates. */
  announced: string[];
  reason?: string;
  /** Whys of the gate that the reason answers. */
  shown?: string[];
  /** `window`: saved now, applied at the next safe window. */
  when?: 'now' | 'window';
};

/** Body of POST /api/config/reveal; answer `{value}`. Wrong password: 403 `reveal_password`. Leaves an audit row either way. */
export type RevealQuestion = { variable: string; password: string };

/** One row of GET /api/config/versions?file=env: `{versions}`. Newest first. */
export type ConfigVersionRow = {
  id: string;
  /** ISO 8601 */
  at: string;
  file: EditableFile;
  version: FileVersion;
  by: string;
  /** Variables (or fields) that differ from the version before it; names only. */
  changed: string[];
  /** `found`: the panel met the file like this, somebody else had changed it. */
  how: 'saved' | 'restored' | 'found';
  /** The operation that wrote it. */
  operation?: string;
  current: boolean;
};
/** GET /api/config/versions/ID: the row, its masked text, and the difference from it to the file as it is now. */
export type ConfigVersion = ConfigVersionRow & { text: string; diffToNow: DiffLine[] };

/** GET /api/config/effective: differences first. Secrets are compared on the server and never given. */
export type EffectiveNow = { at: number; services: EffectiveService[]; error?: ShownError };
