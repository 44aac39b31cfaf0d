import type { WeightsState } from '#lib/models/weights-cache.ts';
import type { ShownError } from '../ui/error-notice.tsx';

/** `bytes` on the disk, `download` what would come over the line; absent where nobody has said it. `wrong`: for another processor. */
export type ShownImage = { image: string; services: string[]; state: 'here' | 'absent' | 'wrong'; id?: string; architecture?: string; bytes?: number; download?: number };
export type ShownRoom = { path: string; freeBytes: number; totalBytes: number } | { path: string; why: string };

/** `state` as of lib/models/weights-cache.ts; `elsewhere`: its ML nodes are on another machine. `total`: by the hub, or estimated. `running`: a container downloads it now. */
export type ShownWeights = { model: string; revision?: string; nodes: string[]; state: WeightsState['state'] | 'elsewhere'; bytes?: number; missing?: number; /** Whole, with an unfinished file beside it that may be a leftover. */ beside?: true; total?: number; estimated?: boolean; running: boolean };

/** Answer of GET /api/onboarding/images. Each part fails alone. */
export type ImagesNow = {
  /** Milliseconds. */
  at: number;
  deployment: { dir: string } | null;
  deploymentError?: ShownError;
  engineError?: ShownError;
  images: ShownImage[];
  /** Of all that are missing, a shared layer once. */
  download?: number;
  imageRoom?: ShownRoom;
  /** Absent: no ML node of this machine. `mlNode`: whether it can download itself; absent where it doesn't run, or may not. */
  place?: { service: string; cache: string; offline: boolean; imageHere: boolean; mlNode?: 'offers' | 'absent' | 'unknown'; room: ShownRoom };
  /** Absent: node-config.json can't be read. */
  weights?: ShownWeights[];
};
