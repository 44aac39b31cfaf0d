import { open } from 'node:fs/promises';

/** A header larger than this is none (the format's own limit, bytes). */
const MOST = 100_000_000;

/**
 * Bytes that a `.safetensors` file must have by its own header: eight bytes of length, the header (JSON), the tensors up to
 * the largest offset. Undefined when the file is no safetensors file, or is cut before the header's end.
 */
export async function safetensorsSize(file: string): Promise<number | undefined> {
  const handle = await open(/*turbopackIgnore: true*/ file, 'r');
  try {
    const first = Buffer.alloc(8);
    if ((await handle.read(first, 0, 8, 0)).bytesRead < 8) return undefined;
    const length = Number(first.readBigUInt64LE());
    if (length > MOST || length < 2) return undefined;
    const header = Buffer.alloc(length);
    if ((await handle.read(header, 0, length, 8)).bytesRead < length) return undefined;
    const tensors = JSON.parse(header.toString('utf8')) as Record<string, { data_offsets?: [number, number] }>;
    const end = Object.values(tensors).reduce((most, { data_offsets }) => Math.max(most, Array.isArray(data_offsets) ? Number(data_offsets[1]) : 0), 0);
    return Number.isSafeInteger(end) ? 8 + length + end : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  } finally {
    await handle.close();
  }
}
