import { expect, it } from 'vitest';
import { LATER } from './schedule.ts';

it.each(['database_full', 'database_locked', 'database_fails', 'engine_absent', 'compose_absent', 'compose_failed', 'docker_cli_absent', 'operation_command_failed', 'gate_tmkms_chain_unknown', 'gate_tmkms_empty_proven'])('%s passes: what waits for its window is not ended by it', (code) => expect(LATER.test(code)).toBe(true));

it.each(['schedule_plan_changed', 'schedule_expired', 'operation_no_deployment', 'config_changed', 'gate_tmkms_key_differs', 'gate_tmkms_empty', 'gate_tmkms_foreign_signer', 'compose_invalid'])('%s does not pass by itself', (code) => expect(LATER.test(code)).toBe(false));
