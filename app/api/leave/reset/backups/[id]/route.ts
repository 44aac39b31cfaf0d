import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { audit } from '#lib/access/audit.ts';
import { confirmPassword } from '#lib/access/confirm-password.ts';
import { requestJson } from '../../../../request-json.ts';
import { requireSession } from '#lib/access/session.ts';
import { PanelError } from '#lib/core/errors.ts';
import { cipherFile, isIntact, manifestOf } from '#lib/operations/reset/key-backup-store.ts';
import { operationId } from '#lib/operations/schema.ts';
import { z } from 'zod';
import { answer } from '../../../../operations/answer.ts';

export const dynamic = 'force-dynamic';

const body = z.strictObject({ password: z.string().min(1).max(1024) });
const ACTION = 'backup.download';

/** `{password}` → the encrypted backup as a file, to who types the account's password once more. */
export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { user, ip } = await requireSession();
  let file: Response | undefined;
  const refused = await answer(async () => {
    const id = operationId.parse((await params).id);
    const { password } = body.parse(await requestJson(request));
    await confirmPassword({ user, ip, password, action: ACTION, target: id });
    const manifest = await manifestOf(id);
    if (!manifest || !(await isIntact(manifest))) throw new PanelError('backup_unknown', {}, { status: 404 });
    await audit({ user: user.username, ip, action: ACTION, target: id, result: 'ok' });
    file = new Response(Readable.toWeb(createReadStream(/*turbopackIgnore: true*/ cipherFile(id))) as ReadableStream, {
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(manifest.cipher.bytes), 'content-disposition': `attachment; filename="gonka-${manifest.part}-${new Date(manifest.at).toISOString().slice(0, 10)}-${id.slice(0, 8)}.tar.age"`, 'cache-control': 'no-store' },
    });
  });
  return file ?? refused;
}
