import {
  type AnsweredTask,
  judgeResult,
  mergeAnswers,
  type ResultsDeps,
} from '../src/results/index.ts';
import { fakeDispatch } from './fake-dispatch.ts';

/** Models that answer with these texts in turn, the last one ever after; `prompts` is what they were asked. */
export function depsAnswering(...texts: string[]): ResultsDeps & { prompts: string[] } {
  const prompts: string[] = [];
  const dispatch = fakeDispatch((order) => {
    prompts.push(order.request.messages.map((message) => message.content).join('\n'));
    return texts.length > 1 ? (texts.shift() ?? '') : (texts[0] ?? '');
  }, []);
  return {
    dispatch,
    prompts,
    models: ['deepseek/m'],
    call: {
      tenantId: 'default',
      lane: 'standard',
      owner: { requestId: 'req_1' },
      deadlineAt: 0,
      signal: new AbortController().signal,
    },
  };
}

/** A section about costs that a model has answered. */
export const answered = (over: Partial<AnsweredTask> = {}): AnsweredTask => ({
  id: 'tsk_1',
  key: 't1',
  title: 'Costs',
  kind: 'section',
  instruction: 'Write about costs.',
  acceptance: [],
  artifactPath: null,
  dependsOn: [],
  required: true,
  output: 'The plan costs 40 million a year.',
  failure: null,
  model: 'openai/x',
  confidence: null,
  ...over,
});

/** The judgement of what the tasks' answers come to together. */
export const judging = (deps: ResultsDeps, criteria: string[], tasks = [answered()]) =>
  mergeAnswers(deps, { commission: { brief: 'B', clarifications: [], criteria }, tasks }).then(
    (merge) =>
      judgeResult(deps, { commission: { brief: 'B', clarifications: [], criteria }, tasks, merge }),
  );

/** What a judge writes: each criterion, and whether it is met. */
export const said = (...met: [string, boolean][]) =>
  JSON.stringify({
    criteria: met.map(([text, isMet]) => ({ text, met: isMet, evidence: 'costs 40 million' })),
    defects: met.flatMap(([text, isMet]) =>
      isMet ? [] : [{ task_id: 't1', criterion: text, fix: `Mend ${text}.` }],
    ),
  });
