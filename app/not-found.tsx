import { useTranslations } from 'next-intl';
import { BrandMark } from '#components/shell/brand.tsx';
import { ButtonLink } from '#components/ui/button.tsx';

export default function NotFound() {
  const t = useTranslations('shell');
  return (
    <main className="mx-auto grid min-h-[80dvh] max-w-lg place-content-center justify-items-center gap-3 px-6 text-center">
      <BrandMark className="size-8 text-accent" />
      <h1>{t('notFoundTitle')}</h1>
      <p className="text-ink-2">{t('notFoundText')}</p>
      <ButtonLink kind="primary" href="/" className="mt-2">{t('toOverview')}</ButtonLink>
    </main>
  );
}
