import type { NodeConfigProblem, NodeField } from './node-config-data.ts';

export type Place = { node: number; field: NodeField; model?: string; token?: number };

/** Problems that belong to exactly this place: those of a token aren't those of its model, those of a model not those of the field. */
export const problemsAt = (problems: readonly NodeConfigProblem[], { node, field, model, token }: Place): NodeConfigProblem[] =>
  problems.filter((one) => one.node === node && one.field === field && one.model === model && one.token === token);

/** Of the file as a whole, or of an entry that can't be shown as a form. */
export const problemsOfFile = (problems: readonly NodeConfigProblem[], shown: number): NodeConfigProblem[] =>
  problems.filter((one) => one.node === undefined || one.field === undefined || one.node >= shown);

/** Whether the text can be edited as a form at all. */
export const isList = (problems: readonly NodeConfigProblem[]): boolean => !problems.some(({ code }) => code === 'node_config_json' || code === 'node_config_no_list' || code === 'node_config_no_object');

export const countOf = (problems: readonly NodeConfigProblem[]): { broken: number; attention: number } => ({
  broken: problems.filter(({ level }) => level === 'broken').length,
  attention: problems.filter(({ level }) => level === 'attention').length,
});
