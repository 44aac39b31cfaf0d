import { redact } from '#lib/core/redact.ts';
import { db } from '#lib/db/client.ts';

export type AuditRow = { user?: string; ip?: string; action: string; target?: string; result: 'ok' | 'refused' | 'failed'; detail?: Record<string, string | number> };

/** Appends one row to the audit log. `detail` is redacted like everything that is kept. */
export async function audit(row: AuditRow): Promise<void> {
  await db().auditEntry.create({ data: { ...row, detail: row.detail && redact(JSON.stringify(row.detail)) } });
}
