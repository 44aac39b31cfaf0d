import type { CatalogueModel, GovernanceSource } from '#components/models/models-data.ts';
import { log } from '#lib/core/log.ts';
import { BUILT_IN, mergeCatalogue, type CatalogueEntry } from '#lib/models/catalogue.ts';
import { governanceModels } from '#lib/watch/network-snapshot.ts';
import type { Reading } from '#lib/chain/reading.ts';
import type { GovernanceModel } from '#lib/chain/governance-models.ts';

/** A page isn't kept waiting for slow seeds: the built-in table is shown, and the next look has the answer. */
const WAIT_MS = 5_000;

/** The approved models, or why they aren't known yet. Never throws. */
export async function approvedNow(): Promise<Reading<GovernanceModel[]>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Reading<never>>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'unknown', error: { code: 'chain_no_answer', params: {} } }), WAIT_MS);
  });
  try {
    return await Promise.race([governanceModels(), late]);
  } catch (error) {
    log.error({ err: error }, 'approved models not read');
    return { state: 'unknown', error: { code: 'unexpected', params: { event: '–' } } };
  } finally {
    clearTimeout(timer);
  }
}

/** The catalogue with the network's answer over it, and where that came from. */
export async function catalogueNow(): Promise<{ catalogue: CatalogueEntry[]; governance: GovernanceSource }> {
  const { state, at, source, error, value } = await approvedNow();
  const from = { ...(at === undefined ? {} : { at }), ...(source ? { source } : {}), ...(error ? { error } : {}) };
  return { catalogue: mergeCatalogue(BUILT_IN, value, value ? { source: source ?? '', at: at ?? 0 } : undefined), governance: { state, ...from } };
}

export const shownModel = ({ id, category, vramGb, vramOf, instanceGb, known, approved, governanceArgs, source, date }: CatalogueEntry): CatalogueModel => ({
  id, category, vramGb, vramOf, instanceGb, known, governanceArgs, source, date, ...(approved === undefined ? {} : { approved }),
});
