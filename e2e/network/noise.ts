/** Bytes that look like weights or layers: the same for the same name, and nothing compresses them. */
import { createCipheriv, createHash } from 'node:crypto';

export function noise(name: string, length: number): Buffer {
  const key = createHash('sha256').update(name).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}
