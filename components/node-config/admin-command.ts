import type { NodeConfigEntry } from './node-config-data.ts';

const ADMIN = 'http://127.0.0.1:9200/admin/v1/nodes';

/** The entry as the api's admin side takes it: the same object as in the file. Fields that the panel doesn't know aren't in it. */
export function adminBody(entry: NodeConfigEntry): Record<string, unknown> {
  const { id, host, inferencePort, pocPort, inferenceSegment, pocSegment, baseUrl, maxConcurrent, models, hardware } = entry;
  return {
    id,
    ...(baseUrl ? { base_url: baseUrl } : { host, inference_port: inferencePort, poc_port: pocPort }),
    ...(inferenceSegment ? { inference_segment: inferenceSegment } : {}), ...(pocSegment ? { poc_segment: pocSegment } : {}),
    max_concurrent: maxConcurrent,
    models: Object.fromEntries(models.map((model) => [model.id, { args: model.args }])),
    ...(hardware ? { hardware } : {}),
  };
}

/** Adds or changes this ML node in the running api (facts 4.3: an upsert by the id in the body). On the network node's machine. */
export const adminCommand = (entry: NodeConfigEntry): string[] => ['curl', '-X', 'POST', ADMIN, '-H', 'Content-Type: application/json', '-d', JSON.stringify(adminBody(entry))];
