import type { CatalogueEntry, ModelCategory } from '#lib/models/catalogue.ts';
import type { NodeProposal, ProposalReason } from '#lib/models/propose-node.ts';
import type { FitReason, ModelFit, ReasonedToken, ServerFit } from '#lib/models/vram-fit.ts';
import type { Card, CardServer } from '#lib/watch/card-servers.ts';
import type { ShownError } from '../ui/error-notice.tsx';

export type { Card, CardServer, FitReason, ModelCategory, ModelFit, NodeProposal, ProposalReason, ReasonedToken, ServerFit };
/** A model as the page shows it; what only the calculation needs stays on the server. */
export type CatalogueModel = Pick<CatalogueEntry, 'id' | 'category' | 'vramGb' | 'vramOf' | 'instanceGb' | 'known' | 'approved' | 'governanceArgs' | 'source' | 'date'>;
/** A kind of card that "what if" offers, with what nvidia-smi reports for it. */
export type KnownCard = { kind: string; name: string; gb: number; totalMiB: number };
/** Where the approved models were read, or why they weren't; then the built-in table stands alone. */
export type GovernanceSource = { state: 'ok' | 'stale' | 'unknown' | 'rate-limited'; at?: number; source?: string; error?: ShownError };

/** Answer of GET /api/models. `at`: server clock in ms. */
export type ModelsNow = {
  at: number;
  /** Why the deployment can't be read, when it can't; there may be none at all. */
  deploymentError?: ShownError;
  noDeployment?: true;
  servers: CardServer[];
  catalogue: CatalogueModel[];
  governance: GovernanceSource;
  /** Day of the newest entry of the built-in table, `YYYY-MM-DD`. */
  builtInDate: string;
  cards: KnownCard[];
  /** For the servers above; empty when no card was found. */
  fits: ModelFit[];
};

/** A server for POST /api/models/fit. */
export type TypedServer = { name: string; gpus: { name: string; totalMiB: number }[]; ramGiB?: number };
/** Where the proposed ML node is: in the network node's own Docker project, or on another machine. */
export type Place = { where: 'same-docker' } | { where: 'remote'; host: string };
export type FitQuestion = { servers: TypedServer[]; /** Also the node-config.json entry for this model on the server of this name. */ propose?: { model: string; server: string; place: Place; taken: string[] } };
/** Answer of POST /api/models/fit. `proposal` null: the model doesn't fit there, or the guide only names it. */
export type FitAnswer = { fits: ModelFit[]; proposal?: NodeProposal | null };
