import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { singleton } from '#lib/core/singleton.ts';
import { currentDeployment } from '#lib/deployment/current.ts';
import { finished, startOperation } from '#lib/operations/journal.ts';
import { askAbout, holdAgain, reapplies } from './wish.ts';
import { wishesNow } from './wishes-now.ts';
import { operation } from '#lib/operations/store.ts';
import { surroundings } from '#lib/operations/surroundings.ts';

/** In the history: nobody pressed a button. */
export const KEEPER = 'panel';
const LOOK_MS = 10_000;
/** After a try that failed, an api that has just started gets some time. */
const AGAIN_MS = 60_000;

/** Tests make it shorter. */
export const keeperPace = singleton('operations.ml-node-keeper-pace', () => ({ lookMs: LOOK_MS, againMs: AGAIN_MS }));

/**
 * One look: what a restart of api or node has enabled is disabled again, as an operation of the history; what a person has
 * enabled is asked about and left alone. What belongs to a running exit is the exit's own work.
 */
export async function keepMlNodes(): Promise<void> {
  const of = await currentDeployment();
  if (!of) return;
  const now = (await wishesNow(of)).filter(({ exitRuns }) => !exitRuns);
  const ids = (test: (one: (typeof now)[number]) => boolean): string[] => now.filter(test).map(({ nodeId }) => nodeId);

  const byHand = ids(({ state, asked }) => state === 'by_hand' && !asked);
  if (byHand.length > 0) {
    await askAbout(of.dir, byHand);
    await surroundings().audit({ user: KEEPER, action: 'ml-nodes.enabled-by-hand', target: byHand.join(', '), result: 'ok' });
  }
  // Enabled by hand, and disabled by hand again: then it is wanted as before.
  const back = ids(({ state, asked }) => state === 'kept' && asked);
  if (back.length > 0) await holdAgain(of.dir, back);

  const forgotten = ids(({ state }) => state === 'forgotten');
  const tried = singleton('operations.ml-node-keeper-tried', (): { notBefore: number } => ({ notBefore: 0 }));
  if (forgotten.length === 0 || clock.now() < tried.notBefore || !(await reapplies())) return;
  try {
    const { id } = await startOperation({ kind: 'ml-disable', params: { nodes: forgotten, kept: true }, user: KEEPER, ip: '' });
    await finished(id);
    tried.notBefore = (await operation(id))?.state === 'succeeded' ? 0 : clock.now() + keeperPace.againMs;
  } catch (error) {
    tried.notBefore = clock.now() + keeperPace.againMs;
    // Somebody works on the ML nodes, or the api doesn't answer yet.
    if (!isPanelError(error)) throw error;
    log.info({ code: error.code, nodes: forgotten }, 'ML nodes not disabled again yet');
  }
}

/** Looks for as long as the panel runs, whether or not anybody else does. */
export function watchMlNodes(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const look = async (): Promise<void> => {
    await keepMlNodes().catch((error: unknown) => log.warn({ err: error }, 'the wishes about ML nodes were not looked at'));
    if (!closed) timer = setTimeout(() => void look(), keeperPace.lookMs);
  };
  singleton('closers', () => new Set<() => void>()).add(() => {
    closed = true;
    clearTimeout(timer);
  });
  timer = setTimeout(() => void look(), keeperPace.lookMs);
}
