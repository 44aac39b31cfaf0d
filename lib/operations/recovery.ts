import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { singleton } from '#lib/core/singleton.ts';
import { isDatabaseTrouble } from '#lib/db/trouble.ts';
import { endOrphanedCommands } from './orphaned-commands.ts';
import { pace } from './pace.ts';
import { PROCEDURES } from './procedures.ts';
import { isRunningHere, launch, recordTruth } from './runner.ts';
import { isBare, isDurable, type OperationView } from './schema.ts';
import { deployment, situation } from './situation.ts';
import { backToScheduled, close, markStep, openOperations } from './store.ts';
import { rememberNewKey } from '#lib/operations/interlock/tmkms-key-check.ts';

/** The engine may be down when the panel starts; the journal is put right all the same. */
const PATIENCE = 20_000;

const within = <T>(work: Promise<T>, ms: number): Promise<T | undefined> => Promise.race([work, new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined).unref())]);

async function recover(): Promise<{ interrupted: string[]; resumed: string[] }> {
  const left = (await openOperations()).filter((o) => !isRunningHere(o.id));
  for (const o of left) {
    // A command that outlived the panel would go on changing what is looked at next.
    const ended = await endOrphanedCommands(o.id);
    if (ended) log.warn({ operation: o.id, processes: ended }, 'ended a command that outlived the panel');
  }
  // First, since they write nothing that could fail here: what can't be written yet they wait for themselves, and say so.
  const durable = left.filter((o) => isDurable(o.kind));
  for (const o of durable) await resume(o);
  const interrupted: string[] = [];
  for (const o of left) {
    if (isDurable(o.kind)) continue;
    // It had waited for its window and begun nothing: it waits on.
    if (o.state === 'queued' && (await backToScheduled(o.id))) continue;
    await interrupt(o);
    interrupted.push(o.id);
  }
  return { interrupted, resumed: durable.map((o) => o.id) };
}

/** Closes what was cut off, with what is true now as its last step. */
async function interrupt(o: OperationView): Promise<void> {
  for (const step of o.steps) if (step.state === 'running') await markStep(o.id, step.position, 'interrupted');
  if (!isBare(o.kind)) await within(recordTruth(o), PATIENCE);
  // A key that tmkms made in the operation that was cut off: nobody has seen it yet.
  if (o.kind === 'launch-chain' || o.kind === 'launch-all') {
    const seen = deployment().then(async (of) => rememberNewKey(await situation(o.kind, o.target, of, false)));
    await within(seen.catch((error) => void (isPanelError(error) || log.error({ err: error }, 'tmkms key not remembered'))), PATIENCE);
  }
  await close(o.id, 'interrupted', { error: { code: 'operation_interrupted', params: { begun: o.state === 'queued' ? 'no' : 'yes' } } });
}

/** Goes on where it was. Its directory may be gone for a moment: then it looks for it itself. */
async function resume(o: OperationView): Promise<void> {
  const of = await within(deployment().catch(() => undefined), PATIENCE);
  launch(o, undefined, of, PROCEDURES[o.kind]);
}

/**
 * Puts the journal right after the panel was killed: ends commands that outlived it, looks what is true, closes the
 * rows as interrupted; durable ones go on. Once a process; every start of an operation waits for it.
 */
export function recoverOperations(): ReturnType<typeof recover> {
  const held = singleton('operations.recovery', (): { done?: ReturnType<typeof recover> } => ({}));
  held.done ??= recover().catch((error) => {
    held.done = undefined;
    // Open rows hold their deployment: others, and an exit that goes on, would wait for them for ever.
    if (isDatabaseTrouble(error)) setTimeout(() => recoverOperations().catch((again) => log.error({ err: again }, 'the journal could not be put right')), pace.journalMs).unref();
    throw error;
  });
  return held.done;
}
