import type { DiffLine } from '#lib/deployment/config-schema.ts';
import type { PortParams } from '#lib/operations/ports/params.ts';

/** One internal port, by three witnesses. An empty address: every address of the machine. */
export type PortRow = {
  service: string;
  container: number;
  /** The machine's port, or a range; empty: Docker chooses. */
  published: string;
  /** Compose's own answer with every file; undefined: the files don't publish it (any more). */
  config?: string;
  /** What a running container publishes; empty list: none runs, or not this port. */
  docker: string[];
  /** What the kernel hears; undefined: not seen from where the panel is. */
  kernel?: string[];
  /** `open`: reached from outside now; `planned`: would be, once the service runs; `closed`. */
  state: 'open' | 'planned' | 'closed';
};

/** `GET /api/onboarding/ports?address=…`. */
export type PortsNow = {
  at: number;
  rows: PortRow[];
  /** Whether the admin port answers with the keyring password in this release (measured 14). */
  leaks: 'yes' | 'no' | 'unknown';
  compose: { version?: string; knowsOverride: boolean; least: string };
  /** Private addresses of this machine; undefined: they can't be seen from here. */
  addresses?: { address: string; card: string }[];
  /** The API node is called back from another machine (DAPI_API__POC_CALLBACK_URL). */
  severalServers: boolean;
  /** What the plan is for. */
  address: string;
  files: { name: string; diff: DiffLine[] }[];
  /** What the operation is started with; nothing to do when no file changes and no service is named. */
  close: PortParams;
  /** The way back; absent when the panel has no file there. */
  reopen?: PortParams;
  nothingToDo: boolean;
};
