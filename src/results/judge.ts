import { affordable, isPassable } from './affordable.ts';
import { askJudge } from './ask-judge.ts';
import { outputRoom } from './ask-model.ts';
import { checkContradictions } from './check-contradictions.ts';
import { checkResult, joinChecks } from './check-result.ts';
import { chooseJury } from './choose-jury.ts';
import { collectAnswers } from './collect.ts';
import { findContradictions } from './find-contradictions.ts';
import { findNamedTask } from './find-named-task.ts';
import type { Opinion } from './opinion.ts';
import { readCriterion } from './read-criterion.ts';
import type {
  AnsweredTask,
  Defect,
  JudgeInput,
  JudgeOutcome,
  ResultsDeps,
  Verdict,
} from './results.ts';
import { type JudgeCase, judgeTokens } from './write-judge-portions.ts';

/**
 * Step ⑱: deterministic checks first, then a judge or a jury on the fixed yes/no criteria, blind to
 * who wrote what. Contradictions that comparing found are told to the judge, and stay defects
 * unless it, or most of a jury, says why both sides can be true at once. A criterion counts as met only with a quotation that stands in the result, and
 * only where the judge says so in both orders, or most jurors do. The decision is computed from the
 * criteria, never taken from a model; a juror that cannot be read has no vote, and with no vote at
 * all the criteria stay unmet and say so.
 */
export async function judgeResult(deps: ResultsDeps, input: JudgeInput): Promise<JudgeOutcome> {
  const tasks = collectAnswers(input.tasks);
  const contradictions = findContradictions(tasks, input.merge.conflicts);
  const hearing = await hear(deps, { input, tasks, contradictions });
  const standing = contradictions.filter((_, place) => !isDismissed(hearing, place));
  const checks = joinChecks([checkResult(tasks, input.merge), checkContradictions(standing)]);
  const evidence = `${input.merge.result}\n${input.merge.artifacts.map((file) => file.content).join('\n')}`;
  const judged = input.commission.criteria.map((text, index) =>
    countVotes(
      hearing.opinions.flatMap((opinion) =>
        opinion.criteria[index] ? [readCriterion(text, opinion.criteria[index], evidence)] : [],
      ),
      { text, unanimous: hearing.unanimous },
    ),
  );
  const criteria = [...checks.criteria, ...judged];
  return {
    verdict: { decision: decide(criteria), criteria },
    defects: [...checks.defects, ...readDefects(hearing, judged, tasks)],
    judgeModel: hearing.models[0] ?? '',
    judges: { kind: hearing.kind, models: hearing.models, readable: hearing.opinions.length },
  };
}

interface Hearing {
  kind: JudgeOutcome['judges']['kind'];
  opinions: Opinion[];
  /** Who was asked, `provider/model`, each once. */
  models: string[];
  /** One judge in two orders: both must agree. Else the majority of the jury decides. */
  unanimous: boolean;
}

/** A verdict cut off in its middle is none: a sentence quoted per criterion, a defect for some. */
function verdictTokens(criteria: number): number {
  return Math.min(judgeTokens, 200 + 90 * criteria);
}

async function hear(deps: ResultsDeps, judged: JudgeCase): Promise<Hearing> {
  const verdict = verdictTokens(judged.input.commission.criteria.length);
  const jury = chooseJury({
    models: deps.judges ?? [],
    orchestrators: deps.models,
    writers: judged.tasks.flatMap((task) => (task.output === null ? [] : [task.model])),
    mayWiden: (deps.judges ?? []).length > 0,
    ...(deps.callBudget
      ? { isPayable: (id) => outputRoom({ ...deps, models: [id] }, verdict) >= verdict }
      : {}),
  });
  const forward = judged.input.commission.criteria.map((_, index) => index);
  const orders = [forward, forward.toReversed()];
  const opinions: Opinion[] = [];
  const models: string[] = [];
  const askNext = async (juror: readonly string[], order: readonly number[]) => {
    const said = await askJudge({ ...deps, models: juror }, judged, order);
    if (said.opinion) opinions.push(said.opinion);
    if (!models.includes(said.model)) models.push(said.model);
  };
  if (jury.kind === 'jury') {
    const missed: unknown[] = [];
    // Jurors take turns in the order: position effects even out without asking everybody twice.
    for (const [index, juror] of jury.jurors.entries()) {
      await askNext(juror, orders[index % 2] ?? forward).catch((error: unknown) => {
        if (!isPassable(error)) throw error;
        missed.push(error);
      });
    }
    if (models.length === 0) throw missed[0];
  } else {
    const [judge = [...deps.models]] = jury.jurors;
    await askNext(judge, forward);
    if (forward.length > 1 && opinions.some(isDecisive)) {
      await affordable(() => askNext(judge, forward.toReversed()));
    }
  }
  return { kind: jury.kind, opinions, models, unanimous: jury.kind !== 'jury' };
}

function isDismissed({ opinions, unanimous }: Hearing, place: number): boolean {
  const by = opinions.filter(({ dismissed }) => dismissed.has(place)).length;
  return by > 0 && (unanimous ? by === opinions.length : 2 * by > opinions.length);
}

/** It would end the run as passed, or send a task to rework: worth a second look. */
function isDecisive({ criteria, defects, dismissed }: Opinion): boolean {
  return (
    defects.length > 0 ||
    dismissed.size > 0 ||
    criteria.every((criterion) => criterion?.met === true)
  );
}

function countVotes(
  votes: readonly Verdict['criteria'][number][],
  { text, unanimous }: { text: string; unanimous: boolean },
): Verdict['criteria'][number] {
  const [first] = votes;
  if (!first) return readCriterion(text, undefined, '');
  const yes = votes.filter((vote) => vote.met);
  const no = votes.filter((vote) => !vote.met);
  const met = unanimous ? no.length === 0 : yes.length > no.length;
  if (yes.length === 0 || no.length === 0) return { ...first, met };
  if (!unanimous) {
    const shown = met ? yes[0] : no[0];
    const count = `${yes.length} of ${votes.length} jurors call it met.`;
    return { text, met, evidence: met ? (shown?.evidence ?? '') : `${count} ${shown?.evidence}` };
  }
  return {
    text,
    met,
    evidence: `The judge changed its mind with the order of the criteria. Met: ${yes[0]?.evidence}. Not met: ${no[0]?.evidence || 'no quotation'}.`,
  };
}

function decide(criteria: Verdict['criteria']): Verdict['decision'] {
  const met = criteria.filter((criterion) => criterion.met).length;
  if (met === criteria.length) return 'pass';
  return met === 0 ? 'fail' : 'partial';
}

/** Each task and criterion once, from those who judged as the vote came out. */
function readDefects(
  hearing: Hearing,
  judged: Verdict['criteria'],
  tasks: readonly AnsweredTask[],
): Defect[] {
  const met = new Set(judged.filter((item) => item.met).map((item) => item.text));
  const found = new Map<string, Defect>();
  for (const defect of hearing.opinions.flatMap((opinion) => opinion.defects)) {
    const id = findNamedTask(tasks, defect)?.id;
    const key = `${id} ${defect.criterion}`;
    // A minority's defect in what the majority calls met is not mended.
    if (!id || found.has(key) || met.has(defect.criterion)) continue;
    found.set(key, { ...defect, task_id: id });
  }
  return [...found.values()];
}
