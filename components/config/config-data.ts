import type { ConfigChange, ConfigCheck, ConfigRow, DiffLine, EditableFile, FileVersion } from '#lib/deployment/config-schema.ts';
import type { Gate } from '#lib/operations/schema.ts';
import type { ShownProblem } from '../services/services-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

export type { ConfigChange, ConfigCheck, ConfigRow, DiffLine, EditableFile, FileVersion };

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

/** Body of POST /api/config/check, /api/config/plan: `{file, change}`. Answer of check: ConfigCheck. */
export type ConfigQuestion = { file: EditableFile; change: ConfigChange };

/** What one service would go through when the change is applied. `variables`: the changed ones that it reads. */
export type PlannedService = { service: string; role: string; change: 'recreate' | 'create' | 'none'; running: boolean; variables: string[] };

/** Answer of POST /api/config/plan: what saving and applying would do. Nothing is written. */
export type ConfigPlan = {
  check: ConfigCheck;
  services: PlannedService[];
  /** Changed variables that take effect otherwise than by a recreate: `config.takesEffect.<how>`. */
  later: { variable: string; how: string }[];
  /** argv that applying runs; empty when nothing would be recreated. */
  command: string[];
  /** argv of what pulls missing images before it. */
  pullCommand?: string[];
  /** Whether applying may be done now. */
  gate: Gate;
  /** The epoch phase now, if known. */
  phase?: { phase: string; epoch: number };
  /** Keys under operations.notes. */
  notes: string[];
  /** The file would become 0600 because it holds a secret. */
  tightens: boolean;
  /** Why the consequences can't be told (engine down, compose refuses the result); saving alone is still possible. */
  unknown?: ShownError;
};

/** Body of POST /api/config/save; answer `{id}` of the operation (`save-config` or `apply-config`). 409 `config_changed` when the file is another by now. */
export type ConfigSave = ConfigQuestion & { apply: boolean; reason?: string; /** Whys of the gate that the reason answers. */ shown?: string[] };

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

/** One variable of one service: what the container has, what the file says, what compose would give it. Secrets are compared on the server and never given. */
export type EffectiveRow = { variable: string; running?: string; file?: string; compose?: string; secret: boolean; state: 'same' | 'differs' | 'only-running' | 'only-compose'; };
/** GET /api/config/effective: differences first. */
export type EffectiveService = { service: string; role: string; container?: { name: string; state: string; startedAt?: string }; rows: EffectiveRow[]; error?: ShownError };
export type EffectiveNow = { at: number; services: EffectiveService[]; error?: ShownError };
