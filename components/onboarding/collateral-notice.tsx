'use client';
/** `<CollateralNotice collateral />`: whether the weight counts whole, by the network's own rule and what the chain has of this host. */
import { useLocale, useTranslations } from 'next-intl';
import { Amount } from '../ui/amount.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { Notice } from '../ui/notice.tsx';
import type { VerifyNow } from './verify-data.ts';

const GUIDE = 'https://gonka.ai/host/collateral/';
const LOOKS = { unread: 'unknown', unseen: 'unknown', none: 'attention', short: 'attention', there: 'working', enough: 'ok' } as const;

export function CollateralNotice({ collateral }: { collateral: NonNullable<VerifyNow['collateral']> }) {
  const t = useTranslations('onboarding.verify.collateral');
  const { state, source, at } = collateral;
  const rule = state === 'unread' ? undefined : { since: collateral.since, share: collateral.share };
  const amounts = { deposit: () => <Deposit ngonka={'deposit' in collateral ? collateral.deposit : '0'} />, wanted: () => <Deposit ngonka={'wanted' in collateral ? collateral.wanted : '0'} /> };
  return (
    <Notice state={LOOKS[state]} title={t(`is.${state}.title`, rule)}>
      <p>{source ? <Evidence source={source} at={at} raw={JSON.stringify(collateral)}>{t.rich(`is.${state}.text`, amounts)}</Evidence> : t.rich(`is.${state}.text`, amounts)}</p>
      {rule && <p>{t('rule', rule)} <a href={GUIDE} target="_blank" rel="noreferrer noopener" className="link underline underline-offset-2">{t('guide')}</a></p>}
    </Notice>
  );
}

/** Less than a hundredth of a GNK, as a host's weight may want, would be cut to nothing. */
function Deposit({ ngonka }: { ngonka: string }) {
  const locale = useLocale();
  if (BigInt(ngonka) >= 10_000_000n) return <Amount ngonka={ngonka} className="num font-medium" />;
  return <span className="num font-medium">{BigInt(ngonka).toLocaleString(locale)} ngonka</span>;
}
