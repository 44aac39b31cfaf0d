/** The chain's parameters beside the epoch's, as the chain's REST answers them; each release adds to the one before. */
type Params = Record<string, Record<string, unknown>>;

const PARAMS_024: Params = {
  validation_params: {"false_positive_rate": {"value": "5", "exponent": -2}, "min_ramp_up_measurements": 10, "pass_value": {"value": "99", "exponent": -2}, "min_validation_average": {"value": "1", "exponent": -2}, "max_validation_average": {"value": "1", "exponent": 0}, "expiration_blocks": "10", "epochs_to_max": "100", "full_validation_traffic_cutoff": "100", "min_validation_halfway": {"value": "5", "exponent": -2}, "min_validation_traffic_cutoff": "10", "miss_percentage_cutoff": {"value": "1", "exponent": -2}, "miss_requests_penalty": {"value": "1", "exponent": 0}, "timestamp_expiration": "60", "timestamp_advance": "30", "estimated_limits_per_block_kb": "0"},
  poc_params: {"default_difficulty": 5, "validation_sample_size": 200, "poc_data_pruning_epoch_threshold": "1"},
  tokenomics_params: {"subsidy_reduction_interval": {"value": "5", "exponent": -2}, "subsidy_reduction_amount": {"value": "2", "exponent": -1}, "current_subsidy_percentage": {"value": "9", "exponent": -1}, "top_reward_allowed_failure": {"value": "1", "exponent": -1}, "top_miner_poc_qualification": "10", "work_vesting_period": "0", "reward_vesting_period": "0", "top_miner_vesting_period": "0"},
  collateral_params: {"slash_fraction_invalid": {"value": "2", "exponent": -1}, "slash_fraction_downtime": {"value": "1", "exponent": -1}, "downtime_missed_percentage_threshold": {"value": "5", "exponent": -2}, "grace_period_end_epoch": "180", "base_weight_ratio": {"value": "2", "exponent": -1}, "collateral_per_weight_unit": {"value": "1", "exponent": 0}},
  bitcoin_reward_params: {"use_bitcoin_rewards": true, "initial_epoch_reward": "285000000000000", "decay_rate": {"value": "-475", "exponent": -6}, "genesis_epoch": "1", "utilization_bonus_factor": {"value": "5", "exponent": -1}, "full_coverage_bonus_factor": {"value": "12", "exponent": -1}, "partial_coverage_bonus_factor": {"value": "1", "exponent": -1}},
  dynamic_pricing_params: {"stability_zone_lower_bound": {"value": "4", "exponent": -1}, "stability_zone_upper_bound": {"value": "6", "exponent": -1}, "price_elasticity": {"value": "5", "exponent": -2}, "utilization_window_duration": "60", "min_per_token_price": "1", "base_per_token_price": "100", "grace_period_end_epoch": "90", "grace_period_per_token_price": "0"},
  bandwidth_limits_params: {"estimated_limits_per_block_kb": "43008", "kb_per_input_token": {"value": "23", "exponent": -4}, "kb_per_output_token": {"value": "64", "exponent": -2}, "invalidations_limit": "0", "invalidations_sample_period": "0", "invalidations_limit_curve": "0"},
};

const ADDED_028: Params = {
  validation_params: {"invalid_reputation_preserve": {"value": "0", "exponent": 0}, "bad_participant_invalidation_rate": {"value": "2", "exponent": -1}, "invalidation_h_threshold": {"value": "4", "exponent": 0}, "downtime_good_percentage": {"value": "1", "exponent": -1}, "downtime_bad_percentage": {"value": "2", "exponent": -1}, "downtime_h_threshold": {"value": "4", "exponent": 0}, "downtime_reputation_preserve": {"value": "0", "exponent": 0}, "quick_failure_threshold": {"value": "1", "exponent": -6}, "binom_test_p0": {"value": "1", "exponent": -1}},
  poc_params: {"weight_scale_factor": {"value": "1", "exponent": 0}, "model_params": {"dim": 1792, "n_layers": 64, "n_heads": 64, "n_kv_heads": 64, "vocab_size": 8196, "ffn_dim_multiplier": {"value": "1", "exponent": 1}, "multiple_of": 8192, "norm_eps": {"value": "1", "exponent": -5}, "rope_theta": 10000, "use_scaled_rope": false, "seq_len": 256, "r_target": {"value": "1398077", "exponent": -6}}, "model_id": "", "seq_len": "256", "poc_v2_enabled": false, "confirmation_poc_v2_enabled": false, "stat_test": {"dist_threshold": {"value": "4", "exponent": -1}, "p_mismatch": {"value": "1", "exponent": -1}, "p_value_threshold": {"value": "5", "exponent": -2}}},
  bandwidth_limits_params: {"minimum_concurrent_invalidations": 0, "max_inferences_per_block": "0"},
  confirmation_poc_params: {"expected_confirmations_per_epoch": "0", "alpha_threshold": {"value": "0", "exponent": 0}, "slash_fraction": {"value": "0", "exponent": 0}, "upgrade_protection_window": "500"},
  genesis_guardian_params: {"network_maturity_threshold": "2000000", "network_maturity_min_height": "0", "guardian_addresses": []},
  developer_access_params: {"until_block_height": "0", "allowed_developer_addresses": []},
  participant_access_params: {"new_participant_registration_start_height": "0", "blocked_participant_addresses": [], "use_participant_allowlist": false, "participant_allowlist_until_block_height": "0"},
};

// Names of the later groups from facts 5.3; values of facts 14 where they are known.
const ADDED_0214: Params = {
  poc_params: { models: [{ model_id: "Qwen/Qwen3-235B-A22B-Instruct-2507-FP8", seq_len: "1024", weight_scale_factor: { value: "359", exponent: -3 }, penalty_start_epoch: "0" }] },
  delegation_params: { refusal_penalty: { value: "10", exponent: -2 }, no_participation_penalty: { value: "15", exponent: -2 }, delegation_share: { value: "5", exponent: -2 } },
  transfer_agent_access_params: { allowed_transfer_addresses: [] },
  devshard_escrow_params: { min_amount: "0", max_escrows_per_epoch: "0" },
  confirmation_poc_params: { confirmation_poc_safety_window: "5" },
};

function merged(base: Params, added: Params): Params {
  const out: Params = { ...base };
  for (const [group, values] of Object.entries(added)) out[group] = { ...base[group], ...values };
  return out;
}

const PARAMS_028 = merged(PARAMS_024, ADDED_028);

export const CHAIN_PARAMS = { '0.2.4': PARAMS_024, '0.2.8': PARAMS_028, '0.2.14': merged(PARAMS_028, ADDED_0214) } as const;
