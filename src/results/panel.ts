import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { JsonObject } from '../platform/json.ts';
import { parseModelJson } from '../protocol/index.ts';
import { choosePanelRoute } from './choose-panel-route.ts';
import { type Cluster, clusterAnswers, extractAnswer } from './cluster.ts';
import type { Comparison } from './compare.ts';
import { agreementConfidence } from './confidence.ts';
import { voteFields } from './field-vote.ts';
import { type Ranking, rankCandidates } from './rank-candidates.ts';
import type {
  AnsweredTask,
  Confidence,
  MergeReportEntry,
  PanelInput,
  PanelMember,
  PanelOutcome,
  ResultsDeps,
} from './results.ts';
import { synthesizeAnswers } from './synthesize.ts';

interface Living extends PanelMember {
  output: string;
}

/**
 * Several models' answers to one task become one: a field vote where the task has a schema, else
 * the candidate that a blind comparison prefers in both orders, else the middle of the largest group
 * of agreeing families. Throws `upstream_failed` where no member answered.
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
  const route = choosePanelRoute({ ...input, outputSchema: null }, living);
  const texts = living.map((member) => member.output);
  const ranking =
    input.mayCall && living.length > 1 ? await rankCandidates(deps, input, texts) : null;
  const clusters = clusterAnswers(
    living.map((member) => ({ family: member.family, text: member.output })),
    ranking?.judged,
  );
  const picked = living[choosePicked(deps, living, { ranking, clusters })] ?? first;
  const mine = clusters.find((cluster) =>
    cluster.members.some((index) => living[index] === picked),
  );
  const families = new Set(input.members.map((member) => member.family)).size;
  const common = {
    ...describeAgreement(ranking?.comparison ?? null, clusters, texts),
    baseline: first.output,
    route,
    families,
  };
  if (route === 'synthesis') {
    const merged = await synthesizePanel(deps, input, living);
    // A synthesis is nobody's answer: it is judged again and does not inherit agreement.
    const confidence = explainConfidence(1, families, input.passRate);
    return { ...common, ...merged, picked: null, supporters: 1, confidence };
  }
  const supporters = mine?.families ?? 1;
  return {
    ...common,
    output: picked.output,
    picked: picked.id,
    confidence: explainConfidence(supporters, families, input.passRate),
    supporters,
    report: reportMembers(input.members, picked.id),
  };
}

/** The best by pairs; of equals the one that most families agree with, then the cheapest model's. */
function choosePicked(
  deps: ResultsDeps,
  living: readonly Living[],
  { ranking, clusters }: { ranking: Ranking | null; clusters: readonly Cluster[] },
): number {
  const prices = new Map(
    deps.dispatch.models().map((model) => [model.id, model.outputUsdPerMillion ?? Infinity]),
  );
  const best = Math.max(...(ranking?.scores ?? [0]));
  const support = (index: number) =>
    clusters.find((cluster) => cluster.members.includes(index))?.families ?? 0;
  const isMedoid = (index: number) =>
    Number(clusters.some((cluster) => cluster.members[0] === index));
  const price = (index: number) => prices.get(living[index]?.model ?? '') ?? Infinity;
  const equals = living
    .map((_, index) => index)
    .filter((index) => {
      return (ranking?.scores[index] ?? 0) === best;
    });
  equals.sort(
    (one, other) =>
      support(other) - support(one) ||
      isMedoid(other) - isMedoid(one) ||
      Math.sign(price(one) - price(other)) ||
      one - other,
  );
  return equals[0] ?? 0;
}

async function synthesizePanel(
  deps: ResultsDeps,
  input: PanelInput,
  living: readonly Living[],
): Promise<Pick<PanelOutcome, 'output' | 'report'>> {
  const tasks = living.map(
    (member, index): AnsweredTask => ({
      ...{ id: member.id, key: `m${index + 1}`, title: input.title, kind: 'member' },
      ...{ instruction: input.instruction, acceptance: [...input.acceptance], dependsOn: [] },
      ...{ artifactPath: null, required: false, failure: null, confidence: null },
      ...{ output: member.output, model: member.model },
    }),
  );
  const asked = [input.instruction, ...input.acceptance.map((item) => `- ${item}`)].join('\n');
  const commission = { brief: asked, clarifications: [], criteria: [] };
  const merged = await synthesizeAnswers(deps, { commission, tasks, conflicts: [] });
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

function describeAgreement(
  compared: Comparison | null,
  clusters: readonly { members: number[]; families: number }[],
  texts: readonly string[],
): Pick<PanelOutcome, 'consensus' | 'contradictions' | 'unique' | 'blindSpots'> {
  if (compared) {
    const { consensus, contradictions, unique, blindSpots } = compared;
    return { consensus, contradictions, unique, blindSpots };
  }
  const shown = clusters.map((cluster) => ({
    ...cluster,
    answer: extractAnswer(texts[cluster.members[0] ?? 0] ?? ''),
  }));
  const agreed = shown.filter((cluster) => cluster.members.length > 1);
  return {
    consensus: agreed.map((cluster) => cluster.answer),
    contradictions:
      shown.length > 1 && agreed.length > 0 ? shown.slice(1).map((cluster) => cluster.answer) : [],
    unique: agreed.length === 0 && shown.length > 1 ? shown.map((cluster) => cluster.answer) : [],
    blindSpots: [],
  };
}

function voteOnFields(
  input: PanelInput,
  living: readonly Living[],
  first: Living,
): PanelOutcome | null {
  const ballots = living.flatMap((member) => {
    const value = readObject(member.output);
    return value ? [{ family: member.family, value, id: member.id }] : [];
  });
  if (ballots.length === 0) return null;
  const vote = voteFields(ballots);
  const families = new Set(input.members.map((member) => member.family)).size;
  const voted = new Set(ballots.map((ballot) => ballot.id));
  return {
    output: JSON.stringify(vote.value, null, 2),
    route: 'field_vote',
    picked: null,
    consensus: Object.keys(vote.value),
    contradictions: vote.contradictions,
    unique: [],
    blindSpots: [],
    baseline: first.output,
    confidence: explainConfidence(vote.supporters, families, input.passRate),
    families,
    supporters: vote.supporters,
    report: input.members.map((member) => ({
      task_id: member.id,
      disposition: voted.has(member.id) ? ('used' as const) : ('rejected' as const),
      reason: voted.has(member.id) ? 'Its fields were voted on.' : explainRejection(member),
      spans: [],
    })),
  };
}

function readObject(text: string): JsonObject | null {
  try {
    const { value } = parseModelJson(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  } catch {
    // A member whose answer is no object casts no vote; the report says so.
    return null;
  }
}

function explainConfidence(supporters: number, families: number, passRate: number): Confidence {
  const value = agreementConfidence(supporters, families, passRate);
  return {
    value: Math.round(value * 1000) / 1000,
    calibrated: false,
    explanation:
      `Uncalibrated. ${supporters} of ${families} model families support this answer; ` +
      `one family alone would be worth ${Math.round(passRate * 100)} %.`,
  };
}

function reportMembers(members: readonly PanelMember[], picked: string): MergeReportEntry[] {
  return members.map((member) =>
    member.id === picked
      ? {
          task_id: member.id,
          disposition: 'used',
          reason: 'The panel picked it.',
          spans: [{ start: 0, end: member.output?.length ?? 0 }],
        }
      : {
          task_id: member.id,
          disposition: 'rejected',
          reason: explainRejection(member),
          spans: [],
        },
  );
}

function explainRejection(member: PanelMember): string {
  return member.output === null ? 'It did not answer.' : 'Another answer of the panel was picked.';
}
