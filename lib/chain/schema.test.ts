import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { participantRow } from './participant-row.ts';
import { amount, chainParticipantSchema, epochInfoSchema, epochLatestSchema, int, intOrZero, parseJson, parseTime, participantSchema, text } from './schema.ts';

const STAGES = { epoch_index: 56, poc_start: 873251, poc_generation_wind_down: 873299, poc_generation_end: 873311, poc_validation_start: 873316, poc_validation_wind_down: 873412, poc_validation_end: 873436, set_new_validators: 873556, claim_money: 873557, inference_validation_cutoff: 888562, next_poc_start: 888642 };
const PARAMS = { epoch_length: 15391, epoch_shift: 16980, poc_stage_duration: 60, poc_exchange_duration: 5, poc_validation_delay: 5, poc_validation_duration: 120, set_new_validators_delay: 120, inference_validation_cutoff: 80 };
const LATEST = { block_height: 887711, latest_epoch: { index: 56, poc_start_block_height: 873251 }, phase: 'Inference', epoch_stages: STAGES, epoch_params: PARAMS };

describe('integers', () => {
  test('a number and its decimal string are the same', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (n) => int.parse(n) === n && int.parse(String(n)) === n));
  });
  test('what is no safe integer is refused, not rounded', () => {
    for (const bad of [1.5, '1.5', '9007199254740993', 2 ** 53, 'abc', '', '0x10', ' 1', true, null, {}]) expect(int.safeParse(bad).success).toBe(false);
  });
  test('absent and null are 0', () => {
    expect([intOrZero.parse(undefined), intOrZero.parse(null), amount.parse(undefined)]).toEqual([0, 0, 0n]);
  });
  test('amounts keep every digit', () => {
    fc.assert(fc.property(fc.bigInt(-(2n ** 200n), 2n ** 200n), (n) => amount.parse(n.toString()) === n));
    expect(amount.safeParse(1.5).success).toBe(false);
  });
  test('JSON numbers beyond 2^53 survive', () => {
    expect(parseJson('{"a":5839402176541298043,"b":[1,-9223372036854775807],"c":1.5}')).toEqual({ a: '5839402176541298043', b: [1, '-9223372036854775807'], c: 1.5 });
    fc.assert(fc.property(fc.bigInt(0n, 2n ** 70n), (n) => amount.parse((parseJson(`{"x": ${n}}`) as { x: number | string }).x) === n));
  });
  test('ordinary JSON is read as JSON.parse reads it', () => {
    const values = fc.jsonValue().map((value) => JSON.stringify(value)).filter((source) => !/\d{16}/.test(source));
    fc.assert(fc.property(values, (source) => {
      expect(parseJson(source)).toEqual(JSON.parse(source));
    }));
  });
});

describe('texts', () => {
  test('invisible and turning characters are taken out, and long ones refused', () => {
    expect(text(100).parse('a\u202eb\u0000c\u200bd\u001b[31m')).toBe('abcd[31m');
    expect(text(3).safeParse('abcd').success).toBe(false);
  });
  test('times of any precision; the zero time is none', () => {
    expect(parseTime('2025-10-18T08:56:30.70791873Z')).toBe(Date.UTC(2025, 9, 18, 8, 56, 30, 707));
    expect(parseTime('1970-01-01T00:00:00Z')).toBeUndefined();
    expect(parseTime('0001-01-01T00:00:00Z')).toBeUndefined();
    expect(parseTime('yesterday')).toBeUndefined();
  });
});

/** The same answer as another release writes it: numbers as strings, zeros left out. */
function asStrings(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(asStrings);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== 0).map(([key, inner]) => [key, asStrings(inner)]));
  return value;
}

describe('epochs/latest', () => {
  test('numbers, strings and absent zeros read alike', () => {
    expect(epochLatestSchema.parse(asStrings(LATEST))).toEqual(epochLatestSchema.parse(LATEST));
  });
  test('0.2.15: parameters one level deeper, as strings', () => {
    const nested = { ...LATEST, epoch_params: { epoch_params: asStrings(PARAMS) } };
    expect(epochLatestSchema.parse(nested).params).toEqual(epochLatestSchema.parse(LATEST).params);
  });
  test('an unknown phase is none, and stages may be missing', () => {
    expect(epochLatestSchema.parse({ ...LATEST, phase: 7, epoch_stages: null }).phase).toBeUndefined();
  });
  test('confirmation PoC: absent, no, yes, an event, and nonsense', () => {
    const read = (extra: object) => epochLatestSchema.parse({ ...LATEST, ...extra }).confirmationPoc;
    expect(read({})).toBe('absent');
    expect(read({ is_confirmation_poc_active: false, active_confirmation_poc_event: null })).toBe('inactive');
    expect(read({ is_confirmation_poc_active: true })).toBe('active');
    expect(read({ active_confirmation_poc_event: { phase: 2 } })).toBe('active');
    expect(read({ active_confirmation_poc_event: { phase: 'CONFIRMATION_POC_GENERATION' } })).toBe('active');
    expect(read({ is_confirmation_poc_active: false, active_confirmation_poc_event: { phase: 'CONFIRMATION_POC_COMPLETED' } })).toBe('inactive');
    expect(read({ is_confirmation_poc_active: 'perhaps' })).toBe('unreadable');
    expect(read({ active_confirmation_poc_event: 'x' })).toBe('unreadable');
  });
  test('never throws anything but a ZodError, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        epochLatestSchema.safeParse(value);
        epochInfoSchema.safeParse(value);
        participantSchema.safeParse(value);
        chainParticipantSchema.safeParse(value);
      }),
    );
  });
});

describe('participants', () => {
  const full = { index: 'gonka1x', validator_key: 'k', weight: 37778, inference_url: 'http://h:8000', models: ['a', 'b'], ml_nodes: [{ ml_nodes: [{ node_id: 'n1', poc_weight: 5, timeslot_allocation: [true, false] }] }, { ml_nodes: null }] };
  test('ml_nodes belong to the model of the same place; null and absent are none', () => {
    expect(participantSchema.parse(full).mlNodes).toEqual([{ model: 'a', id: 'n1', pocWeight: 5, timeslots: [true, false] }]);
    expect(participantSchema.parse({ ...full, ml_nodes: null }).mlNodes).toEqual([]);
    expect(participantSchema.parse({ index: 'gonka1x' })).toEqual({ address: 'gonka1x', validatorKey: '', weight: 0, url: '', models: [], mlNodes: [] });
  });
  test('numbers as strings (0.2.15) read alike, unknown fields are dropped', () => {
    expect(participantSchema.parse({ ...(asStrings(full) as object), voting_powers: [1], __proto__: { x: 1 } })).toEqual(participantSchema.parse(full));
  });
  test('tolerance over any mix of forms', () => {
    const number = fc.integer({ min: 0, max: 1e9 }).chain((n) => fc.constantFrom<[unknown, number]>([n, n], [String(n), n]));
    fc.assert(
      fc.property(number, number, fc.boolean(), ([weight, w], [poc, p], absent) => {
        const row = participantSchema.parse({ index: 'gonka1x', weight: absent ? undefined : weight, models: ['m'], ml_nodes: [{ ml_nodes: [{ node_id: 'n', poc_weight: poc }] }] });
        return row.weight === (absent ? 0 : w) && row.mlNodes[0]?.pocWeight === p;
      }),
    );
  });
  test('the fast reader of rows says what the schema says, whatever comes', () => {
    const odd = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', '1', '\u202e', '-') }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.constantFrom('true', '12', '-3', 'x'.repeat(200)));
    const node = fc.oneof({ weight: 5, arbitrary: fc.record({ node_id: odd, poc_weight: odd, timeslot_allocation: fc.oneof(fc.array(odd, { maxLength: 3 }), odd) }, { requiredKeys: [] }) }, odd);
    const row = fc.oneof(
      { weight: 6, arbitrary: fc.record({ index: odd, address: odd, validator_key: odd, weight: odd, inference_url: odd, models: fc.oneof(fc.array(odd, { maxLength: 3 }), odd), ml_nodes: fc.oneof(fc.array(fc.oneof(fc.record({ ml_nodes: fc.oneof(fc.array(node, { maxLength: 3 }), odd) }, { requiredKeys: [] }), odd), { maxLength: 3 }), odd) }, { requiredKeys: [] }) },
      { weight: 2, arbitrary: fc.record({ index: fc.string({ minLength: 1, maxLength: 40 }), weight: fc.integer().map(String), models: fc.array(fc.string({ maxLength: 20 })), ml_nodes: fc.array(fc.record({ ml_nodes: fc.array(fc.record({ node_id: fc.string(), poc_weight: fc.integer(), timeslot_allocation: fc.array(fc.boolean()) })) })) }) },
      fc.anything(),
    );
    let read = 0;
    fc.assert(
      fc.property(row, (value) => {
        const parsed = participantSchema.safeParse(value);
        if (parsed.success) read += 1;
        expect(participantRow(value)).toEqual(parsed.success ? parsed.data : undefined);
      }),
      { numRuns: 3_000 },
    );
    expect(read).toBeGreaterThan(300);
  });
  test('a status is a name or a number', () => {
    const read = (status: unknown) => chainParticipantSchema.parse({ participant: { address: 'gonka1x', status } }).status;
    expect([read('ACTIVE'), read(1), read('1'), read(4), read(undefined), read(99)]).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'RAMPING', 'UNSPECIFIED', 'UNSPECIFIED']);
  });
});
