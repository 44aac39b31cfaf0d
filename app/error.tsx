'use client';
import { useTranslations } from 'next-intl';
import { Button, ButtonLink } from '#components/ui/button.tsx';

/** A defect in a page: said as one, with the id that the log has too. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('shell');
  return (
    <div className="mx-auto grid min-h-[70dvh] max-w-lg place-content-center gap-3 px-6" role="alert">
      <h1>{t('errorTitle')}</h1>
      <p className="text-ink-2">{t('defect.means')}</p>
      <p className="text-ink-2">{error.digest ? t('defect.nextEvent', { event: error.digest }) : t('defect.next')}</p>
      <div className="mt-2 flex gap-2"><Button kind="primary" onClick={reset}>{t('tryAgain')}</Button><ButtonLink href="/">{t('toOverview')}</ButtonLink></div>
    </div>
  );
}
