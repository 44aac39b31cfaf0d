import { db } from '#lib/db/client.ts';

const KEY = 'deployment.dir';

/** The directory chosen in the panel (real path), if any. */
export async function chosenDir(): Promise<string | undefined> {
  const row = await db().setting.findUnique({ where: { key: KEY } });
  if (!row) return undefined;
  try {
    const value: unknown = JSON.parse(row.value);
    return typeof value === 'string' && value ? value : undefined;
  } catch {
    return undefined;
  }
}

export async function saveChosenDir(dir: string): Promise<void> {
  const value = JSON.stringify(dir);
  await db().setting.upsert({ where: { key: KEY }, create: { key: KEY, value }, update: { value } });
}
