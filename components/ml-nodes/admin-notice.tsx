'use client';
import { useTranslations } from 'next-intl';
import type { OperationRequest } from '../operations/operation-dialog.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import type { AdminSide } from './ml-nodes-data.ts';

/** The api's admin side when it doesn't answer. A wedge has one cure, and it stands here. */
export function AdminNotice({ admin, reapply, onAsk }: { admin: AdminSide; /** What a restart enables is disabled again. */ reapply: boolean; onAsk: (request: OperationRequest) => void }) {
  const t = useTranslations('mlNodes.admin');
  if (admin.state === 'ok') return null;
  const { service, since } = admin;
  const time = since !== undefined && <p className="text-sm">{t.rich('since', { time: () => <TimeAgo at={since} /> })}</p>;
  const wedged = admin.state === 'wedged';
  return (
    <Notice state={wedged ? 'broken' : 'unknown'} live title={t(`${admin.state}.title`)} action={
      wedged && service ? <Button size="sm" kind="primary" onClick={() => onAsk({ kind: 'restart', target: service })}>{t('restart', { service })}</Button> : <ButtonLink size="sm" href="/services">{t('toServices')}</ButtonLink>
    }>
      <p>{t(`${admin.state}.text`)}</p>
      {wedged && <p>{t(reapply ? 'wedged.after' : 'wedged.afterOff')}</p>}
      {time}
    </Notice>
  );
}
