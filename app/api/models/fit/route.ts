import { z } from 'zod';
import type { FitAnswer } from '#components/models/models-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { proposeNode } from '#lib/models/propose-node.ts';
import { fitModel } from '#lib/models/vram-fit.ts';
import { answer } from '../../operations/answer.ts';
import { catalogueNow } from '../catalogue-now.ts';
import { requestJson } from '../../request-json.ts';

const name = z.string().trim().min(1).max(100);
const gpu = z.object({ name: z.string().max(200), totalMiB: z.number().int().positive().max(4 * 1024 * 1024) });
const server = z.object({ name, gpus: z.array(gpu).max(64), ramGiB: z.number().positive().max(1024 * 1024).optional() });
const place = z.discriminatedUnion('where', [z.object({ where: z.literal('same-docker') }), z.object({ where: z.literal('remote'), host: z.string().trim().min(1).max(253) })]);
const question = z.object({
  servers: z.array(server).min(1).max(32),
  propose: z.object({ model: z.string().max(256), server: name, place, taken: z.array(z.string().max(1024)).max(512) }).optional(),
});

/** What fits typed servers ("what if"), and the node-config.json entry for one model on one of them. Changes nothing. */
export async function POST(request: Request): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<FitAnswer> => {
    const { servers, propose } = question.parse(await requestJson(request));
    const { catalogue } = await catalogueNow();
    const fits = catalogue.map((entry) => fitModel(servers, entry));
    if (!propose) return { fits };
    const entry = catalogue.find(({ id }) => id === propose.model);
    const fit = fits.find(({ model }) => model === propose.model)?.servers.find((one) => one.server === propose.server);
    return { fits, proposal: (entry && fit && proposeNode(entry, fit, propose.place, propose.taken)) ?? null };
  });
}
