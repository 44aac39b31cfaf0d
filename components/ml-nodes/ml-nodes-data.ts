import type { AdminSide, DisableEffect, MlClock, MlNodeModel, MlNodesCheck, MlNodesView, MlNodeView, MlNodeWish, NodeCondition } from '#lib/operations/ml-nodes/schema.ts';

export type { AdminSide, DisableEffect, MlClock, MlNodeModel, MlNodesCheck, MlNodeView, MlNodeWish, NodeCondition };
/** Answer of GET /api/ml-nodes where there is a deployment. */
export type MlNodesNow = Exclude<MlNodesView, { noDeployment: true }>;
export type { MlNodesView };
