import { PanelError } from '#lib/core/errors.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import { formatNodeConfig, parseNodeConfig } from '#lib/deployment/node-config.ts';
import type { NodeConfigEntry } from '#lib/deployment/node-config-schema.ts';
import { hideNodeSecrets, showNodeSecrets } from '#lib/deployment/node-config-tokens.ts';
import { nodeFingerprint, type RawNode } from '#lib/mlnodes/node-configs.ts';

/** One node as a text by itself: its secrets are counted in it alone. */
const textOf = (node: RawNode): string => JSON.stringify([node]);

/** A node of the api's list for a form: secrets as tokens, `version` for the save that replaces it. */
export function shownNode(node: RawNode): { version: string; entry: NodeConfigEntry } {
  const [entry] = parseNodeConfig(hideNodeSecrets(textOf(node)).text).nodes;
  if (!entry) throw new TypeError('a node that is no object');
  return { version: nodeFingerprint(node), entry };
}

/**
 * What is sent for an edited entry: the node that is replaced with the fields that changed, so that what the panel doesn't
 * know stays, and with its secrets in place of the tokens. `before` absent: a new node. Throws config_secret_token, ml_secret_masked.
 */
export function draftOf(entry: NodeConfigEntry, before: RawNode | undefined): RawNode {
  const original = before ? textOf(before) : '';
  const place = before ? { ...entry, from: 0 } : withoutPlace(entry);
  const text = showNodeSecrets(formatNodeConfig([place], hideNodeSecrets(original).text), original);
  // A masked value is no value: sent on, it would take the place of the real one.
  if (text.includes(SECRET_MARK)) throw new PanelError('ml_secret_masked', { node: entry.id });
  const [node] = JSON.parse(text) as RawNode[];
  if (!node) throw new PanelError('bad_request');
  return node;
}

function withoutPlace({ from: _from, ...entry }: NodeConfigEntry): NodeConfigEntry {
  return { ...entry, models: entry.models.map(({ id, args }) => ({ id, args })) };
}
