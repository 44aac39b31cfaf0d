import { describe, expect, it } from 'vitest';
import type { TmkmsFolder } from '#lib/deployment/tmkms-key.ts';
import type { SigningState } from '#lib/deployment/tmkms-state.ts';
import { type ChainKey, type ChainSignatures, interlock, type InterlockInput } from './tmkms-interlock.ts';

const A = `${'A'.repeat(43)}=`;
const B = `${'B'.repeat(43)}=`;
const key: TmkmsFolder = { state: 'key', publicKey: A };
const empty: TmkmsFolder = { state: 'empty' };
const unreadable: TmkmsFolder = { state: 'unknown', why: 'EACCES' };
const same: ChainKey = { state: 'registered', key: A };
const other: ChainKey = { state: 'registered', key: B };
const fresh: ChainKey = { state: 'not-registered' };
const silent: ChainKey = { state: 'unknown', why: 'chain_no_answer' };

/** Nobody signs with the key, and its state is that of its last signature. */
const quiet = { running: false, signing: { state: 'known', height: 990 }, signatures: { state: 'known', newest: 1000, gapUnread: false } } as const;

const CHAINS = { same, other, fresh, silent };
const RAN = [true, false, 'unknown'] as const;

/** Rows: folder, host has run before; columns: what the chain says. `y` yes, `r` a reason, `-` refused. */
const TABLE: [InterlockInput['act'], string, TmkmsFolder, (typeof RAN)[number], boolean, Record<keyof typeof CHAINS, string>][] = [
  // act, name, folder, ran, proven here before
  // A whole copy of a host brings an .inference along that has run: it was started with a plain yes.
  ['start', 'key', key, true, false, { same: 'r', other: '-', fresh: 'y', silent: '-' }],
  ['start', 'key', key, true, true, { same: 'y', other: '-', fresh: 'y', silent: 'y' }],
  ['start', 'key', key, false, false, { same: 'r', other: '-', fresh: 'y', silent: '-' }],
  ['start', 'key', key, false, true, { same: 'y', other: '-', fresh: 'y', silent: 'y' }],
  ['start', 'key', key, 'unknown', false, { same: 'r', other: '-', fresh: 'y', silent: '-' }],
  ['start', 'empty', empty, false, false, { same: '-', other: '-', fresh: 'y', silent: 'y' }],
  // Everything was deleted here, and while the chain was silent tmkms made another key for a registered host.
  ['start', 'empty', empty, false, true, { same: '-', other: '-', fresh: 'y', silent: '-' }],
  ['start', 'empty', empty, true, false, { same: '-', other: '-', fresh: '-', silent: '-' }],
  ['start', 'empty', empty, true, true, { same: '-', other: '-', fresh: '-', silent: '-' }],
  ['start', 'empty', empty, 'unknown', false, { same: '-', other: '-', fresh: '-', silent: '-' }],
  ['start', 'unreadable', unreadable, true, true, { same: '-', other: '-', fresh: '-', silent: '-' }],
  ['start', 'unreadable', unreadable, false, false, { same: '-', other: '-', fresh: '-', silent: '-' }],
  ['restart', 'key', key, true, false, { same: 'y', other: '-', fresh: 'y', silent: 'y' }],
  ['restart', 'key', key, 'unknown', false, { same: 'y', other: '-', fresh: 'y', silent: 'y' }],
  ['restart', 'empty', empty, true, false, { same: '-', other: '-', fresh: '-', silent: '-' }],
  ['restart', 'unreadable', unreadable, true, false, { same: 'r', other: 'r', fresh: 'r', silent: 'r' }],
];
const letter = { yes: 'y', 'reason-needed': 'r', refused: '-' };

describe('the interlock', () => {
  for (const [act, name, folder, hostRan, proven, row] of TABLE) {
    for (const [chainName, chain] of Object.entries(CHAINS) as [keyof typeof CHAINS, ChainKey][]) {
      it(`${act}, .tmkms ${name}, host ran ${hostRan}, ${proven ? 'proven here' : 'not proven'}, chain ${chainName}: ${row[chainName]}`, () => {
        const answer = interlock({ act, folder, hostRan, chain, proven: proven ? { key: A, at: 0 } : undefined, ...quiet });
        expect(letter[answer.answer]).toBe(row[chainName]);
      });
    }
  }

  it('a whole copy of a host is asked for its old server, whatever stands in .inference', () => {
    for (const hostRan of RAN) expect(interlock({ act: 'start', folder: key, hostRan, chain: same, ...quiet })).toEqual({ answer: 'reason-needed', reasons: [{ why: 'tmkms_moved', params: { own: A } }] });
    for (const hostRan of RAN) expect(interlock({ act: 'start', folder: key, hostRan, chain: same, proven: { key: A, at: 0 }, ...quiet })).toEqual({ answer: 'yes' });
  });

  it('a key that was proven here before another one was put here proves nothing', () => {
    expect(interlock({ act: 'start', folder: key, hostRan: true, chain: silent, proven: { key: B, at: 0 }, ...quiet }).answer).toBe('refused');
  });
});

describe('who else signs with the key', () => {
  const proven = { key: A, at: 0 };
  const known = (height: number): SigningState => ({ state: 'known', height });
  const signed = (last?: number, gapUnread = false): ChainSignatures => ({ state: 'known', newest: 1000, gapUnread, ...(last === undefined ? {} : { last }) });
  const absent: SigningState = { state: 'absent' };
  const dark: SigningState = { state: 'unknown', why: 'EACCES' };
  const mute: ChainSignatures = { state: 'unknown', why: 'chain_no_answer' };
  const answer = (over: Partial<InterlockInput>) => {
    const gate = interlock({ act: 'start', folder: key, chain: same, hostRan: true, proven, ...quiet, ...over });
    return gate.answer === 'yes' ? 'yes' : gate.answer === 'refused' ? gate.why : gate.reasons.map(({ why }) => why).join(' ');
  };
  const foreign = 'tmkms_foreign_signer';

  /** Rows: a start of a key proven here, of one that isn't, a recreate while it runs, a restart. */
  it.each([
    ['nobody signs', known(990), signed(), 'yes', 'tmkms_moved', 'yes', 'yes'],
    ['its own last signature', known(990), signed(985), 'yes', 'tmkms_moved', 'yes', 'yes'],
    ['its own signature of just now', known(1000), signed(1000), 'yes', foreign, 'yes', 'yes'],
    ['a signature above the state, just now', known(990), signed(1000), foreign, foreign, 'tmkms_state_old', 'tmkms_state_old'],
    ['a signature above the state, some time ago', known(500), signed(501), 'tmkms_state_old', 'tmkms_state_old', 'tmkms_state_old', 'tmkms_state_old'],
    ['a state that was set far ahead, and somebody signs', known(9_000_000), signed(999), foreign, foreign, 'tmkms_state_ahead', 'yes'],
    ['a state that was set far ahead', known(9_000_000), signed(), 'tmkms_state_ahead', 'tmkms_moved tmkms_state_ahead', 'tmkms_state_ahead', 'yes'],
    ['no state file', absent, signed(), 'tmkms_state_missing', 'tmkms_moved tmkms_state_missing', 'tmkms_state_missing', 'yes'],
    ['no state file, and somebody signs', absent, signed(999), foreign, foreign, 'tmkms_state_old', 'tmkms_state_old'],
    ['a state that can not be read', dark, signed(), 'tmkms_state_unreadable', 'tmkms_moved tmkms_state_unreadable', 'tmkms_state_unreadable', 'yes'],
    ['a state that can not be read, and somebody signs', dark, signed(999), foreign, foreign, 'tmkms_state_unreadable', 'yes'],
    ['blocks above the state that nobody shows', known(5), signed(undefined, true), 'tmkms_state_unproven', 'tmkms_moved tmkms_state_unproven', 'tmkms_state_unproven', 'yes'],
    ['the chain shows no signatures', known(990), mute, 'tmkms_signatures_unknown', 'tmkms_moved tmkms_signatures_unknown', 'tmkms_signatures_unknown', 'yes'],
  ] as const)('%s', (_name, signing, signatures, start, unproven, recreate, restart) => {
    expect([answer({ signing, signatures }), answer({ signing, signatures, proven: undefined }), answer({ signing, signatures, running: true }), answer({ signing, signatures, running: true, act: 'restart' })]).toEqual([start, unproven, recreate, restart]);
  });

  it('the key of a new host is nobody else\'s, or it is refused', () => {
    const made = { chain: fresh, hostRan: false, proven: undefined } as const;
    expect(answer({ ...made })).toBe('yes');
    expect(answer({ ...made, signatures: signed(1000) })).toBe(foreign);
    expect(answer({ ...made, folder: empty })).toBe('yes');
  });

  it('the record had the new key, the active set the old one', () => {
    expect(answer({ chain: { ...same, inSet: B } as ChainKey })).toBe('tmkms_key_not_in_set');
    expect(answer({ folder: { state: 'key', publicKey: B }, chain: { ...same, inSet: B } as ChainKey })).toBe('tmkms_key_differs');
  });

  it('a silent chain with a key proven here was a yes although nobody had looked for another signer', () => {
    expect(answer({ chain: silent, signatures: mute })).toBe('tmkms_signatures_unknown');
    expect(answer({ chain: silent, signatures: signed(1000) })).toBe(foreign);
  });
});
