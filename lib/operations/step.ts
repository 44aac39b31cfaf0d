import type { Deployment } from '#lib/deployment/schema.ts';
import type { Situation } from '#lib/operations/lifecycle/service-containers.ts';
import type { OutputWriter } from './output-writer.ts';
import type { ConfigParams, Kind, OperationView, Progress, Words } from './schema.ts';

export type StepResult = { skipped?: boolean; evidence?: Words; exitCode?: number };
export type Step = { name: string; run(context: RunContext): Promise<StepResult> };
/** An operation without the machinery: its steps, each of which looks before it acts. */
export type Procedure = {
  steps: Step[];
  /** What it is alone on, where that is less than the whole deployment: work that changes no container may go on beside another. */
  lock?: string;
  /** Of a kind that comes before there is a deployment: what its lock is held on. */
  lockOf?(params: unknown): string;
  /** Of a durable kind: takes back what it did when it is cancelled, and says what came of it. Looks before it acts, too. */
  undo?(context: RunContext): Promise<Words>;
  /** Tidies up what only a retry would have needed, after the end stands in the journal. */
  ended?(): Promise<void>;
};

export type RunContext = {
  id: string;
  kind: Kind;
  target?: string;
  reason?: string;
  /** Whys of the gate that the reason was given for. */
  answered: string[];
  user: string;
  ip?: string;
  /** Of save-config and apply-config. */
  config?: ConfigParams;
  /** Of a kind whose target is `none`. */
  params?: unknown;
  /** The operation that this one retries, to the first; what it had found tells whether its effect is there already. */
  origin?: OperationView;
  output: OutputWriter;
  signal: AbortSignal;
  /** How long a container must run without a restart to count (ms). */
  settleMs: number;
  /** Throws operation_no_deployment where the operation comes before there is one. */
  deployment: Deployment;
  /** Reads the deployment anew: the operation has changed its files. */
  readAgain(): Promise<void>;
  /** Looks again; `plan` as in situation(), off when absent. */
  look(plan?: boolean): Promise<Situation>;
  /** Runs compose; its lines become output. Throws operation_command_failed when it ends otherwise than with 0, with `exitCode` and the `lastLines` of its standard error. */
  compose(args: string[]): Promise<number>;
  /** Shows how far the step is. */
  progress(now: Progress): void;
  /** Of a durable operation: does `work` with the whole deployment to itself, as soon as nobody else works there. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Waits, or throws when the operation is cancelled or its deadline is over. */
  wait(ms: number): Promise<void>;
};
