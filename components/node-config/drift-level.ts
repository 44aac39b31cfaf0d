import type { StateWord } from '../ui/state.tsx';
import type { NodeDrift } from './node-config-data.ts';

/** What only informs is no drift to worry about. */
export const DRIFT_LEVEL: Record<NodeDrift['whatToDo'], StateWord> = {
  add_to_api: 'attention', only_in_api: 'attention', only_in_api_merged: 'attention', update_api: 'attention', api_waits_for_file: 'working', governance_wins: 'attention', governance_adds: 'ok', model_unapproved: 'broken', hardware_detected: 'attention',
};
