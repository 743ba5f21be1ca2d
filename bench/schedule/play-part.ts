import { modelName, type PlacedGraph } from './place-graph.ts';

/** What a model says, and how long it takes to. */
export interface Part {
  text: string;
  ms: number;
}

const proof = 'This part is done as the brief asks for it.';

/** The answer of any role for the graph that the prompt's brief names. */
export function playPart(graphs: ReadonlyMap<string, PlacedGraph>, prompt: string): Part {
  const name = /Graph (\S+)\./.exec(prompt)?.[1] ?? '';
  const graph = graphs.get(name);
  if (!graph) throw new Error(`No graph is called "${name}".`);
  const role = /You are Headrace's (\w+)/.exec(prompt)?.[1];
  if (role === 'planner') return { text: writePlan(graph), ms: graph.planMs };
  if (role === 'judge') return { text: judgement, ms: graph.judgeMs };
  const key = /<task title="Part (t\d+)"/.exec(prompt)?.[1];
  const task = graph.tasks.find((each) => each.key === key);
  if (role !== 'worker' || !task) throw new Error(`Nobody wrote a part for ${role} ${key}.`);
  return { text: `## Part ${task.key}\n\n${task.key}: ${proof}`, ms: task.ms };
}

export function writeBrief(graph: Pick<PlacedGraph, 'name'>): string {
  return `Graph ${graph.name}. Write its parts.`;
}

function writePlan({ tasks, poolIds }: PlacedGraph): string {
  const lines = tasks.map(({ key, pool, deps }) => ({
    id: key,
    title: `Part ${key}`,
    instruction: `Write part ${key}.`,
    kind: 'section',
    deps: deps.map((id) => ({ id, uses: 'all of it' })),
    acceptance: [],
    max_tokens: 400,
    required: true,
    path: null,
    models: [`${poolIds[pool]}/${modelName}`],
  }));
  const end = { end: true, count: tasks.length, single: null };
  return [{ criteria: ['Every part is done.'] }, ...lines, end]
    .map((line) => JSON.stringify(line))
    .join('\n');
}

const judgement = JSON.stringify({
  criteria: [{ text: 'Every part is done.', met: true, evidence: proof }],
  verdict: 'pass',
  defects: [],
});
