import { expect, test } from 'vitest';
import { newAccountKey } from './addresses.ts';
import { timeOfBlock } from './chain.ts';
import { acceptsUrl, advance, claim, createLedger, grant, grantsInForce, hostOf, register, reportHardware, reportParticipation, revoke, setOf, totalWeight } from './ledger.ts';
import { createWorld } from './world.ts';

const VALIDATOR = 'OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw=';

function network(duty = 0) {
  const now = 1_800_000_000_000;
  const world = createWorld({ now, duty, release: '0.2.8' });
  const ledger = createLedger(world, now);
  const key = newAccountKey();
  const at = (height: number) => advance(ledger, world, timeOfBlock(world.clock, height));
  const join = () => register(ledger, world, { address: key.address, pub_key: key.pubKey, url: 'http://203.0.113.7:8000', validator_key: VALIDATOR }, now);
  const takePart = (epoch: number) => reportParticipation(ledger, { epoch, address: key.address, nodes: [{ id: 'node1', model: 'Qwen/Qwen2.5-7B-Instruct' }] });
  const mine = (epoch: number) => setOf(ledger, epoch)?.members.find((member) => member.address === key.address);
  return { now, world, ledger, key, at, join, takePart, mine };
}

test('more than thirty hosts have weight from the beginning', () => {
  const { ledger } = network();
  expect(setOf(ledger, 200)?.members.length).toBeGreaterThan(30);
  expect(totalWeight(setOf(ledger, 200))).toBeGreaterThan(200);
});

test('a host is in the set whose PoC it took part in, made when validation ends, and out of the next one', () => {
  const { at, join, takePart, mine, ledger } = network();
  join();
  takePart(201);
  at(12_079);
  expect(setOf(ledger, 201)).toBeUndefined();
  at(12_080);
  expect(mine(201)).toMatchObject({ weight: 40, mlNodes: [{ id: 'node1', pocWeight: 40, slots: [true, false] }] });
  at(12_140);
  expect(setOf(ledger, 202)).toBeDefined();
  expect(mine(202)).toBeUndefined();
});

test('a node on duty keeps its weight without PoC, and is listed without weight when it is deleted (measured 42, 45)', () => {
  const { at, join, takePart, mine, ledger, key } = network(1);
  join();
  reportHardware(ledger, key.address, [{ id: 'node1', status: 'INFERENCE', models: [], host: 'inference', port: 8080 }]);
  takePart(201);
  at(12_080);
  expect(mine(201)?.mlNodes[0]?.slots).toEqual([true, true]);
  at(12_140);
  expect(mine(202)).toMatchObject({ weight: 40 });
  reportHardware(ledger, key.address, []);
  at(12_200);
  expect(mine(203)).toEqual({ address: key.address, mlNodes: [] });
  at(12_260);
  expect(mine(204)).toBeUndefined();
});

test('a node that is drawn for duty in two sets in a row leaves one epoch after the last draw, never having taken part (measured 42)', () => {
  const { at, join, takePart, mine, ledger, key, world } = network();
  join();
  world.draws = { node1: [201, 202] };
  reportHardware(ledger, key.address, [{ id: 'node1', status: 'STOPPED', models: [], host: 'inference', port: 8080 }]);
  takePart(201);
  at(12_080);
  expect(mine(201)?.mlNodes[0]?.slots).toEqual([true, true]);
  at(12_140);
  expect(mine(202)).toMatchObject({ weight: 40, mlNodes: [{ slots: [true, true] }] });
  at(12_200);
  expect(mine(203)).toMatchObject({ weight: 40, mlNodes: [{ slots: [true, false] }] });
  expect(hostOf(ledger, key.address)).toMatchObject({ unbondingHeight: 0, unbondings: 0 });
  at(12_260);
  expect(mine(204)).toBeUndefined();
  expect(hostOf(ledger, key.address)).toMatchObject({ unbondingHeight: 12_264, unbondings: 1 });
});

test('rewards are there at the next set, stay until they are claimed, and burn with the epoch', () => {
  const { at, join, takePart, ledger, key } = network();
  join();
  takePart(201);
  takePart(202);
  at(12_141);
  expect(ledger.settle).toEqual([]);
  at(12_142);
  expect(ledger.settle).toMatchObject([{ address: key.address, epoch: 201 }]);
  expect(claim(ledger, key.address)).toBe(true);
  expect(claim(ledger, key.address)).toBe(false);
  const balance = hostOf(ledger, key.address)!.balance;
  expect(balance).toBeGreaterThan(0);
  expect(ledger.performance.find((item) => item.address === key.address)).toMatchObject({ epoch: 201, claimed: true, rewarded: balance });
  at(12_202);
  expect(ledger.settle).toMatchObject([{ epoch: 202 }]);
  at(12_262);
  expect(ledger.settle).toEqual([]);
  expect(hostOf(ledger, key.address)!.balance).toBe(balance);
});

test('registration: what the chain refuses leaves nothing, what it knows stays as it was', () => {
  const { ledger, world, now, key, join } = network();
  const body = { address: key.address, pub_key: key.pubKey, validator_key: VALIDATOR };
  for (const url of ['not-a-url', 'http://192.168.1.5:8000', 'http://localhost:8000', 'http://10.1.2.3']) register(ledger, world, { ...body, url }, now);
  register(ledger, world, { ...body, pub_key: VALIDATOR, url: 'http://203.0.113.7:8000' }, now);
  expect(hostOf(ledger, key.address)).toBeUndefined();
  join();
  register(ledger, world, { ...body, url: 'http://203.0.113.99:8000' }, now);
  expect(hostOf(ledger, key.address)?.url).toBe('http://203.0.113.7:8000');
  expect(acceptsUrl({ ...world, release: '0.2.4' }, 'http://192.168.1.5:8000')).toBe(true);
});

test('nobody passes when PoC fails for all', () => {
  const { at, world, ledger } = network();
  world.pocFails = true;
  at(12_080);
  expect(setOf(ledger, 201)?.members).toEqual([]);
});

test('grants: as many as the release has, for a year', () => {
  const { ledger, world, now, key } = network();
  grant(ledger, world, key.address, 'gonka1ena5pcz77qa82ucqcj3xary429k3uqnkyezflg', now);
  expect(ledger.grants[0]!.messages).toHaveLength(27);
  grant(ledger, { ...world, release: '0.2.14' }, key.address, 'other', now);
  expect(ledger.grants[1]!.messages).toHaveLength(20);
  expect(Date.parse(ledger.grants[0]!.expiration.replace('586358Z', 'Z')) - now).toBeGreaterThan(364 * 86_400_000);
});

test('a part of the grants, an older CLI, an expiry of its own, and taking some back', () => {
  const { ledger, world, now, key } = network();
  const inForce = (at = now) => grantsInForce(ledger, key.address, 'warm', at).map((item) => item.message);
  grant(ledger, { ...world, release: '0.2.14' }, key.address, 'warm', now, { release: '0.2.4', without: ['/inference.inference.MsgClaimRewards'] });
  expect(inForce()).toHaveLength(23);
  grant(ledger, world, key.address, 'warm', now, { messages: ['/inference.inference.MsgClaimRewards'], expiration: new Date(now + 60_000).toISOString() });
  expect(inForce()).toHaveLength(24);
  expect(inForce(now + 61_000)).toHaveLength(23);
  expect(new Set(grantsInForce(ledger, key.address, 'warm', now).map((item) => item.expiration)).size).toBe(2);
  revoke(ledger, key.address, 'warm', ['/inference.inference.MsgValidation']);
  expect(inForce()).not.toContain('/inference.inference.MsgValidation');
  revoke(ledger, key.address, 'warm');
  expect(inForce()).toEqual([]);
});
