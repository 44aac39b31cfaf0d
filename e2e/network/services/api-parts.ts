import type { Key, Keyring } from '../keyring.ts';
import type { ApiConfig } from './api-config.ts';
import type { MlNodes } from './ml-nodes.ts';
import type { WorldLink } from './world-link.ts';

/** Everything that the parts of a running api share. */
export type Api = { config: ApiConfig; link: WorldLink; nodes: MlNodes; keyring: Keyring; key: Key };
