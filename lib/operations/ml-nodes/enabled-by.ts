/** What is known of a node that is enabled though it is to stay disabled. Times in ms. */
export type EnabledSight = {
  /** Its `admin_state.epoch`. */
  adminEpoch: number;
  /** The epoch that its disable was seen with; absent: not seen by this panel's life. */
  disabledEpoch?: number;
  /** When it was seen disabled last, or when the disable was wanted. */
  disabledAt: number;
  /** When the containers of api and node were started; absent: unknown, or there is none. */
  apiStartedAt?: number;
  nodeStartedAt?: number;
};

/**
 * Who enabled it. A restart of the api forgets every disable and starts with epoch 0 (measured 26, 44), and a restart of
 * node takes the api with it (measured 27, 44); an enable by hand leaves the epoch that it was made in, which is never lower
 * than that of the disable. Without evidence of a restart it was a person, and nobody fights a person.
 */
export function enabledBy({ adminEpoch, disabledEpoch, disabledAt, apiStartedAt, nodeStartedAt }: EnabledSight): 'restart' | 'hand' {
  if (adminEpoch === 0 || (disabledEpoch !== undefined && adminEpoch < disabledEpoch)) return 'restart';
  return [apiStartedAt, nodeStartedAt].some((at) => at !== undefined && at > disabledAt) ? 'restart' : 'hand';
}
