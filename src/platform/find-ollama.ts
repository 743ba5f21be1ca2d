import { z } from 'zod';

const tags = z.looseObject({ models: z.array(z.looseObject({ name: z.string() })) });
/** Where nobody listens that is known at once; one that is busy takes its time. */
const timeoutMs = 2_000;

export interface FoundOllama {
  url: string;
  /** At least one; an Ollama without a model cannot answer. */
  models: string[];
}

/** Whether an Ollama with models answers there, asked briefly (`GET /api/tags`). */
export async function findOllama(url: string): Promise<FoundOllama | null> {
  try {
    const response = await fetch(`${url}/api/tags`, { signal: AbortSignal.timeout(timeoutMs) });
    const parsed = tags.safeParse(await response.json());
    const models = parsed.success ? parsed.data.models.map((model) => model.name) : [];
    return response.ok && models.length > 0 ? { url, models } : null;
  } catch {
    // Nobody there, or something else: either way no Ollama.
    return null;
  }
}
