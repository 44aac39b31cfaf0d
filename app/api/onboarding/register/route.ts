import type { RegisterNow } from '#components/onboarding/register-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { accountKeyState } from '#lib/chain/account-key.ts';
import { MAINNET } from '#lib/chain/seeds.ts';
import { clock } from '#lib/core/clock.ts';
import { redact } from '#lib/core/redact.ts';
import { publicUrl, seedApi } from '#lib/deployment/address-rules.ts';
import { recordVerdict } from '#lib/operations/registration/register-verdict.ts';
import { networkSnapshot, participantOf } from '#lib/watch/network-snapshot.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { answer } from '../../operations/answer.ts';

/** A seed is asked for the record every two minutes; what it said is shown for a little longer. */
const SHOWN_MS = 3 * 60_000;

const URL_PROBLEMS: Record<string, NonNullable<RegisterNow['url']>['problem']> = { public_url_private: 'private', url_password: 'password' };

/** What the chain would be told of this host, and what it has of it. Changes nothing. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<RegisterNow> => {
    const [{ deployment, error }, network] = await Promise.all([deploymentNow(), networkSnapshot()]);
    const { PUBLIC_URL: url, SEED_API_URL: seed, ACCOUNT_PUBKEY } = deployment?.values ?? {};
    const { value: node, ...nodeRead } = network.ownNode;
    const account = accountKeyState(ACCOUNT_PUBKEY);
    const problem = url && publicUrl(url)?.code;
    // The own node may be asked often, a seed not.
    const read = account.state === 'ok' ? await participantOf(account.address, node?.synced === true) : { state: 'unknown' as const };
    const { value: record, ...recordRead } = read;
    const verdict = recordVerdict(read, { url: url ?? '', key: network.ownNode.state === 'ok' ? (node?.validatorKey ?? '') : '' }, clock.now(), SHOWN_MS);
    const known = verdict.state === 'registered' || verdict.state === 'other-url' || (verdict.state === 'other-key' && node?.validatorKey) ? verdict.state : undefined;
    return {
      at: clock.now(),
      deployment: deployment ? { dir: deployment.dir, release: deployment.release } : null,
      deploymentError: error,
      ...(url ? { url: { value: redact(url), ...(problem ? { problem: URL_PROBLEMS[problem] ?? ('invalid' as const) } : {}) } } : {}),
      account,
      ...(seed && !seedApi(seed) ? { seed: seed.replace(/\/+$/, '') } : {}),
      consensus: { ...nodeRead, ...(node?.validatorKey ? { value: { key: node.validatorKey } } : {}) },
      chainId: node?.chainId ?? MAINNET,
      record: { ...recordRead, ...(record === undefined ? {} : { value: record && { url: record.url, validatorKey: record.validatorKey, ...(known ? { state: known } : {}) } }) },
    };
  });
}
