import type { ExitReport } from '#lib/operations/exit/report.ts';
import type { Words } from '#lib/operations/schema.ts';
import { formatGnk } from '../ui/amount.tsx';
import type { exitWords } from './exit-words.ts';

/** `say`: the message under `exit.<key>`; `step`, `evidence`: those of the steps of an operation. */
type ReportWords = { say: (key: string, params?: Words['params']) => string; exit: ReturnType<typeof exitWords>; step: (name: string) => string; evidence: (words: Words) => string; number: (value: number) => string };

const joined = (parts: readonly (string | undefined | false)[]): string => parts.filter(Boolean).join(' · ');

/** The report of an exit as plain text that can be read without the panel, one line a fact. Times as the report has them (ISO 8601, UTC). */
export function exitReportText(report: ExitReport, { say, exit, step, evidence, number }: ReportWords): string {
  const lines: string[] = [joined(['gonka-panel', say(`report.${report.kind}`), exit.scope(report.scope), report.operation])];
  const fact = (name: string, value: string) => lines.push(`${say(`report.${name}`)}: ${value}`);
  const part = (name: string, rows: readonly string[]) => lines.push('', say(`report.${name}`), ...(rows.length > 0 ? rows : ['–']).map((row) => `- ${row}`));
  const epoch = (value: number | undefined) => value !== undefined && `${say('report.epoch')} ${value}`;
  const block = (value: number | undefined) => value !== undefined && `${say('report.block')} ${number(value)}`;

  fact('state', joined([say(`report.ended.${report.state === 'succeeded' || report.state === 'cancelled' ? report.state : report.endedAt ? 'failed' : 'running'}`), `${report.startedAt ?? '–'} … ${report.endedAt ?? '–'}`, report.startedBy]));
  const { began, proof, claim, back } = report;
  if (began) fact('began', joined([began.account, began.chain, epoch(began.epoch), block(began.block), began.phase]));
  if (report.stoppedAt) fact('stopped', report.stoppedAt);
  part('proof', proof ? [joined([proof.at, epoch(proof.epoch), block(proof.block)]), ...proof.witnesses.map((one) => joined([say(`says.${one.says}`), say(`witness.${one.kind}`), one.place, epoch(one.epoch), block(one.height), one.others !== undefined && say('report.others', { count: one.others }), one.at !== undefined && new Date(one.at).toISOString(), one.why && exit.unknown(one.why)]))] : []);
  part('nodes', [...report.nodes.map((node) => joined([node.id, node.disabledAt ?? '–', epoch(node.countsFromEpoch), node.forgottenByApi > 0 && say('report.forgotten', { count: node.forgottenByApi })])), ...report.draws.map((draw) => say('report.drawn', { epoch: draw.epoch, nodes: exit.list(draw.nodes) || '–' }))]);
  if (claim) part('claim', [joined([epoch(claim.epoch), say(`claim.${claim.state}`), claim.reward && `${formatGnk(BigInt(claim.reward))} GNK`, claim.source])]);
  if (back) part('back', [joined([epoch(back.epoch), say('report.weight', { weight: number(back.weight) }), back.source])]);
  part('events', report.events.map((event) => joined([event.at, block(event.block), exit.event(event)])));
  part('steps', report.steps.map((one) => joined([one.startedAt ?? '–', step(one.name), say(`report.step.${one.state === 'done' || one.state === 'skipped' ? one.state : 'open'}`), one.evidence && evidence(one.evidence)])));
  return `${lines.join('\n')}\n`;
}
