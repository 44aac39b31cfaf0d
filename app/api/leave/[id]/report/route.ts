import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import { exitReportText } from '#components/leave/exit-report-text.ts';
import { exitWords } from '#components/leave/exit-words.ts';
import { listedParam } from '#components/ui/joined-list.ts';
import { requireSession } from '#lib/access/session.ts';
import { redact } from '#lib/core/redact.ts';
import { reportOf } from '#lib/operations/exit/control.ts';
import { reportJson, type ExitReport } from '#lib/operations/exit/report.ts';
import { answer } from '../../../operations/answer.ts';
import { exitId } from '../exit-id.ts';

type Context = { params: Promise<{ id: string }> };
type Params = Record<string, string | number>;

/** The report as a file, secrets masked: `?format=text` in the reader's language, `?format=json` for programs. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  await requireSession();
  const asJson = new URL(request.url).searchParams.get('format') === 'json';
  let file: { name: string; text: string } | undefined;
  const told = await answer(async () => {
    const id = await exitId(params);
    const report = await reportOf(id);
    file = { name: `gonka-exit-${id.slice(0, 8)}.${asJson ? 'json' : 'txt'}`, text: asJson ? reportJson(report) : redact(await asText(report)) };
  });
  if (!file) return told;
  return new Response(file.text, { headers: { 'content-type': asJson ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8', 'content-disposition': `attachment; filename="${file.name}"`, 'cache-control': 'no-store' } });
}

async function asText(report: ExitReport): Promise<string> {
  const [exit, operations, errors, format, locale] = await Promise.all([getTranslations('exit'), getTranslations('operations'), getTranslations('errors'), getFormatter(), getLocale()]);
  const listed = (values: Params): Params => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? listedParam(locale, name, value) : value]));
  // A code of another release has no words: it shows itself.
  const from = (t: typeof exit | typeof operations | typeof errors, key: string, values: Params = {}) => (t.has(key as never) ? (t as (key: never, values: never) => string)(key as never, listed(values) as never) : undefined);
  const error = ({ code, params }: { code: string; params: Params }) => from(errors, `${code}.what`, params) ?? code;
  const number = (value: number) => format.number(value);
  return exitReportText(report, {
    number,
    say: (key, values) => from(exit, key, values) ?? key,
    exit: exitWords({ say: (key, values) => from(exit, key, values), error, number, locale }),
    step: (name) => from(operations, `steps.${name}`) ?? name,
    evidence: (words) => from(operations, `evidence.${words.code}`, words.params) ?? error(words),
  });
}
