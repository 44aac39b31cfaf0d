/** Operations on a host of busybox containers as a person starts them, for the tests that walk the journal. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { watcherCount } from '#lib/operations/lifecycle/fan-out.ts';
import type { PhaseKnowledge } from '#lib/operations/gate.ts';
import { finished, listOperations, operation, startOperation } from '#lib/operations/journal.ts';
import { previewOperation } from '#lib/operations/preview.ts';
import { pace } from '#lib/operations/pace.ts';
import type { Gate, Kind, OperationView } from '#lib/operations/schema.ts';
import { type Attempt, type Surroundings, surroundOperations } from '#lib/operations/surroundings.ts';
import type { ChainKey, ChainSignatures } from '#lib/operations/interlock/tmkms-interlock.ts';
import { type BusyboxHost, busyboxHost } from './busybox-host.ts';

/** What the operations see around them; a test sets it, the next one begins anew. */
export const around = {} as { host: BusyboxHost; phase: PhaseKnowledge; chain: ChainKey; signatures: ChainSignatures; /** Who the chain has registered with a consensus key. */ holders: Awaited<ReturnType<Surroundings['holders']>>; membership: 'in' | 'out' | 'unknown'; attempts: Attempt[] };
export const by = { user: 'ann', ip: '192.0.2.7' };

/** Nothing speaks against anything. */
function calm(): void {
  Object.assign(around, { phase: { known: true, clock: { phase: 'Inference', epoch: 56, at: Date.now() } }, chain: { state: 'not-registered' }, signatures: { state: 'known', newest: 1000, gapUnread: false }, holders: { state: 'ok', value: { addresses: [], of: 'active' } }, membership: 'out', attempts: [] });
}

/** For a whole file: a host of busybox containers, and an outside world that is as `around` says. */
export function onBusyboxHost(): void {
  beforeAll(() => {
    around.host = busyboxHost();
    calm();
    Object.assign(process.env, around.host.env);
    Object.assign(pace, { settleMs: 800, lifeMs: 500 });
    surroundOperations({ phase: async () => around.phase, membership: async () => around.membership, ownKey: async () => around.chain, signatures: async () => around.signatures, holders: async () => around.holders, audit: async (attempt) => void around.attempts.push(attempt) });
  });
  afterAll(() => around.host.remove());
  beforeEach(calm);
  afterEach(() => expect(watcherCount()).toBe(0));
}

export const whys = (gate: Gate): string[] => (gate.answer === 'reason-needed' ? gate.reasons.map((one) => one.why) : []);
/** As a person does: a reason answers what the preview shows. */
const answering = async (kind: Kind, target?: string, reason?: string) => ({ reason, shown: reason ? whys((await previewOperation({ kind, target })).gate) : undefined });

export async function run(kind: Kind, target?: string, reason?: string): Promise<OperationView> {
  const { id } = await startOperation({ kind, target, ...(await answering(kind, target, reason)), ...by });
  await finished(id);
  return (await operation(id)) as OperationView;
}
export async function refusal(kind: Kind, target?: string, reason?: string): Promise<{ code: string; params: Record<string, unknown> }> {
  const before = (await listOperations()).operations.length;
  const error = await startOperation({ kind, target, ...(await answering(kind, target, reason)), ...by }).then(() => undefined, (e: unknown) => e);
  if (!isPanelError(error)) throw error ?? new Error(`${kind} was not refused`);
  expect((await listOperations()).operations.length, 'a refusal leaves no operation').toBe(before);
  expect(around.attempts.at(-1)).toMatchObject({ user: 'ann', ip: '192.0.2.7', result: 'refused', action: `operation.${kind}` });
  return { code: error.code, params: error.params };
}
export const steps = (o: OperationView) => Object.fromEntries(o.steps.map((s) => [s.name, s.state]));
export const detail = (o: OperationView, name: string) => o.steps.find((s) => s.name === name)?.detail;
