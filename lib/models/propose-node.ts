import type { CatalogueEntry } from './catalogue.ts';
import type { ServerFit } from './vram-fit.ts';

/** Where the ML node is: in the network node's own Docker project, or on another machine (its host ports, config.env's INFERENCE_PORT and PORT there). */
export type NodePlace = { where: 'same-docker'; service?: string } | { where: 'remote'; host: string; inferencePort?: number; pocPort?: number };

/** Words: `models.proposal.<code>`. */
export type ProposalReason = { field: string; code: string; params: Record<string, string | number> };

/** An entry as `lib/deployment/node-config.ts` writes it, and why each field is what it is. */
export type NodeProposal = {
  entry: { id: string; host: string; inferencePort: number; pocPort: number; maxConcurrent: number; models: { id: string; args: string[] }[]; extra: string[] };
  reasons: ProposalReason[];
};

const MAX_CONCURRENT = 500;

/**
 * The node-config.json entry for this model on this server (facts 3.1, 3.3). Undefined when the model doesn't fit, or when
 * the guide only names its class: then there is no id that the network knows. `taken`: ids that are in use.
 */
export function proposeNode(model: CatalogueEntry, fit: ServerFit, place: NodePlace, taken: readonly string[] = []): NodeProposal | undefined {
  if (!fit.fits || model.known === 'named') return undefined;
  const local = place.where === 'same-docker';
  const [host, inferencePort, pocPort] = local ? [place.service ?? 'inference', 5000, 8080] : [place.host, place.inferencePort ?? 5050, place.pocPort ?? 8080];
  const id = freeId(taken);
  return {
    entry: { id, host, inferencePort, pocPort, maxConcurrent: MAX_CONCURRENT, models: [{ id: model.id, args: fit.args.map(({ token }) => token) }], extra: [] },
    reasons: [
      { field: 'id', code: 'id_free', params: { id } },
      { field: 'host', code: local ? 'host_service' : 'host_remote', params: { host } },
      { field: 'inference_port', code: local ? 'ports_service' : 'ports_remote', params: { inference: inferencePort, poc: pocPort } },
      { field: 'max_concurrent', code: 'max_concurrent', params: { value: MAX_CONCURRENT } },
      { field: 'models', code: 'model', params: { model: model.id, instances: fit.instances, tensor: fit.tensorParallel, pipeline: fit.pipelineParallel } },
      { field: 'hardware', code: 'hardware_detected', params: {} },
    ],
  };
}

function freeId(taken: readonly string[]): string {
  for (let i = 1; ; i += 1) if (!taken.includes(`node${i}`)) return `node${i}`;
}
