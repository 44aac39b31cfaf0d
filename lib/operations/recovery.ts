import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { singleton } from '#lib/core/singleton.ts';
import { endOrphanedCommands } from './orphaned-commands.ts';
import { isRunningHere, recordTruth } from './runner.ts';
import { isBare } from './schema.ts';
import { deployment, situation } from './situation.ts';
import { close, markStep, openOperations } from './store.ts';
import { rememberNewKey } from './tmkms-key-check.ts';

/** The engine may be down when the panel starts; the journal is put right all the same. */
const PATIENCE = 20_000;

const within = <T>(work: Promise<T>, ms: number): Promise<T | undefined> => Promise.race([work, new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined).unref())]);

async function recover(): Promise<{ interrupted: string[] }> {
  const left = (await openOperations()).filter((o) => !isRunningHere(o.id));
  for (const o of left) {
    // A command that outlived the panel would go on changing what is looked at next.
    const ended = await endOrphanedCommands(o.id);
    if (ended) log.warn({ operation: o.id, processes: ended }, 'ended a command that outlived the panel');
    for (const step of o.steps) if (step.state === 'running') await markStep(o.id, step.position, 'interrupted');
    if (!isBare(o.kind)) await within(recordTruth(o), PATIENCE);
    // A key that tmkms made in the operation that was cut off: nobody has seen it yet.
    if (o.kind === 'launch-chain' || o.kind === 'launch-all') {
      const seen = deployment().then(async (of) => rememberNewKey(await situation(o.kind, o.target, of, false)));
      await within(seen.catch((error) => void (isPanelError(error) || log.error({ err: error }, 'tmkms key not remembered'))), PATIENCE);
    }
    await close(o.id, 'interrupted', { error: { code: 'operation_interrupted', params: { begun: o.state === 'queued' ? 'no' : 'yes' } } });
  }
  return { interrupted: left.map((o) => o.id) };
}

/**
 * Puts the journal right after the panel was killed: ends commands that outlived it, looks what is true, closes the
 * rows as interrupted. Once a process; every start of an operation waits for it.
 */
export function recoverOperations(): Promise<{ interrupted: string[] }> {
  const held = singleton('operations.recovery', (): { done?: Promise<{ interrupted: string[] }> } => ({}));
  held.done ??= recover().catch((error) => {
    held.done = undefined; // a locked database may be free at the next try
    throw error;
  });
  return held.done;
}
