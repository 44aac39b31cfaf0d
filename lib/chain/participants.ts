import { participantRow } from './participant-row.ts';
import {
  activeParticipantsSchema, excludedSchema, parseTime,
  type Excluded, type Participant,
} from './schema.ts';

export type { Excluded, Participant } from './schema.ts';

/** The active set of an epoch as one answer tells it. */
export type ActiveSet = {
  epoch: number;
  list: Participant[];
  /** Nobody passed the PoC of this epoch: a fact about the network, not an outage (measured 17). */
  pocFailed?: true;
  /** Rows that could not be read. A proof needs 0; a display says how many. */
  unread: number;
  excluded: Excluded[];
  effectiveHeight?: number;
  chainId?: string;
  /** How many validator addresses stand beside the rows: one each, in a whole answer. */
  addresses?: number;
  /** Header of the block that the answer's own proof is about. */
  block?: { height: number; time: number };
};

/**
 * Reads `/v1/epochs/current/participants`. 404 with the words of a failed PoC is an answer: `list` is empty and
 * `epoch` is 0, because the answer doesn't name it. Undefined for every other status; throws on a malformed body, and
 * one without a list of participants is that.
 */
export function readActiveSet(status: number, json: unknown): ActiveSet | undefined {
  if (status === 404) {
    const words = (json as { error?: unknown } | undefined)?.error;
    const failed = typeof words === 'string' && /no active participants found|PoC failed/i.test(words);
    return failed ? { epoch: 0, list: [], pocFailed: true, unread: 0, excluded: [] } : undefined;
  }
  if (status < 200 || status >= 300) return undefined;
  const raw = activeParticipantsSchema.parse(json);
  const epoch = raw.active_participants.epoch_id ?? raw.active_participants.epoch_group_id;
  if (epoch === null || epoch === undefined) throw new TypeError('no epoch');
  const list: Participant[] = [];
  const seen = new Set<string>();
  let unread = 0;
  for (const row of raw.active_participants.participants) {
    const read = participantRow(row);
    // Twice the same address would count its weight twice.
    if (!read || seen.has(read.address)) unread += 1;
    else {
      seen.add(read.address);
      list.push(read);
    }
  }
  const excluded = (raw.excluded_participants ?? []).flatMap((row) => {
    const parsed = excludedSchema.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
  const header = raw.block?.header;
  const time = header?.time ? parseTime(header.time) : undefined;
  return {
    epoch,
    list,
    unread,
    excluded,
    ...(raw.active_participants.effective_block_height > 0 ? { effectiveHeight: raw.active_participants.effective_block_height } : {}),
    ...(header?.chain_id ? { chainId: header.chain_id } : {}),
    ...(raw.addresses ? { addresses: raw.addresses.length } : {}),
    ...(header?.height && time !== undefined ? { block: { height: header.height, time } } : {}),
  };
}

/** The place of an address by weight, from 1; equal weights share the better place. Undefined when it isn't in the list. */
export function rankOf(list: Participant[], address: string): number | undefined {
  const own = list.find((participant) => participant.address === address);
  return own && 1 + list.filter((participant) => participant.weight > own.weight).length;
}
