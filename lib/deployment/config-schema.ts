import { z } from 'zod';
import type { DeploymentProblem } from './schema.ts';

/** The files that the panel edits, by their place in the deployment directory. */
export const EDITABLE = { env: 'config.env', 'node-config': 'node-config.json' } as const;
export type EditableFile = keyof typeof EDITABLE;
export const editableFile = z.enum(['env', 'node-config']);

/** SHA-256 of a file's bytes, hex; `absent` for a file that isn't there. */
export const fileVersion = z.union([z.literal('absent'), z.string().regex(/^[0-9a-f]{64}$/)]);
export type FileVersion = z.infer<typeof fileVersion>;

export const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/);
const TEXT_LIMIT = 256 * 1024;

/** What a person wants changed: single values (null takes the variable's line out), or the raw text with secrets as tokens. */
export const configChange = z.discriminatedUnion('by', [
  z.object({ by: z.literal('values'), version: fileVersion, values: z.record(variableName, z.string().max(16 * 1024).nullable()) }),
  z.object({ by: z.literal('text'), version: fileVersion, text: z.string().max(TEXT_LIMIT) }),
  /** The text of an earlier version (a history row's id), with the secrets that the file has now. */
  z.object({ by: z.literal('restore'), version: fileVersion, from: z.uuid() }),
]);
export type ConfigChange = z.infer<typeof configChange>;

export type FieldGroup = 'identity' | 'addresses' | 'ports' | 'seeds' | 'storage' | 'tls' | 'advanced' | 'unknown';
export type FieldKind = 'text' | 'secret' | 'url' | 'tcp' | 'port' | 'path' | 'public-key' | 'boolean' | 'choice' | 'number';
/** When a changed value is felt (facts 2.2). `chain`: the network learns it by another step only. */
export type TakesEffect = 'recreate' | 'first-run' | 'chain' | 'manual' | 'unread';

/** A variable that the panel knows: texts under `config.fields.<name>` {label, help}. `source`: where the rule is written down. */
export type ConfigField = { name: string; group: FieldGroup; kind: FieldKind; takesEffect: TakesEffect; choices?: string[]; placeholder?: string; source: string };

/** One row of the form. A secret's value is never in it. */
export type ConfigRow = ConfigField & {
  known: boolean;
  secret: boolean;
  /** In the file with a value (a placeholder is none). */
  set: boolean;
  value?: string;
  /** What compose uses when it isn't set, as written in the compose files. */
  fallback?: string;
  line?: number;
  exported: boolean;
  /** Absent: can be edited. Key under `config.readOnly`. */
  readOnly?: string;
  services: string[];
  required: boolean;
  problems: DeploymentProblem[];
};

export type DiffLine = { kind: 'same' | 'removed' | 'added'; /** Line number in the old (removed, same) or new (added) file. */ line: number; /** Secrets masked as `••••••`; `••••••*` where the new text has another one. */ text: string };

/** What a change would do, before anything is written. Texts of problems: `deployment.problems.<code>`. */
export type ConfigCheck = {
  problems: (DeploymentProblem & { variable?: string; line?: number })[];
  /** Names whose value changes, secrets too. */
  changed: string[];
  diff: DiffLine[];
};
