/**
 * The keyring of `inferenced`. `file` (measured 5): keyring-file/ (0700) with `keyhash` (60 bytes), `NAME.info` and `<hex>.address`
 * (0600, encrypted with the password). The real one uses bcrypt and JWE; ours looks the same from outside.
 * `test`: keyring-test/ with the same files, no `keyhash`, no password. `os`: keyring-os/ plays the secret store of a system that is unlocked.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBech32 } from './addresses.ts';

export type Key = { name: string; address: string; pubKey: string; privateKey: string };

export const BACKENDS = ['file', 'test', 'os'] as const;
export type Backend = (typeof BACKENDS)[number];

const derive = (password: string, salt: string): Buffer => scryptSync(password, salt, 32, { N: 1024 });

export class Keyring {
  readonly dir: string;
  readonly asksPassword: boolean;

  constructor(home: string, backend: Backend = 'file') {
    this.dir = join(home, `keyring-${backend}`);
    this.asksPassword = backend === 'file';
  }

  get exists(): boolean {
    return existsSync(join(this.dir, 'keyhash'));
  }

  /** Sets the password of a new keyring. */
  create(password: string): void {
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    const salt = randomBytes(17).toString('base64').replaceAll(/[=+]/g, '.').slice(0, 22);
    const hash = derive(password, salt).toString('base64').replaceAll(/[=+]/g, '.').slice(0, 31);
    writeFileSync(join(this.dir, 'keyhash'), `$2a$10$${salt}${hash}`, { mode: 0o600 });
  }

  accepts(password: string): boolean {
    const text = readFileSync(join(this.dir, 'keyhash'), 'utf8');
    const hash = derive(password, text.slice(7, 29)).toString('base64').replaceAll(/[=+]/g, '.').slice(0, 31);
    return timingSafeEqual(Buffer.from(hash), Buffer.from(text.slice(29, 60)));
  }

  names(): string[] {
    return existsSync(this.dir) ? readdirSync(this.dir).filter((file) => file.endsWith('.info')).map((file) => file.slice(0, -5)).sort() : [];
  }

  has(name: string): boolean {
    return existsSync(join(this.dir, `${name}.info`));
  }

  read(name: string, password: string): Key {
    const [, salt = '', iv = '', data = '', tag = ''] = readFileSync(join(this.dir, `${name}.info`), 'utf8').split('.');
    const decipher = createDecipheriv('aes-256-gcm', derive(password, salt), Buffer.from(iv, 'base64url')).setAuthTag(Buffer.from(tag, 'base64url'));
    return JSON.parse(Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]).toString()) as Key;
  }

  write(key: Key, password: string): void {
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    const salt = randomBytes(12).toString('base64url');
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', derive(password, salt), iv);
    const data = Buffer.concat([cipher.update(JSON.stringify(key)), cipher.final()]);
    const header = Buffer.from(JSON.stringify({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 8192 })).toString('base64url');
    const text = [header, salt, iv.toString('base64url'), data.toString('base64url'), cipher.getAuthTag().toString('base64url')].join('.');
    if (this.has(key.name)) {
      const addresses = readdirSync(this.dir).filter((file) => file.endsWith('.address'));
      for (const file of addresses) if (readFileSync(join(this.dir, file), 'utf8').endsWith(`#${key.name}`)) rmSync(join(this.dir, file));
    }
    writeFileSync(join(this.dir, `${key.name}.info`), text, { mode: 0o600 });
    const decoded = fromBech32(key.address);
    if (!('error' in decoded)) writeFileSync(join(this.dir, `${Buffer.from(decoded.data).toString('hex')}.address`), `${header}.${salt}#${key.name}`, { mode: 0o600 });
  }
}
