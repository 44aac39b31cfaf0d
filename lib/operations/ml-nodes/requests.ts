import { nodePath } from '#lib/mlnodes/node-path.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import type { RawNode } from '#lib/mlnodes/node-configs.ts';
import { replaceSecrets } from '../../../guard/secret-arguments.ts';

const path = (base: string, rest: string): string => `${base}/admin/v1/nodes${rest}`;
const post = (url: string, body?: unknown): string[] => ['curl', '-sS', '-X', 'POST', url, ...(body === undefined ? [] : ['-H', 'Content-Type: application/json', '-d', replaceSecrets(JSON.stringify(body), () => SECRET_MARK)])];

/* The literal requests as commands that a person could run on this machine; secrets in bodies are masked. */

export const switchRequest = (base: string, id: string, enabled: boolean): string[] => post(base + nodePath(id, enabled ? 'enable' : 'disable'));
export const deleteRequest = (base: string, id: string): string[] => ['curl', '-sS', '-X', 'DELETE', base + nodePath(id)];
export const saveRequest = (base: string, node: RawNode | undefined): string[] => post(path(base, ''), node);
export const batchRequest = (base: string, nodes: readonly RawNode[] | undefined): string[] => post(path(base, '/batch'), nodes);
