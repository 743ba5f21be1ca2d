import { z } from 'zod';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { readModelJson } from '../protocol/index.ts';
import { passedChecks } from './check-result.ts';
import { choosePanelRoute } from './choose-panel-route.ts';
import { choosePicked } from './choose-picked.ts';
import { clusterAnswers } from './cluster.ts';
import { preferPicked, preferSynthesis } from './compare-baseline.ts';
import { rateAnswer } from './confidence.ts';
import { describeAgreement } from './describe-agreement.ts';
import { voteFields } from './field-vote.ts';
import { isUnpaid } from './is-unpaid.ts';
import { countAsked, findOpposed, measureVotes } from './measure-votes.ts';
import { type Ranking, rankCandidates } from './rank-candidates.ts';
import { explainRejection, reportPicked } from './report-members.ts';
import type {
  AnsweredTask,
  MergeReportEntry,
  PanelInput,
  PanelMember,
  PanelOutcome,
  ResultsDeps,
  Votes,
} from './results.ts';
import { synthesizeAnswers } from './synthesize.ts';

const fields = z.record(z.string(), z.json());

interface Living extends PanelMember {
  output: string;
}

/**
 * Several models' answers to one task become one: a field vote where the task has a schema, else
 * the candidate that a blind comparison prefers in both orders, else the middle of the largest group
 * of agreeing families; beside it stands what the ablest model alone would have given. Throws
 * `upstream_failed` where no member answered.
 */
export async function mergePanel(deps: ResultsDeps, input: PanelInput): Promise<PanelOutcome> {
  const living = input.members.filter((member): member is Living => Boolean(member.output?.trim()));
  const first = living[0];
  if (!first) {
    throw new HeadraceError('upstream_failed', {
      message: `No model of the panel "${input.title}" answered.`,
    });
  }
  if (input.outputSchema) {
    const vote = voteOnFields(input, living, first);
    if (vote) return vote;
  }
  return pickAnswer(deps, input, { living, first });
}

async function pickAnswer(
  deps: ResultsDeps,
  input: PanelInput,
  { living, first }: { living: readonly Living[]; first: Living },
): Promise<PanelOutcome> {
  const texts = living.map((member) => member.output);
  const ranking =
    input.mayCall && living.length > 1 ? await rankCandidates(deps, input, texts) : null;
  // Without the money for a comparison there is none for a synthesis.
  const mayCall = input.mayCall && !ranking?.unpaid;
  const route = choosePanelRoute({ ...input, mayCall, outputSchema: null }, living);
  const opposed = findOpposed(living);
  const clusters = clusterAnswers(
    living.map((member) => ({ family: member.family, text: member.output })),
    { judged: ranking?.judged ?? [], opposed },
  );
  const kept = choosePicked(deps, living, { ranking, clusters });
  const picked = living[kept] ?? first;
  const rubric = rubricOf(ranking, kept);
  const common = {
    ...describeAgreement(input.members, texts, { ranking, clusters }),
    route,
    scores: scoreMembers(input.members, living, ranking),
  };
  const { id, model, output } = first;
  const baseline = { id, model, output, score: rubricOf(ranking, 0) };
  if (route === 'synthesis') {
    const merged = await synthesizePanel(deps, input, living);
    if (!merged)
      return keepBaseline(
        input,
        { ...common, ...alone(input), baseline: { ...baseline, preferred: null } },
        first,
      );
    const both = { synthesis: merged.output, baseline: output };
    const preferred = await preferSynthesis(deps, input, both);
    const votes = alone(input);
    const known = { ...common, ...votes, baseline: { ...baseline, preferred } };
    if (preferred === 'baseline') return keepBaseline(input, known, first);
    return { ...known, ...merged, ...rate(input, merged.output, votes), picked: null };
  }
  const votes = {
    ...countAsked(input.members),
    ...measureVotes(kept, { clusters, opposed, rubric, answers: living.length }),
  };
  return {
    ...{ ...common, ...votes, output: picked.output, picked: picked.id },
    baseline: { ...baseline, preferred: preferPicked(ranking, kept, 0) },
    ...rate(input, picked.output, votes),
    report: reportPicked(input.members, picked.id),
  };
}

/** A synthesis is nobody's answer: it is judged again and does not inherit agreement. */
function alone({ members }: PanelInput): Votes {
  return { ...countAsked(members), supporters: 1, runnerUp: 0, rubric: null, contradicted: 0 };
}

/** Mixing in weaker answers often costs quality (arXiv 2502.00674): what lost to one answer is not shown instead of it. */
function keepBaseline(
  input: PanelInput,
  known: Omit<PanelOutcome, 'output' | 'picked' | 'report' | 'checks' | 'confidence'>,
  { id, output }: Living,
): PanelOutcome {
  return {
    ...{ ...known, route: 'judge_pick', output, picked: id },
    ...rate(input, output, known),
    report: reportPicked(input.members, id),
  };
}

/** 0..1; `null` where nobody scored it. */
function rubricOf(ranking: Ranking | null, index: number): number | null {
  const score = ranking?.comparison?.scores.get(index);
  return score === undefined ? null : Math.min(1, Math.max(0, score / 10));
}

function scoreMembers(
  members: readonly PanelMember[],
  living: readonly Living[],
  ranking: Ranking | null,
): PanelOutcome['scores'] {
  return members.map((member) => {
    const index = living.findIndex((other) => other.id === member.id);
    const score = index === -1 ? null : rubricOf(ranking, index);
    return { id: member.id, model: member.model, score };
  });
}

function rate(
  input: PanelInput,
  output: string,
  votes: Votes,
): Pick<PanelOutcome, 'checks' | 'confidence'> {
  const task = asTask(input, { id: 'panel', key: 'panel', output, model: null });
  const checks = passedChecks({ ...task, artifactPath: input.artifactPath });
  const confidence = rateAnswer({ ...votes, ...input.passRate, checks }, input.grounds);
  return { checks, confidence };
}

function asTask(
  input: PanelInput,
  answer: Pick<AnsweredTask, 'id' | 'key' | 'output' | 'model'>,
): AnsweredTask {
  return {
    ...{ ...answer, title: input.title, kind: 'member', instruction: input.instruction },
    ...{ acceptance: [...input.acceptance], dependsOn: [], artifactPath: null },
    ...{ required: false, failure: null, confidence: null },
  };
}

/** `null`: the budget does not cover it. */
async function synthesizePanel(
  deps: ResultsDeps,
  input: PanelInput,
  living: readonly Living[],
): Promise<Pick<PanelOutcome, 'output' | 'report'> | null> {
  const tasks = living.map(({ id, output, model }, index) =>
    asTask(input, { id, key: `m${index + 1}`, output, model }),
  );
  const asked = [input.instruction, ...input.acceptance.map((item) => `- ${item}`)].join('\n');
  const commission = { brief: asked, clarifications: [], criteria: [] };
  const merged = await synthesizeAnswers(deps, { commission, tasks, conflicts: [] }).catch(
    (error: unknown) => {
      if (isUnpaid(error)) return null;
      throw error;
    },
  );
  if (!merged) return null;
  const known = new Map(merged.report.map((entry) => [entry.task_id, entry]));
  const report = input.members.map(
    (member): MergeReportEntry =>
      known.get(member.id) ?? {
        ...{ task_id: member.id, disposition: 'rejected', spans: [] },
        reason: explainRejection(member),
      },
  );
  return { output: merged.result, report };
}

function voteOnFields(
  input: PanelInput,
  living: readonly Living[],
  first: Living,
): PanelOutcome | null {
  const ballots = living.flatMap((member) => {
    // A member whose answer is no object casts no vote; the report says so.
    const value = readModelJson(fields, member.output);
    return value ? [{ family: member.family, value, id: member.id }] : [];
  });
  if (ballots.length === 0) return null;
  const vote = voteFields(ballots);
  const output = JSON.stringify(vote.value, null, 2);
  const voted = new Set(ballots.map((ballot) => ballot.id));
  const votes: Votes = {
    ...countAsked(input.members),
    supporters: vote.supporters,
    runnerUp: vote.runnerUp,
    rubric: null,
    contradicted: 0,
  };
  const { partialCoverage } = describeAgreement(input.members, [], {
    ranking: null,
    clusters: [],
  });
  return {
    ...{ ...votes, output, route: 'field_vote', picked: null, partialCoverage },
    consensus: Object.keys(vote.value),
    contradictions: vote.contradictions,
    unique: [],
    blindSpots: [],
    baseline: {
      ...{ id: first.id, model: first.model, output: first.output },
      ...{ score: null, preferred: null },
    },
    scores: scoreMembers(input.members, living, null),
    ...rate(input, output, votes),
    report: input.members.map((member) => ({
      task_id: member.id,
      disposition: voted.has(member.id) ? ('used' as const) : ('rejected' as const),
      reason: voted.has(member.id) ? 'Its fields were voted on.' : explainRejection(member),
      spans: [],
    })),
  };
}
