'use client';
import { useFormatter, useTranslations } from 'next-intl';
import { Address } from '../ui/address.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { State, type StateWord } from '../ui/state.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { NetworkNow } from './network-data.ts';
import { SourceName } from '../ui/source-name.tsx';

/** This host on chain and its own node: membership as the set says it, never as the participant record does. */
export function OwnCard({ own, node }: { own: NetworkNow['own']; node: NetworkNow['ownNode'] }) {
  const t = useTranslations('network');
  const format = useFormatter();
  const me = own.value;
  const n = node.value;
  const member: [StateWord, string] = me?.inSet === true ? ['ok', t('inSet')] : me?.inSet === false ? ['attention', t('notInSet')] : ['unknown', t('membershipUnknown')];
  const registered: [StateWord, string] = me?.registered === true ? ['ok', t('registered')] : me?.registered === false ? ['attention', t('notRegistered')] : ['unknown', t('registrationUnknown')];
  const health: [StateWord, string] = !n || node.state === 'unknown' ? ['unknown', t('nodeUnknown')] : n.catchingUp ? ['working', t('catchingUp')] : n.synced ? ['ok', t('synced')] : ['attention', t('behind')];
  const rows: [string, React.ReactNode][] = [];
  if (me) rows.push([t('account'), <Address key="a" value={me.address} />]);
  if (me) rows.push([t('onChain'), <Evidence key="r" source={own.source} at={own.at} raw={JSON.stringify({ registered: me.registered, url: me.record?.url, validator_key: me.record?.validatorKey }, null, 1)}><State state={registered[0]}>{registered[1]}</State></Evidence>]);
  if (me) rows.push([t('activeSet'), <Evidence key="m" source={own.source} at={own.at} raw={JSON.stringify({ in_set: me.inSet, weight: me.active?.weight, rank: me.rank, of: me.of }, null, 1)} note={t('setNote')}><State state={member[0]}>{member[1]}</State></Evidence>]);
  if (me?.active) rows.push([t('weight'), <span key="w"><b>{format.number(me.active.weight)}</b>{me.rank !== undefined && me.of !== undefined ? ` · ${t('rank', { rank: me.rank, of: me.of })}` : ''}</span>]);
  if (me?.record?.url) rows.push([t('url'), <span key="u" className="break-all">{me.record.url}</span>]);
  rows.push([t('ownNode'), <Evidence key="n" source={node.source} at={node.at} raw={n ? JSON.stringify({ height: n.height, catching_up: n.catchingUp, peers: n.peers, voting_power: n.votingPower, network: n.chainId, moniker: n.moniker }, null, 1) : undefined}><State state={health[0]}>{health[1]}</State></Evidence>]);
  if (n) rows.push([t('height'), <span key="h">{format.number(n.height)}{n.seedHeight !== undefined && n.seedHeight > n.height ? ` · ${t('seedHeight', { height: format.number(n.seedHeight) })}` : ''}</span>]);
  if (n?.peers !== undefined) rows.push([t('peers'), format.number(n.peers)]);
  if (n) rows.push([t('votingPower'), format.number(n.votingPower)]);
  return (
    <Card title={t('thisHost')} source={own.at !== undefined && own.source ? <><SourceName source={own.source} /> · <TimeAgo at={own.at} /></> : undefined}>
      <CardBody className="grid gap-3">
        {own.state !== 'ok' && own.error && <ErrorNotice error={own.error} state="unknown" />}
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-6 gap-y-1.5 text-base">
          {rows.map(([name, value]) => <div key={name} className="contents"><dt className="text-ink-3">{name}</dt><dd className="num min-w-0">{value}</dd></div>)}
        </dl>
        {node.state !== 'ok' && node.error && <ErrorNotice error={node.error} state="unknown" />}
      </CardBody>
    </Card>
  );
}
