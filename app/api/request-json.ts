import { PanelError } from '#lib/core/errors.ts';
import { holdsKeyMaterial } from '../../guard/key-material.ts';

/**
 * The JSON of a request. One that carries a recovery phrase or a private key, wherever in it, is refused (`key_material`): the
 * browser never sends it, and whoever does has to hear of it. The routes of the configuration look themselves, as what a file
 * has already is nobody's doing there.
 */
export async function requestJson(request: Request): Promise<unknown> {
  const body: unknown = await request.json();
  refuseKeyMaterial(body);
  return body;
}

/** The same for what was typed alone, where a body has fingerprints besides: they look like private keys. Throws key_material. */
export function refuseKeyMaterial(typed: unknown): void {
  if (holdsKeyMaterial(typed)) throw new PanelError('key_material', {}, { status: 422 });
}
