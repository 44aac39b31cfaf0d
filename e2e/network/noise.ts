/** Bytes that look like weights or layers: the same for the same name, and nothing compresses them. */
import { createCipheriv, createHash } from 'node:crypto';

export function noise(name: string, length: number): Buffer {
  const key = createHash('sha256').update(name).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** A `.safetensors` file with one tensor of so many bytes: its header says how long the file is. */
export function safetensors(tensor: string, bytes: number): Buffer {
  const header = Buffer.from(JSON.stringify({ [tensor]: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, noise(tensor, bytes)]);
}
