import type { FileVersion } from '#lib/deployment/config-schema.ts';
import type { NodeConfigMerged } from '#lib/deployment/node-config-merged.ts';
import type { NodeConfigEntry, NodeConfigProblem, NodeField } from '#lib/deployment/node-config-schema.ts';
import type { NodeDrift } from '#lib/mlnodes/drift.ts';
import type { ChainRead } from '../services/services-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

export type { FileVersion, NodeConfigEntry, NodeConfigMerged, NodeConfigProblem, NodeDrift, NodeField };

/** One ML node of the api's own list, as far as this page compares it. */
export type ApiNode = { id: string; host: string; inferencePort: number; pocPort: number; maxConcurrent: number; models: { id: string; args: string[] }[]; hardware: { type: string; count: number }[]; current: string; intended: string; enabled?: boolean; failure: string };
/** `vramGb` 0: not stated. */
export type ApprovedModel = { id: string; vramGb: number; args: string[] };

/** Answer of GET /api/config/ml-nodes. No secret is in it. `at`: server clock in ms. */
export type NodeConfigNow = {
  at: number;
  /** Absolute path of the file. */
  path: string;
  /** The file that NODE_CONFIG names, when that is another one: then this one is not what the api reads. */
  otherPath?: string;
  version: FileVersion;
  /** ms since 1970, of the file; absent when there is none. */
  changedAt?: number;
  /** The file with secrets as tokens; absent when there is none or it can't be read. */
  text?: string;
  entries: NodeConfigEntry[];
  problems: NodeConfigProblem[];
  /** Why the file can't be read; the form is shown read-only. */
  error?: ShownError;
  merged: NodeConfigMerged;
  release?: string;
  api: ChainRead<ApiNode[]>;
  governance: ChainRead<ApprovedModel[]>;
  drift: NodeDrift[];
} | { noDeployment: true };

/** Body of POST /api/config/ml-nodes/check. `base`: the (masked) text that `from` of the entries counts in; absent: the file. */
export type NodeConfigQuestion = { version: FileVersion } & ({ entries: NodeConfigEntry[]; base?: string } | { text: string });
/** Its answer. `text` has secrets as tokens; `entries` count `from` in it. `changed`: it differs from the file. */
export type NodeConfigAnswer = { text: string; entries: NodeConfigEntry[]; problems: NodeConfigProblem[]; changed: boolean };
