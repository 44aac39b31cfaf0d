import { chainGateway, endpoint } from '#lib/chain/client.ts';
import { ownAddresses } from '#lib/chain/own-node.ts';
import { rpcStatusSchema } from '#lib/chain/schema.ts';
import { clock } from '#lib/core/clock.ts';
import type { Container } from '#lib/docker/client.ts';
import { engine } from '#lib/docker/engine.ts';
import { FrameDecoder } from '#lib/docker/frame-decoder.ts';
import { pace } from '#lib/operations/pace.ts';
import type { RunContext } from '#lib/operations/step.ts';
import type { Words } from '#lib/operations/schema.ts';

/** tmkms has the node (measured, log lines). */
const CONNECTED = /connected to validator successfully|signed (PreVote|PreCommit|Proposal)/;

/** The last lines since the container's start, without colours. Empty when they can't be read: this is evidence, not a proof. */
async function recentLines(container: Container): Promise<string> {
  try {
    const since = container.startedAt ? Math.floor(Date.parse(container.startedAt) / 1000) : 0;
    const raw = (await engine().getContainer(container.id).logs({ stdout: true, stderr: true, follow: false, tail: 300, since, abortSignal: AbortSignal.timeout(5000) } as never)) as unknown as Buffer;
    const parts: string[] = [];
    if (container.tty) parts.push(raw.toString('utf8'));
    else new FrameDecoder((_stream, bytes, start, end) => void parts.push(bytes.toString('utf8', start, end))).push(raw);
    return parts.join('').replace(/\x1b\[[0-9;]*m/g, '');
  } catch {
    return '';
  }
}

async function rpcHeight(node: Container): Promise<number | undefined> {
  const { rpc } = ownAddresses([{ ...node, service: 'node' }]);
  if (!rpc) return undefined;
  const answer = await chainGateway().get(endpoint(rpc, '/status'), { own: true, maxAgeMs: 500, read: (status, json) => (status === 200 ? rpcStatusSchema.parse(json) : undefined) });
  return answer.problem ? undefined : answer.value?.height;
}

/** What tmkms and node say of themselves within the first half minute. It proves nothing if silent, so it never fails. */
export async function signsOfLife(run: RunContext): Promise<Words> {
  const begun = clock.now();
  for (;;) {
    const { affected } = await run.look();
    const container = (role: string) => affected.find((a) => a.service.role === role)?.container;
    const [tmkms, node] = [container('tmkms'), container('node')];
    const [tmkmsSays, nodeSays, height] = await Promise.all([tmkms ? recentLines(tmkms) : '', node ? recentLines(node) : '', node ? rpcHeight(node) : undefined]);
    const connected = CONNECTED.test(tmkmsSays);
    if ((connected && height !== undefined) || clock.now() - begun > pace.lifeMs) {
      return {
        code: 'alive',
        params: { tmkms: connected ? 'connected' : tmkmsSays ? 'speaks' : 'silent', node: height !== undefined ? 'answers' : nodeSays ? 'speaks' : 'silent', height: height ?? 0 },
      };
    }
    await run.wait(1000);
  }
}
