import { chainParticipantSchema, type ChainParticipant } from './schema.ts';

export type { ChainParticipant } from './schema.ts';

/** Chain REST path of a participant record (facts 5.3). */
export function participantPath(address: string): string {
  return `/productscience/inference/inference/participant/${encodeURIComponent(address)}`;
}

/**
 * Reads chain REST `participant/{address}`: the record; `false` when the chain says that there is none
 * (404 with gRPC code 5, and nothing else: a proxy's or a disabled route's 404 says nothing about the chain).
 * `status` and `weight` of the record are no evidence of membership (measured 25). Throws on a record of another address.
 */
export function readParticipantRecord(address: string) {
  return (status: number, json: unknown): ChainParticipant | false | undefined => {
    if (status === 404 && (json as { code?: unknown } | undefined)?.code === 5) return false;
    if (status < 200 || status >= 300) return undefined;
    const record = chainParticipantSchema.parse(json);
    if (record.address !== address) throw new TypeError('another participant');
    return record;
  };
}
