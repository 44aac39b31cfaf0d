import type { FileVersion } from '#lib/deployment/config-schema.ts';
import type { OperationalKeyFile } from '#lib/deployment/operational-key-file.ts';
import type { Suggestion } from '#lib/onboarding/config-suggestions.ts';
import type { ConfigRow } from '../config/config-data.ts';
import type { ShownError } from '../ui/error-notice.tsx';

export type { Suggestion };

/** One variable of the step: its row (of the file, or of the template where there is no file yet) and what this machine proposes. */
export type GuideField = { row: ConfigRow; suggestion?: Suggestion; /** One of the quickstart's seven. */ guide: boolean };

/** Answer of GET /api/onboarding/configuration. No secret is in it. */
export type ConfigurationNow = {
  at: number;
  noDeployment?: true;
  deploymentError?: ShownError;
  path: string;
  version: FileVersion;
  /** Why config.env can't be read or written. */
  error?: ShownError;
  /** There is no config.env yet; the first save begins with config.env.template. */
  fromTemplate: boolean;
  fields: GuideField[];
  /** Things that make the file unusable, of the file as it is. */
  broken: number;
  /** Addresses of this machine's cards that nobody outside reaches; there is no public one among them. */
  privateAddresses: string[];
  operationalKey: OperationalKeyFile['state'];
};
