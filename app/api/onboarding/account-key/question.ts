import { z } from 'zod';
import { accountKeyState } from '#lib/chain/account-key.ts';
import { PanelError } from '#lib/core/errors.ts';

/** `{"key":"…44 characters…"}` and room for spaces; nothing longer is looked at. */
const MOST = 200;
const body = z.strictObject({ key: z.string().regex(/^[A-Za-z0-9+/]{44}$/) });

/**
 * The account key of a request's body, with its address. Whatever could be more than a public key (longer, another field,
 * words) is refused unread and unrepeated: a mnemonic has no business here. Throws account_key_only.
 */
export function accountKeyQuestion(text: string): { key: string; address: string } {
  const refused = (): PanelError => new PanelError('account_key_only', {}, { status: 400 });
  if (text.length > MOST) throw refused();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused();
  }
  const parsed = body.safeParse(json);
  const known = parsed.success ? accountKeyState(parsed.data.key) : undefined;
  if (known?.state === 'ok') return { key: known.key, address: known.address };
  if (known?.state === 'wrong' && known.kind === 'not-on-curve') throw new PanelError('account_key_mistyped', {}, { status: 400 });
  throw refused();
}

/** A body's text, read no further than it can be of use. */
export async function shortBody(request: Request): Promise<string> {
  const reader = request.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return text;
    text += decoder.decode(part.value, { stream: true });
    if (text.length > MOST) {
      await reader?.cancel();
      return text;
    }
  }
}
