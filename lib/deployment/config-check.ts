import { replaceSecrets } from '../../guard/secret-arguments.ts';
import { SECRET_MARK } from '#lib/core/redact.ts';
import { changedFile, type ChangedFile, envOfText } from './config-change.ts';
import { configProblems } from './config-problems.ts';
import type { ConfigChange, ConfigCheck, EditableFile } from './config-schema.ts';
import { lostSecrets } from './kept-secrets.ts';
import { configDiff } from './line-diff.ts';
import { nodeConfigProblems, parseNodeConfig } from './node-config.ts';
import type { Deployment, DeploymentProblem } from './schema.ts';

/** What a change would make of the file: problems, names that change, lines that differ. Nothing is written. Throws as changedFile does. */
export async function configCheck(of: Deployment, file: EditableFile, change: ConfigChange): Promise<ConfigCheck> {
  return checkOf(of, file, await changedFile(of.dir, file, change));
}

export async function checkOf(of: Deployment, file: EditableFile, { before, text, changed }: ChangedFile): Promise<ConfigCheck> {
  const problems = file === 'env' ? [...(await configProblems(of, envOfText(text, of.dir))), ...lostSecretProblems(before.text ?? '', text)] : nodeProblems(text, of.release);
  return {
    problems: problems.map((one) => ({ ...one, ...(typeof one.params.variable === 'string' ? { variable: one.params.variable } : {}), ...(typeof one.params.line === 'number' ? { line: one.params.line } : {}) })),
    changed,
    diff: configDiff(file, before.text ?? '', text),
  };
}

/** The panel keeps no secret, so what is taken out here is gone. */
const lostSecretProblems = (old: string, now: string): DeploymentProblem[] => lostSecrets(old, now).map((variable) => ({ level: 'attention', code: 'secret_removed', params: { variable } }));

function nodeProblems(text: string, release: string | undefined): DeploymentProblem[] {
  // A problem names the argument that it is about.
  const { nodes, problems } = parseNodeConfig(replaceSecrets(text, () => SECRET_MARK));
  return [...problems, ...nodeConfigProblems(nodes, { release })];
}
