import { z } from 'zod';
import { clock } from '#lib/core/clock.ts';
import { adminRequest, inOneLine } from './admin-request.ts';
import type { MlReading } from './client.ts';
import { getJson } from './http-get.ts';
import type { MlNodesError } from './schema.ts';

/*
 * An ML node's own downloads of models (facts 10.1; mlnode 3.0.10 and later). DELETE, its only way to stop one, is not
 * offered here: it throws away what is there, and without a commit every revision of the model, finished or not.
 */

const PATH = '/api/v1/models';
/** Port of the ML node's own side inside its container (facts 2.1). */
export const ML_NODE_PORT = 8080;
/** It asks the hub for the list of files before it answers (ms). */
const TIMEOUT_MS = 60_000;
const STATUS_TIMEOUT_MS = 20_000;

export type ModelAtHub = { model: string; revision?: string };
/** As the ML node calls it. Only `DOWNLOADING` is a fact: `DOWNLOADED` counts files however short, and without the hub nothing is. `error`: its words about its last attempt, masked. */
export type DownloadState = { status: 'DOWNLOADED' | 'DOWNLOADING' | 'NOT_FOUND' | 'PARTIAL'; error?: string };
export type DownloadAnswer = 'started' | 'under-way' | 'there' | 'switched-off' | 'too-many';

/** What is sent about a model: a revision by its own name, null for the newest. */
export const modelBody = ({ model, revision }: ModelAtHub): { hf_repo: string; hf_commit: string | null } => ({ hf_repo: model, hf_commit: revision ?? null });
/** The address of the request that starts a download. `base` such as `http://172.18.0.9:8080`. */
export const downloadUrl = (base: string): string => `${base}${PATH}/download`;

/**
 * Whether the ML node has downloads at all, without asking for one: a route that is only POST refuses GET with 405, one that
 * isn't there is 404. Never throws; every other answer is unknown.
 */
export async function offersDownloads(base: string): Promise<MlReading<boolean>> {
  const answer = await getJson(base, `${PATH}/download`);
  const status = 'error' in answer ? answer.error.params.status : 200;
  if (status === 405 || status === 404) return { value: status === 405, at: clock.now() };
  return 'error' in answer ? answer : malformed(base);
}

const stateAnswer = z.object({ status: z.enum(['DOWNLOADED', 'DOWNLOADING', 'NOT_FOUND', 'PARTIAL']), error_message: z.string().nullish() });

/** What the ML node says of its download of a model. Where none is under way it asks the hub: not for every look of a page. Never throws. */
export async function modelDownload(base: string, wanted: ModelAtHub): Promise<MlReading<DownloadState>> {
  const answer = await adminRequest(base, 'POST', `${PATH}/status`, modelBody(wanted), STATUS_TIMEOUT_MS);
  if (answer.error) return answer;
  const { data } = stateAnswer.safeParse(answer.json);
  if (!data) return malformed(base);
  return { value: { status: data.status, ...(data.error_message ? { error: inOneLine([data.error_message]) } : {}) }, at: clock.now() };
}

/** Asks it to download. It starts none twice (409), at most three at once (429), and none with HF_HUB_OFFLINE. Never throws. */
export async function startModelDownload(base: string, wanted: ModelAtHub): Promise<{ value: DownloadAnswer; error?: undefined } | { value?: undefined; error: MlNodesError }> {
  const answer = await adminRequest(base, 'POST', `${PATH}/download`, modelBody(wanted), TIMEOUT_MS);
  if (answer.error?.params.status === 409) return { value: 'under-way' };
  if (answer.error?.params.status === 429) return { value: 'too-many' };
  if (answer.error) return answer;
  switch (Object(answer.json).status) {
    case 'DOWNLOADING': return { value: 'started' };
    // It may have failed before it had answered: what it says next tells.
    case 'PARTIAL': case 'NOT_FOUND': return { value: 'started' };
    case 'DOWNLOADED': return { value: 'there' };
    case 'IGNORED': return { value: 'switched-off' };
    default: return malformed(base);
  }
}

const malformed = (base: string): { error: MlNodesError } => ({ error: { code: 'mlnodes_malformed', params: { host: URL.canParse(base) ? new URL(base).host : base.slice(0, 100) } } });
