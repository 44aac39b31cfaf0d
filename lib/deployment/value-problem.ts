import type { DeploymentProblem } from './schema.ts';

/** What a rule says of one value; the variable, its line and its readers are added by whoever asks. */
export type ValueProblem = Pick<DeploymentProblem, 'level' | 'code'> & { params?: DeploymentProblem['params'] };
export type ValueRule = (value: string) => ValueProblem | undefined;

/** Only for what surely keeps a service from working: it stops operations that create containers. */
export const broken = (code: string, params: DeploymentProblem['params'] = {}): ValueProblem => ({ level: 'broken', code, params });
export const attention = (code: string, params: DeploymentProblem['params'] = {}): ValueProblem => ({ level: 'attention', code, params });
