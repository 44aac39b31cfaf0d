import { PanelError, isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { singleton } from '#lib/core/singleton.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { runCompose } from '#lib/docker/compose.ts';
import { removeLeftOvers } from './left-overs.ts';
import { OutputWriter } from './output-writer.ts';
import { PROCESS_MARK } from './process-mark.ts';
import { forgetProgress, reportProgress } from './progress.ts';
import { isBare, isDurable, KINDS, type OperationView, type Words } from './schema.ts';
import { deployment, deploymentAnew, inWords, situation } from './situation.ts';
import { LEAVE, takeLock } from './locks.ts';
import { pace } from './pace.ts';
import type { Procedure, RunContext } from './step.ts';
import { addStep, beginStep, close, markRunning, markStep, operation } from './store.ts';
import { forgetUnwritten, untilWritten } from './unwritten.ts';

/** How often it is looked whether the deployment is free. */
const LOCK_MS = 2000;
/** Enough for an error with a web page or the places of a panic behind it. */
const LAST_LINES = 40;
/** The step that a cancelled durable operation ends with. */
export const UNDO = 'undo';

type Why = 'cancelled' | 'deadline' | 'shutdown';
class Stopped extends Error {
  readonly why: Why;
  constructor(why: Why) {
    super(why);
    this.why = why;
  }
}

type Running = { stop(why: Why): void; done: Promise<void> };
const running = () => singleton('operations.running', () => new Map<string, Running>());

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Writes what must stand in the journal of `id`, as long as it takes until `signal`. */
type Keep = <T>(work: () => Promise<T>) => Promise<T>;
const keeper = (id: string, signal: AbortSignal): Keep => (work) => untilWritten(id, work, () => pause(pace.journalMs, signal));

const throwIfStopped = (signal: AbortSignal) => {
  if (signal.aborted) throw signal.reason instanceof Stopped ? signal.reason : new Stopped('cancelled');
};

function context(view: OperationView, origin: OperationView | undefined, given: Deployment | undefined, output: OutputWriter, signal: AbortSignal): RunContext {
  let read = given;
  const known = (): Deployment => {
    if (!read) throw new PanelError('operation_no_deployment', {}, { status: 409 });
    return read;
  };
  return {
    id: view.id,
    kind: view.kind,
    target: view.target,
    reason: view.reason,
    answered: (view.reasonFor ?? []).map((one) => one.why),
    user: view.startedBy,
    ip: view.ip,
    config: view.config,
    params: view.params,
    origin,
    output,
    signal,
    settleMs: pace.settleMs,
    get deployment() {
      return known();
    },
    async readAgain() {
      read = await deploymentAnew();
    },
    look: (plan = false) => situation(view.kind, view.target, known(), plan, view),
    progress: (now) => reportProgress(view.id, now),
    async alone(work) {
      for (let said = ''; ; ) {
        const holder = await takeLock(view.id, projectOf(view));
        if (!holder) break;
        if (said !== holder.id) output.say({ code: 'waits_for_other', params: { kind: holder.kind.replaceAll('-', '_'), user: holder.startedBy } });
        said = holder.id;
        await this.wait(LOCK_MS);
      }
      try {
        return await work();
      } finally {
        await keeper(view.id, signal)(() => takeLock(view.id, waitingLock(view)));
      }
    },
    async compose(args) {
      const of = known();
      if (args[0] === 'up') await removeLeftOvers((await situation(view.kind, view.target, of, false, view)).affected.flatMap((a) => [...(a.container ? [a.container] : []), ...a.others]), output);
      const project = { ...of.project, env: { ...of.project.env, [PROCESS_MARK]: view.id } };
      const lastLines: string[] = [];
      const result = await runCompose(project, args, {
        signal,
        timeoutMs: KINDS[view.kind].deadlineMs,
        onLine(line, stream) {
          if (stream === 'stderr' && line.trim() && !line.includes('level=warning') && lastLines.push(line.trim()) > LAST_LINES) lastLines.shift();
          output.line(line, stream);
        },
      });
      throwIfStopped(signal);
      if (result.exitCode !== 0) {
        const exit = result.exitCode ?? -1;
        throw Object.assign(new PanelError('operation_command_failed', { exit: result.exitCode ?? result.signal ?? '?', detail: (lastLines.at(-1) ?? '').slice(0, 400) }), { exitCode: exit, lastLines });
      }
      return 0;
    },
    wait: (ms) => pause(ms, signal),
  };
}

/** What the engine says of the services now, as a last step: an operation that went wrong must not leave a guess behind. */
export async function recordTruth(view: Pick<OperationView, 'id' | 'kind' | 'target' | 'config' | 'params'>, of?: Deployment): Promise<void> {
  let words: Words;
  try {
    const now = await situation(view.kind, view.target, of ?? (await deployment()), false, view);
    words = now.found ?? (now.affected.length > 0 ? { code: 'found', params: { containers: inWords(now.affected) } } : { code: 'found_none', params: {} });
  } catch (error) {
    words = { code: 'cannot_tell', params: { why: isPanelError(error) ? error.code : 'operation_defect' } };
  }
  await addStep(view.id, 'observe', words);
}

/** What a person is told about an error; a defect gets the operation's id, the log the rest. */
function inErrorWords(error: unknown, id: string): Words {
  if (isPanelError(error)) return { code: error.code, params: error.params };
  log.error({ err: error, operation: id }, 'operation failed by a defect');
  return { code: 'operation_defect', params: { event: id } };
}

/** The compose project that an operation's lock is on. */
const projectOf = (view: OperationView): string => view.project?.split(':')[0] ?? '';
const waitingLock = (view: OperationView): string => `${projectOf(view)}:${LEAVE}`;

type Work = { view: OperationView; origin?: OperationView; of?: Deployment; procedure: Procedure };

/**
 * The steps in their order. Those that an earlier life of a durable operation has done are not run again. A durable one waits
 * until it is written before it goes on; any other was weighed for now, and fails. What a step did is written however long it takes.
 */
async function steps({ view, procedure }: Work, run: RunContext, at: { position?: number; exitCode?: number }, keep: Keep): Promise<void> {
  const first: Keep = isDurable(view.kind) ? keeper(view.id, run.signal) : (work) => work();
  await first(() => markRunning(view.id));
  if (view.steps.some((one) => one.name === UNDO)) throw new Stopped('cancelled');
  // One that was killed while it had the whole deployment gives it back first.
  if (isDurable(view.kind)) await first(() => takeLock(view.id, waitingLock(view)));
  for (const step of procedure.steps) {
    const known = view.steps.find((one) => one.name === step.name);
    if (known?.state === 'done' || known?.state === 'skipped') continue;
    at.position = known?.position;
    throwIfStopped(run.signal);
    // A panel that is newer than the operation may have a step that its row doesn't.
    const position = known?.position ?? (await first(() => beginStep(view.id, step.name)));
    at.position = position;
    if (known && known.state !== 'running') await first(() => markStep(view.id, position, 'running'));
    const result = await first(() => step.run(run));
    at.exitCode = result.exitCode ?? at.exitCode;
    await run.output.flush();
    await keep(() => markStep(view.id, position, result.skipped ? 'skipped' : 'done', result.evidence));
    at.position = undefined;
  }
}

/** What a cancelled durable operation takes back; begun again where the panel was killed in it. */
async function undo({ view, procedure }: Work, run: RunContext, keep: Keep): Promise<void> {
  const begun = (await keep(() => operation(view.id)))?.steps.find((one) => one.name === UNDO)?.position;
  const position = begun ?? (await keep(() => beginStep(view.id, UNDO)));
  const words = await keep(async () => procedure.undo?.(run));
  await run.output.flush();
  await keep(() => markStep(view.id, position, 'done', words));
}

/** `ending`: aborted by the panel's end only, for what is done after the operation was stopped. */
async function execute(work: Work, first: AbortSignal, ending: AbortSignal): Promise<void> {
  const { view, origin, of, procedure } = work;
  const output = new OutputWriter(view.id);
  const run = context(view, origin, of, output, first);
  const keep = keeper(view.id, ending);
  const at: { position?: number; exitCode?: number } = {};
  try {
    await steps(work, run, at, keep);
    // A cancel that came with the last step was heard all the same.
    throwIfStopped(first);
    await keep(() => close(view.id, 'succeeded', { exitCode: at.exitCode }));
  } catch (error) {
    const stopped = error instanceof Stopped ? error : first.aborted && first.reason instanceof Stopped ? first.reason : undefined;
    const why = stopped?.why;
    // The next start of the panel looks at what is true; now there is no time for it.
    if (why === 'shutdown') return void (await output.flush());
    const failed = (error as { exitCode?: number }).exitCode;
    const cancelled = why === 'cancelled';
    const words: Words | undefined = cancelled ? undefined : why === 'deadline' ? { code: 'operation_deadline', params: { minutes: KINDS[view.kind].deadlineMs / 60_000 } } : inErrorWords(error, view.id);
    await output.flush();
    const { position } = at;
    if (position !== undefined) await keep(() => markStep(view.id, position, cancelled ? 'interrupted' : 'failed', words));
    if (cancelled && procedure.undo) {
      try {
        await undo(work, context(view, origin, of, output, ending), keep);
      } catch (wrong) {
        if (ending.aborted) return void (await output.flush());
        const said = inErrorWords(wrong, view.id);
        const begun = (await keep(() => operation(view.id)))?.steps.find((one) => one.name === UNDO)?.position;
        if (begun !== undefined) await keep(() => markStep(view.id, begun, 'failed', said));
      }
    }
    if (!isBare(view.kind)) await keep(() => recordTruth(view, of));
    await keep(() => close(view.id, cancelled ? 'cancelled' : 'failed', { error: words, exitCode: failed ?? at.exitCode }));
  }
}

/** Runs an operation whose row is there, detached from whoever asked. Returns at once. */
export function launch(view: OperationView, origin: OperationView | undefined, of: Deployment | undefined, procedure: Procedure): void {
  singleton('closers', () => new Set<() => void>()).add(closeOperations);
  const controller = new AbortController();
  const ending = new AbortController();
  const stop = (why: Why) => {
    controller.abort(new Stopped(why));
    // What takes back is not taken back: only the panel's own end breaks it off, and its next start goes on.
    if (why === 'shutdown') ending.abort(new Stopped(why));
  };
  const deadline = isDurable(view.kind) ? undefined : setTimeout(() => stop('deadline'), KINDS[view.kind].deadlineMs);
  const done = execute({ view, origin, of, procedure }, controller.signal, ending.signal)
    .then(() => procedure.ended?.())
    .catch((error) => void (error instanceof Stopped || log.error({ err: error, operation: view.id }, 'journal not written')))
    .finally(() => {
      clearTimeout(deadline);
      forgetProgress(view.id);
      forgetUnwritten(view.id);
      running().delete(view.id);
    });
  running().set(view.id, { stop, done });
}

/** Whether this process runs the operation. */
export const isRunningHere = (id: string): boolean => running().has(id);

/** Asks a running operation to stop: its command gets SIGTERM, after 10 s SIGKILL. False when it doesn't run here. */
export function stopRunning(id: string): boolean {
  const one = running().get(id);
  one?.stop('cancelled');
  return one !== undefined;
}

/** Resolves when the operation is over (at once when it doesn't run here). */
export const finished = async (id: string): Promise<void> => running().get(id)?.done;

/** For the panel's own end: stops the commands; what they left is found out at the next start. */
export function closeOperations(): void {
  for (const one of running().values()) one.stop('shutdown');
}
