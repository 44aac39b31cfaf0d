import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { username } from 'better-auth/plugins';
import { authSecret } from '#lib/core/data-dir.ts';
import { panelEnv } from '#lib/core/env.ts';
import { singleton } from '#lib/core/singleton.ts';
import { db } from '#lib/db/client.ts';
import { allowedOrigins } from './allowed-origins.ts';

/** argon2id with OWASP's parameters: 19 MiB, 2 passes. */
const ARGON2ID = { algorithm: 2, memoryCost: 19456, timeCost: 2, parallelism: 1 } as const;

/** 19 MiB a guess: a flood of sign-ins may not eat the node's memory. */
const HASHES_AT_ONCE = 3;
let hashing = 0;
const waiting: (() => void)[] = [];

async function oneOfAFew<T>(work: () => Promise<T>): Promise<T> {
  while (hashing >= HASHES_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  hashing++;
  try {
    return await work();
  } finally {
    hashing--;
    waiting.shift()?.();
  }
}

export const hashPassword = (password: string): Promise<string> => oneOfAFew(() => hash(password, ARGON2ID));

function makeAuth() {
  const env = panelEnv();
  return betterAuth({
    secret: authSecret(env.dataDir),
    baseURL: `http://127.0.0.1:${env.port}`,
    trustedOrigins: allowedOrigins(env),
    database: prismaAdapter(db(), { provider: 'sqlite' }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 256,
      password: { hash: hashPassword, verify: ({ hash: stored, password }) => oneOfAFew(() => verify(stored, password)) },
    },
    plugins: [username({ minUsernameLength: 2, maxUsernameLength: 40 })],
    // No cookie cache: it would accept a cookie after sign-out.
    session: { expiresIn: 7 * 86400, updateAge: 3600, cookieCache: { enabled: false } },
    rateLimit: { enabled: true, storage: 'database', window: 10, max: 100, customRules: { '/sign-in/username': { window: 60, max: 10 } } },
    advanced: {
      cookiePrefix: 'panel',
      useSecureCookies: false, // the gate adds Secure where the request came over https
      defaultCookieAttributes: { sameSite: 'strict', httpOnly: true },
      ipAddress: { ipAddressHeaders: ['x-panel-ip'] },
    },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  });
}

export type Auth = ReturnType<typeof makeAuth>;

export function auth(): Auth {
  return singleton('auth', makeAuth);
}
