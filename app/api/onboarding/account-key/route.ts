import type { AccountKeyAnswer, AccountKeyNow } from '#components/onboarding/account-key-data.ts';
import { requireSession } from '#lib/access/session.ts';
import { accountKeyState, recordOwner } from '#lib/chain/account-key.ts';
import { clock } from '#lib/core/clock.ts';
import { configNow } from '#lib/deployment/config-now.ts';
import { operationalKeyFile } from '#lib/deployment/operational-key-file.ts';
import { networkSnapshot, participantOf } from '#lib/watch/network-snapshot.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { answer } from '../../operations/answer.ts';
import { accountKeyQuestion, shortBody } from './question.ts';

/** Where the three keys stand, and whether config.env is there to take the account key. */
export async function GET(): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<AccountKeyNow> => {
    const [{ deployment, error }, network] = await Promise.all([deploymentNow(), networkSnapshot().catch(() => undefined)]);
    const own = network?.ownNode;
    const consensus: AccountKeyNow['keys']['consensus'] = own
      ? { state: own.state, at: own.at, source: own.source, error: own.error, ...(own.value?.validatorKey ? { value: { key: own.value.validatorKey } } : {}) }
      : { state: 'unknown' };
    const base = { at: clock.now(), deployment: deployment ? { dir: deployment.dir, release: deployment.release } : null, deploymentError: error };
    if (!deployment) return { ...base, keys: { consensus } };
    const [config, operational] = await Promise.all([configNow(deployment), operationalKeyFile(deployment)]);
    const row = config.rows.find((one) => one.name === 'ACCOUNT_PUBKEY');
    const there = config.version !== 'absent' && !config.error;
    return {
      ...base,
      keys: { account: accountKeyState(row?.set ? row.value : undefined), consensus, operational },
      ...(there ? { env: { path: config.path, version: config.version, ...(row?.readOnly ? { readOnly: row.readOnly } : {}) } } : {}),
      ...(config.error ? { envError: config.error } : {}),
    };
  });
}

/** `{key}` → its address, and whether a host is registered with it on chain. Nothing is stored. */
export async function POST(request: Request): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<AccountKeyAnswer> => {
    const { address } = accountKeyQuestion(await shortBody(request));
    const [{ value: record, ...reading }, network, { deployment }] = await Promise.all([participantOf(address), networkSnapshot(), deploymentNow()]);
    const host = { consensusKey: network.ownNode.value?.validatorKey, url: deployment?.values.PUBLIC_URL };
    const value = record && { url: record.url, validatorKey: record.validatorKey, owner: recordOwner(record, host) };
    return { address, onChain: { ...reading, ...(value === undefined ? {} : { value }) } };
  });
}
