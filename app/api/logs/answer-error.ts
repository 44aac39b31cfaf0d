import { isPanelError, type PanelError } from '#lib/core/errors.ts';

/** An expected failure as `{error: {code, params}}`; anything else goes on to where defects are reported. */
export function answerError(error: unknown): Response {
  if (!isPanelError(error)) throw error;
  const { code, params, status } = error as PanelError;
  return Response.json({ error: { code, params } }, { status, headers: { 'cache-control': 'no-store' } });
}
