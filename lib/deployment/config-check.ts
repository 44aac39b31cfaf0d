import { changedFile, type ChangedFile, envOfText } from './config-change.ts';
import { configProblems } from './config-problems.ts';
import type { ConfigChange, ConfigCheck, EditableFile } from './config-schema.ts';
import { configDiff } from './line-diff.ts';
import { nodeConfigProblems, parseNodeConfig } from './node-config.ts';
import type { Deployment, DeploymentProblem } from './schema.ts';

/** What a change would make of the file: problems, names that change, lines that differ. Nothing is written. Throws as changedFile does. */
export async function configCheck(of: Deployment, file: EditableFile, change: ConfigChange): Promise<ConfigCheck> {
  return checkOf(of, file, await changedFile(of.dir, file, change));
}

export async function checkOf(of: Deployment, file: EditableFile, { before, text, changed }: ChangedFile): Promise<ConfigCheck> {
  const problems = file === 'env' ? await configProblems(of, envOfText(text, of.dir)) : nodeProblems(text, of.release);
  return {
    problems: problems.map((one) => ({ ...one, ...(typeof one.params.variable === 'string' ? { variable: one.params.variable } : {}), ...(typeof one.params.line === 'number' ? { line: one.params.line } : {}) })),
    changed,
    diff: configDiff(file, before.text ?? '', text),
  };
}

function nodeProblems(text: string, release: string | undefined): DeploymentProblem[] {
  const { nodes, problems } = parseNodeConfig(text);
  return [...problems, ...nodeConfigProblems(nodes, { release })];
}
