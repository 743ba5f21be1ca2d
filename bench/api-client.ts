import { createParser } from 'eventsource-parser';
import { z } from 'zod';

/** An event of a run as the gateway writes it, less what no bench reads. */
const runEvent = z.object({
  type: z.string(),
  at: z.string(),
  task_id: z.string().nullable(),
  attempt_id: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type RunEvent = z.infer<typeof runEvent> & { number: number };

const attemptDocument = z.object({
  id: z.string(),
  model: z.string(),
  outcome: z.string().nullable(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
});

const runDocument = z.object({
  id: z.string(),
  status: z.string(),
  rounds: z.number(),
  clarifications: z.array(z.object({ question: z.string(), answer: z.string() })),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      kind: z.string(),
      status: z.string(),
      depends_on: z.array(z.string()),
      attempts: z.array(attemptDocument),
      output: z.string().nullable(),
    }),
  ),
  merge_report: z.array(
    z.object({ task_id: z.string(), disposition: z.string(), reason: z.string() }),
  ),
  verdict: z
    .object({
      decision: z.string(),
      criteria: z.array(z.object({ text: z.string(), met: z.boolean(), evidence: z.string() })),
    })
    .nullable(),
  usage: z.object({
    input_tokens: z.number(),
    output_tokens: z.number(),
    cost_usd: z.number().nullable(),
  }),
  artifacts: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
  result: z.string().nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type RunDocument = z.infer<typeof runDocument>;

const choice = z.object({
  message: z.object({ content: z.string() }),
  finish_reason: z.string().nullable(),
});

const completion = z.object({
  choices: z.tuple([choice], choice),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }),
});

const modelList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      headrace: z.object({
        simulated: z.boolean(),
        context_tokens: z.number(),
        max_output_tokens: z.number(),
        output_usd_per_million: z.number().nullable(),
      }),
    }),
  ),
});
export type ListedModel = z.infer<typeof modelList>['data'][number];

export interface Completion {
  text: string;
  finishReason: string | null;
  inputTokens: number;
  outputTokens: number;
  /** `null`: the model has no price. */
  costUsd: number | null;
}

const accepted = z.object({ id: z.string(), run_id: z.string() });

export interface ApiClient {
  /** Starts a project's first run; gives its id. */
  startRun(project: { brief: string } & Record<string, unknown>): Promise<string>;
  readRun(runId: string): Promise<RunDocument>;
  /** Every model that an account serves. */
  listModels(): Promise<ListedModel[]>;
  /** One call to one model, `provider/model`, through `/v1/chat/completions`. */
  complete(request: {
    model: string;
    system: string;
    user: string;
    maxTokens: number;
  }): Promise<Completion>;
  /** The file's text. */
  readArtifact(runId: string, path: string): Promise<string>;
  /**
   * Every event after number `after`, as it comes, until the run has ended or `signal` aborts.
   * Throws where the connection breaks.
   */
  followEvents(
    runId: string,
    options: { after?: number; signal?: AbortSignal },
  ): AsyncGenerator<RunEvent>;
}

/** The HTTP interface of a Headrace as the benches use it. */
export function createApiClient({ url, adminKey }: { url: string; adminKey: string }): ApiClient {
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${adminKey}`, ...init.headers },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    async startRun(project) {
      const response = await call('/api/v1/projects', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(project),
      });
      return accepted.parse(await response.json()).run_id;
    },
    readRun: async (runId) => runDocument.parse(await (await call(`/api/v1/runs/${runId}`)).json()),
    listModels: async () => modelList.parse(await (await call('/v1/models')).json()).data,
    complete: (request) => complete(call, request),
    async readArtifact(runId, path) {
      const encoded = path.split('/').map(encodeURIComponent).join('/');
      return (await call(`/api/v1/runs/${runId}/artifacts/${encoded}`)).text();
    },
    async *followEvents(runId, { after = 0, signal }) {
      const response = await call(`/api/v1/runs/${runId}/events`, {
        headers: { 'last-event-id': String(after) },
        ...(signal ? { signal } : {}),
      });
      yield* readStream(response);
    },
  };
}

async function complete(
  call: (path: string, init: RequestInit) => Promise<Response>,
  { model, system, user, maxTokens }: Parameters<ApiClient['complete']>[0],
): Promise<Completion> {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  const response = await call('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages, max_completion_tokens: maxTokens }),
  });
  const { choices, usage } = completion.parse(await response.json());
  const cost = response.headers.get('headrace-cost-usd');
  return {
    text: choices[0].message.content,
    finishReason: choices[0].finish_reason,
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    costUsd: cost === null ? null : Number(cost),
  };
}

async function* readStream(response: Response): AsyncGenerator<RunEvent> {
  const read: RunEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, data }) =>
      read.push({ ...runEvent.parse(JSON.parse(data)), number: Number(id) }),
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* read.splice(0);
  }
}
