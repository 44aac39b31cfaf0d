/** The api's ML nodes: what each is meant to do in each phase, what it does, and who took part in PoC (facts 4.4, measured 22 to 26, 41, 42). */
import { heightAt, latestEpoch, phaseAt, stagesOf, type Phase } from '../chain.ts';
import type { View } from '../answers/answer.ts';
import type { MlShare } from '../ledger.ts';
import { effectiveEpoch } from '../chain.ts';
import { setOf } from '../ledger.ts';
import { releaseOf, type Release } from '../releases.ts';
import type { NodeConfig } from './api-config.ts';

export type Status = 'UNKNOWN' | 'INFERENCE' | 'POC' | 'STOPPED' | 'FAILED';
export type PocStatus = 'IDLE' | 'GENERATING' | 'VALIDATING';
const STATUS_NUMBER = { UNKNOWN: 0, INFERENCE: 1, POC: 2, STOPPED: 4, FAILED: 5 } as const;

export type MlNode = {
  config: NodeConfig; num: number;
  intended: Status; current: Status; pocIntended: PocStatus; pocCurrent: PocStatus;
  failure: string; stamp: number; enabled: boolean; adminEpoch: number; reconciling: boolean;
  /** Epochs of which it generated a PoC. */
  generated: number;
};

/** Whether a node is to take part (facts 4.4, `ShouldBeOperational`). */
export function isOperational(node: Pick<MlNode, 'enabled' | 'adminEpoch'>, latest: number, phase: Phase): boolean {
  if (!node.enabled) return node.adminEpoch >= latest;
  return latest > node.adminEpoch || (latest === node.adminEpoch && phase === 'Inference');
}

/** What the api intends for a node in a phase. `onDuty`: it serves through this PoC. */
export function intentFor(node: MlNode, release: Release, latest: number, phase: Phase, height: number, generationEnd: number, onDuty: boolean): { status: Status; poc: PocStatus } {
  if (!isOperational(node, latest, phase)) return { status: release.disabledStatus, poc: 'IDLE' };
  if (phase === 'Inference' || onDuty) return { status: 'INFERENCE', poc: 'IDLE' };
  return { status: 'POC', poc: height < generationEnd ? 'GENERATING' : 'VALIDATING' };
}

export class MlNodes {
  list: MlNode[] = [];
  #release: Release;
  #count = 0;
  #synced = false;

  constructor(release: Release) {
    this.#release = release;
  }

  add(config: NodeConfig, adminEpoch: number): MlNode {
    const node: MlNode = {
      config, num: ++this.#count, intended: 'UNKNOWN', current: 'UNKNOWN', pocIntended: 'IDLE', pocCurrent: 'IDLE', failure: '', stamp: Date.now(),
      enabled: true, adminEpoch, reconciling: false, generated: 0,
    };
    this.list.push(node);
    return node;
  }

  shareOf(view: View | undefined, address: string, id: string): MlShare | undefined {
    const newest = view?.ledger.sets.at(-1);
    return newest?.members.find((member) => member.address === address)?.mlNodes.find((share) => share.id === id);
  }

  #onDuty(view: View, address: string, id: string): boolean {
    const set = setOf(view.ledger, effectiveEpoch(view.world.clock, heightAt(view.world.clock, view.now)));
    return set?.members.find((member) => member.address === address)?.mlNodes.find((share) => share.id === id)?.slots[1] === true;
  }

  /** One step: asks every ML node for its state, sets the intents, and drives the nodes there. */
  async step(view: View, address: string): Promise<void> {
    const { clock } = view.world;
    const height = heightAt(clock, view.now);
    const latest = latestEpoch(clock, height);
    const phase = phaseAt(clock, height);
    const stages = stagesOf(clock, latest);
    await Promise.all(this.list.map(async (node) => {
      await this.#poll(node);
      const intent = intentFor(node, this.#release, latest, phase, height, stages.poc_generation_end, this.#onDuty(view, address, node.config.id));
      if (!this.#synced && node.intended === 'UNKNOWN') return; // the first step only looks
      if (intent.status !== node.intended || intent.poc !== node.pocIntended) Object.assign(node, { intended: intent.status, pocIntended: intent.poc });
      await this.#drive(node, this.#target(node, this.shareOf(view, address, node.config.id) !== undefined));
      if (node.current === 'POC' && node.pocCurrent === 'GENERATING') node.generated = latest;
    }));
    this.#synced = true;
  }

  /** v0.2.4: without a model in this epoch a node that should serve stays stopped, and that's no failure (measured 24). */
  #target(node: MlNode, hasModel: boolean): Status {
    return node.intended === 'INFERENCE' && !hasModel && this.#release.disabledStatus === 'STOPPED' ? 'STOPPED' : node.intended;
  }

  #url(node: MlNode, path: string): string {
    return `http://${node.config.host}:${node.config.poc_port}/${this.#release.mlNodeVersion}/api/v1/${path}`;
  }

  async #poll(node: MlNode): Promise<void> {
    let status: Status;
    try {
      const response = await fetch(this.#url(node, 'state'), { signal: AbortSignal.timeout(2000) });
      const { state } = (await response.json()) as { state: string };
      status = state === 'POW' ? 'POC' : state === 'INFERENCE' ? 'INFERENCE' : 'STOPPED';
    } catch {
      if (node.current === 'FAILED') return;
      status = node.intended === 'UNKNOWN' ? (this.#release.validatesNodes ? 'FAILED' : 'UNKNOWN') : 'STOPPED';
    }
    if (status !== node.current) Object.assign(node, { current: status, stamp: Date.now() });
  }

  async #drive(node: MlNode, target: Status): Promise<void> {
    if (node.current === target && (target !== 'POC' || node.pocCurrent === node.pocIntended)) {
      if (target !== 'POC') node.pocCurrent = 'IDLE';
      node.reconciling = false;
      return;
    }
    const command = target === 'POC' ? (node.pocIntended === 'GENERATING' ? 'pow/init/generate' : 'pow/init/validate') : target === 'INFERENCE' ? 'inference/up' : 'stop';
    node.reconciling = true;
    try {
      const response = await fetch(this.#url(node, command), { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(4000) });
      if (!response.ok) throw new Error(String(response.status));
      Object.assign(node, { current: target, pocCurrent: node.pocIntended, failure: '', stamp: Date.now() });
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code;
      const { host, poc_port: port } = node.config;
      const words = cause === 'ENOTFOUND' || cause === 'EAI_AGAIN' ? `lookup ${host} on 127.0.0.11:53: no such host` : `${host}:${port}: connect: connection refused`;
      Object.assign(node, { current: 'FAILED', failure: `Post "${this.#url(node, command)}": dial tcp${cause === 'ENOTFOUND' || cause === 'EAI_AGAIN' ? ':' : ''} ${words}`, stamp: Date.now() });
    }
    node.reconciling = false;
  }

  /** Nodes that generated and validate in the PoC of `epoch`. */
  tookPart(epoch: number): { id: string; model: string }[] {
    return this.list.filter((node) => node.generated === epoch && node.current === 'POC' && node.pocCurrent === 'VALIDATING')
      .map((node) => ({ id: node.config.id, model: Object.keys(node.config.models ?? {})[0] ?? '' }));
  }

  /** The list of GET /admin/v1/nodes (facts 4.2). */
  json(view: View | undefined, address: string): unknown[] {
    return this.list.map((node) => {
      const share = this.#synced ? this.shareOf(view, address, node.config.id) : undefined;
      const model = releaseOf(this.#release.name).models.find((item) => item.id === Object.keys(node.config.models ?? {})[0]);
      const models = model && this.#synced && (share || this.#release.validatesNodes) ? { [model.id]: { ...model, validation_threshold: { value: 85, exponent: -2 } } } : {};
      const { hardware, ...config } = node.config;
      return {
        node: { ...config, models: config.models ?? {}, node_num: node.num, hardware },
        state: {
          intended_status: node.intended, current_status: node.current, ...(node.reconciling ? { reconcile_info: { status: STATUS_NUMBER[node.intended], poc_status: node.pocIntended, training_task_id: 0 } } : {}),
          poc_intended_status: node.pocIntended, poc_current_status: node.pocCurrent, lock_count: 0, failure_reason: node.failure, status_timestamp: new Date(node.stamp).toISOString().replace('Z', '755351Z'),
          admin_state: { enabled: node.enabled, epoch: node.adminEpoch },
          epoch_models: models, epoch_ml_nodes: share ? { [share.model]: { node_id: share.id, ...(share.pocWeight ? { poc_weight: share.pocWeight } : {}), timeslot_allocation: share.slots } } : {},
        },
      };
    });
  }
}
