import { describe, expect, it } from 'vitest';
import type { TmkmsFolder } from '#lib/deployment/tmkms-key.ts';
import { type ChainKey, interlock, type InterlockInput } from './tmkms-interlock.ts';

const A = `${'A'.repeat(43)}=`;
const B = `${'B'.repeat(43)}=`;
const key: TmkmsFolder = { state: 'key', publicKey: A };
const empty: TmkmsFolder = { state: 'empty' };
const unreadable: TmkmsFolder = { state: 'unknown', why: 'EACCES' };
const same: ChainKey = { state: 'registered', key: A };
const other: ChainKey = { state: 'registered', key: B };
const fresh: ChainKey = { state: 'not-registered' };
const silent: ChainKey = { state: 'unknown', why: 'chain_no_answer' };

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
        const answer = interlock({ act, folder, hostRan, chain, proven: proven ? { key: A, at: 0 } : undefined });
        expect(letter[answer.answer]).toBe(row[chainName]);
      });
    }
  }

  it('a whole copy of a host is asked for its old server, whatever stands in .inference', () => {
    for (const hostRan of RAN) expect(interlock({ act: 'start', folder: key, hostRan, chain: same })).toEqual({ answer: 'reason-needed', reasons: [{ why: 'tmkms_moved', params: { own: A } }] });
    for (const hostRan of RAN) expect(interlock({ act: 'start', folder: key, hostRan, chain: same, proven: { key: A, at: 0 } })).toEqual({ answer: 'yes' });
  });

  it('a key that was proven here before another one was put here proves nothing', () => {
    expect(interlock({ act: 'start', folder: key, hostRan: true, chain: silent, proven: { key: B, at: 0 } }).answer).toBe('refused');
  });
});
