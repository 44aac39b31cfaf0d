import { registerSecrets } from '#lib/core/redact.ts';
import { singleton } from '#lib/core/singleton.ts';

/** What a save writes. It lives in memory only, as long as its operation. */
export type ConfigContent = { text: string; hasSecret: boolean; secrets: string[] };

const held = () => singleton('operations.config-content', () => new Map<string, ConfigContent>());

/** Keeps the content for an operation and its secrets out of everything that is printed. */
export function holdContent(id: string, content: ConfigContent): void {
  held().set(id, content);
  registerSecrets(`operation ${id}`, content.secrets);
}

export const contentOf = (id: string): ConfigContent | undefined => held().get(id);

/** The operation is over. What was written is a secret of config.env from then on (deployment/secret-values.ts). */
export function dropContent(id: string): void {
  held().delete(id);
  registerSecrets(`operation ${id}`, []);
}

/** Runs `work` while these values are masked wherever they would be printed. */
export async function whileMasked<T>(name: string, secrets: string[], work: () => Promise<T>): Promise<T> {
  registerSecrets(name, secrets);
  try {
    return await work();
  } finally {
    registerSecrets(name, []);
  }
}
