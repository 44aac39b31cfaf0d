import { audit } from '#lib/access/audit.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';
import { networkSnapshot, phaseForGate } from '#lib/watch/network-snapshot.ts';

/** The own participant's record may be this old to speak for the chain's key (ms): it changes by hand only. */
const RECORD_VALID = 5 * 60_000;

async function own() {
  const { own: reading } = await networkSnapshot();
  return reading;
}

/** Tells operations what the other jobs know: phase, membership, the chain's key of this host, and where refusals are kept. */
export function connectOperations(): void {
  surroundOperations({
    audit,
    phase: phaseForGate,
    async membership() {
      const reading = await own();
      if (reading.value?.inSet) return 'in';
      if (reading.state !== 'ok') return 'unknown';
      return reading.value?.registered === false || reading.value?.inSet === false ? 'out' : 'unknown';
    },
    async ownKey() {
      const { value, at, error } = await own();
      const fresh = at !== undefined && Math.abs(Date.now() - at) < RECORD_VALID;
      const key = value?.record?.validatorKey || value?.active?.validatorKey;
      if (fresh && key) return { state: 'registered', key };
      if (fresh && value?.registered === false) return { state: 'not-registered' };
      return { state: 'unknown', why: error?.code ?? 'chain_no_answer' };
    },
  });
}

connectOperations();
