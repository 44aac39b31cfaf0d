import type { Params } from './host-picture.ts';

/**
 * One thing that needs the operator. `key` is the message key of its words: `needs.<code>` (title, text, action), a
 * known error (`errors.<code>`: what, means, next) or a problem of the deployment (`deployment.problems.<code>`).
 * `action.label` is a whole message key.
 */
export type Need = { id: string; level: 'broken' | 'attention' | 'unknown'; code: string; key: string; params: Params; action?: { label: string; href: string } };

/** A need with words of its own under `needs.<code>`. */
export function need(level: Need['level'], code: string, params: Params = {}, href?: string, id: string = code): Need {
  return { id, level, code, key: `needs.${code}`, params, ...(href ? { action: { label: `needs.${code}.action`, href } } : {}) };
}
