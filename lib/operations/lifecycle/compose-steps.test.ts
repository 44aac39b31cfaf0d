import { beforeEach, expect, it } from 'vitest';
import { pullMissing } from './compose-steps.ts';
import type { PhaseKnowledge } from '#lib/operations/gate.ts';
import type { RunContext } from '#lib/operations/step.ts';
import type { Words } from '#lib/operations/schema.ts';
import type { Situation } from '#lib/operations/situation.ts';
import { surroundOperations } from '#lib/operations/surroundings.ts';

const NOW = Date.now();
const quiet: PhaseKnowledge = { known: true, clock: { phase: 'Inference', epoch: 5, at: NOW } };
const poc: PhaseKnowledge = { known: true, clock: { phase: 'PoCGenerate', epoch: 5, at: NOW } };
let phase: PhaseKnowledge;
beforeEach(() => surroundOperations({ phase: async () => phase, membership: async () => 'in' }));

/** A recreate of api whose image is missing until `compose` has pulled it. */
function context(over: Partial<RunContext>, pulled: () => void = () => {}) {
  let image: string | undefined;
  const said: Words[] = [];
  const ran: string[][] = [];
  const run = {
    kind: 'recreate', target: 'api', answered: [],
    output: { say: (words: Words) => void said.push(words) },
    look: async (): Promise<Situation> => ({
      deployment: { project: { name: 'join', dir: '/srv/my join', files: ['docker-compose.yml'], profiles: [], env: {} } },
      affected: [{ service: { name: 'api', role: 'api', group: 'network', image: 'x/api:1' }, container: { id: 'a', state: 'running' }, others: [], change: 'recreate', image }],
      command: [], composeArgs: ['up', '-d', '--', 'api'], ...(image ? {} : { pullArgs: ['pull', '--', 'api'] }),
    }) as unknown as Situation,
    compose: async (args: string[]) => {
      ran.push(args);
      image = 'sha256:1';
      pulled();
      return 0;
    },
    ...over,
  } as unknown as RunContext;
  return { run, said, ran };
}

it('the literal pull command was neither shown nor kept', async () => {
  phase = quiet;
  const { run, said, ran } = context({});
  const command = 'docker compose --progress plain --ansi never --project-directory "/srv/my join" -p join -f "/srv/my join/docker-compose.yml" pull -- api';
  expect(await pullMissing.run(run)).toEqual({ exitCode: 0, evidence: { code: 'pulled_with', params: { images: 'x/api:1', command } } });
  expect(ran).toEqual([['pull', '--', 'api']]);
  expect(said).toEqual([{ code: 'runs', params: { command } }]);
});

it('a PoC that began during the pull passed on a reason that was typed for something else', async () => {
  phase = quiet;
  const begin = () => {
    phase = poc;
  };
  await expect(pullMissing.run(context({}, begin).run)).rejects.toMatchObject({ code: 'operation_moment_passed', params: { why: 'poc' } });
  phase = quiet;
  const other = context({ reason: 'typed for the PoC that was near', answered: ['poc_near'] }, begin);
  await expect(pullMissing.run(other.run)).rejects.toMatchObject({ code: 'operation_moment_passed', params: { why: 'poc' } });
  phase = quiet;
  expect(await pullMissing.run(context({ reason: 'typed for this PoC', answered: ['poc'] }, begin).run)).toMatchObject({ exitCode: 0 });
});
