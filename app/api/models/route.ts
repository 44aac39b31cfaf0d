import type { ModelsNow } from '#components/models/models-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { clock } from '#lib/core/clock.ts';
import { KNOWN_CARDS } from '#lib/models/card-size.ts';
import { BUILT_IN } from '#lib/models/catalogue.ts';
import { fitModel, type GpuServer } from '#lib/models/vram-fit.ts';
import { type CardServer, cardServers } from '#lib/watch/card-servers.ts';
import { deploymentNow } from '../deployment-now.ts';
import { answer } from '../operations/answer.ts';
import { catalogueNow, shownModel } from './catalogue-now.ts';

/** The cards that were found, the catalogue with its sources, and what fits. Cards, network and deployment fail separately. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ModelsNow> => {
    const [{ deployment, error }, { catalogue, governance }] = await Promise.all([deploymentNow(), catalogueNow()]);
    const servers = await cardServers(deployment);
    const fitted = servers.map(gpuServer).filter(({ gpus }) => gpus.length > 0);
    return {
      at: clock.now(),
      ...(error ? { deploymentError: error } : deployment ? {} : { noDeployment: true as const }),
      servers,
      catalogue: catalogue.map(shownModel),
      governance,
      builtInDate: BUILT_IN.map(({ date }) => date).sort().at(-1) ?? '',
      cards: KNOWN_CARDS.map((card) => ({ ...card })),
      fits: fitted.length > 0 ? catalogue.map((entry) => fitModel(fitted, entry)) : [],
    };
  });
}

/** Cards that don't work, or don't say their memory, carry nothing. */
function gpuServer({ name, cards, ramGiB }: CardServer): GpuServer {
  const gpus = cards.flatMap((card) => (card.state === 'ok' && card.totalMiB ? [{ name: card.name, totalMiB: card.totalMiB }] : []));
  return { name, gpus, ...(ramGiB === undefined ? {} : { ramGiB }) };
}
