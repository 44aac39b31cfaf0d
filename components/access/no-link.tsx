import { useTranslations } from 'next-intl';
import { buttonClass } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** The set-up link is missing, wrong or used: what that means and the two ways on. */
export function NoLink({ why }: { why: 'missing' | 'used' | 'done' }) {
  const t = useTranslations('setup');
  return (
    <div className="grid gap-4">
      <Notice state={why === 'done' ? 'ok' : 'attention'} live title={t(`${why}Title`)}>{t(`${why}Text`)}</Notice>
      {why !== 'done' && (
        <div className="grid gap-2 text-base text-ink-2">
          <p>{t('newLink')}</p>
          <p>{t('orCommand')}</p>
          <code className="block rounded-md border bg-sunken px-3 py-2 break-words">npm run admin -- create NAME</code>
        </div>
      )}
      <a href="/login" className={buttonClass({ kind: why === 'done' ? 'primary' : 'plain', size: 'lg' })}>{t('toSignIn')}</a>
    </div>
  );
}
