import type { MlKeyNow } from '#components/onboarding/ml-key-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import { isPanelError } from '#lib/core/errors.ts';
import { operationalKeyFile } from '#lib/deployment/operational-key-file.ts';
import { type MlKeyPlace, keyringPassword, mlKeyPlace } from '#lib/operations/ml-key/container.ts';
import { phraseState } from '#lib/operations/ml-key/phrase.ts';
import { mlKeyRecord, recordAgainstFile } from '#lib/operations/ml-key/record.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { networkSnapshot } from '#lib/watch/network-snapshot.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { answer } from '../../operations/answer.ts';

/** Where the ML operational key stands: its file, its address as read last, and whether a recovery phrase waits to be shown. */
export async function GET(): Promise<Response> {
  const { sessionId } = await requireSession();
  return answer(async (): Promise<MlKeyNow> => {
    const [{ deployment, error }, network] = await Promise.all([deploymentNow(), networkSnapshot().catch(() => undefined)]);
    const registered = network?.own.value?.registered;
    const phrase = phraseState(sessionId);
    const base = { at: clock.now(), registered: registered === undefined ? 'unknown' : registered ? 'yes' : 'no', ...(phrase ? { phrase } : {}) } as const;
    if (!deployment) return { ...base, deployment: null, ...(error ? { deploymentError: error } : {}) };
    const [file, record] = await Promise.all([operationalKeyFile(deployment), mlKeyRecord(deployment.dir)]);
    const { operation: _made, ...known } = record ?? {};
    return { ...base, deployment: { dir: deployment.dir }, file, ...(record ? { record: { ...(known as Omit<typeof record, 'operation'>), file: recordAgainstFile(record, file) } } : {}), ...placeOf(deployment) };
  });
}

function placeOf(deployment: Deployment): Pick<MlKeyNow, 'placeError' | 'server'> {
  let place: MlKeyPlace | undefined;
  try {
    place = mlKeyPlace(deployment);
    keyringPassword(deployment);
    return { server: serverPart(place) };
  } catch (error) {
    if (!isPanelError(error)) throw error;
    return { placeError: { code: error.code, params: error.params }, ...(place ? { server: serverPart(place) } : {}) };
  }
}

const serverPart = ({ container: _, ...rest }: MlKeyPlace): MlKeyNow['server'] => rest;
