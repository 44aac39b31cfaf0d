import os from 'node:os';
import { getTranslations } from 'next-intl/server';
import { requireSession } from '#lib/access/session.ts';
import { OWN_SOURCE } from '#lib/chain/reading.ts';
import { redact } from '#lib/core/redact.ts';
import { certificateParams, certificateText } from '#lib/onboarding/certificate-text.ts';
import type { Evidence } from '#lib/onboarding/schema.ts';
import { answer } from '../../operations/answer.ts';
import { onboardingNow } from '../onboarding-now.ts';
import { verifyNow } from '../verify/verify-now.ts';

/** Everything that is proven of this host right now, with source and time of each line: a text to keep. */
export async function GET(): Promise<Response> {
  await requireSession();
  try {
    const [now, verify, t, state] = await Promise.all([onboardingNow(), verifyNow(), getTranslations('onboarding'), getTranslations('state')]);
    const iso = (ms: number) => new Date(ms).toISOString();
    const named = (source: string) => (source === OWN_SOURCE ? state('ownNode') : certificateText(source));
    const from = ({ source, at }: Evidence) => [...(source ? [named(source)] : []), ...(at === undefined ? [] : [iso(at)])].join(', ');
    const line = (title: string, is: string, words: string, evidence: Evidence) => t('certificate.line', { title, state: is, words, from: from(evidence) || 'none' });
    const text = [
      `# ${t('certificate.title')}`, '', t('certificate.made', { host: certificateText(os.hostname()), at: iso(now.at) }), '', t(now.finished ? 'certificate.finished' : 'certificate.unfinished'), '', `## ${t('certificate.steps')}`, '',
      ...now.steps.map((step) => line(t(`steps.${step.name}.title`), t(`state.${step.state}`), t(`evidence.${step.evidence.code}` as never, certificateParams(step.evidence.params) as never), step.evidence)), '', `## ${t('verify.checklist')}`, '',
      ...verify.items.map((item) => line(t(`verify.line.${item.name}`), t(`certificate.state.${item.state}`), t(`verify.evidence.${item.evidence.code}` as never, certificateParams(item.evidence.params) as never), item.evidence)), '', t('certificate.note'), '',
    ].join('\n');
    return new Response(redact(text), { headers: { 'content-type': 'text/markdown; charset=utf-8', 'content-disposition': `attachment; filename="gonka-host-${iso(now.at).slice(0, 10)}.md"`, 'cache-control': 'no-store' } });
  } catch (error) {
    return answer(() => Promise.reject(error));
  }
}
