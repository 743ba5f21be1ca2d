import type { RunEvent } from '../../platform/store/store.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { Principal } from '../orchestration.ts';
import { drawEvent } from './draw-event.ts';
import { createSequence, type Sequence } from './mermaid-sequence.ts';
import { requireRun, selectEvents } from './read-events.ts';

const pageSize = 500;
/** Mermaid refuses larger texts (its `maxTextSize`); what is left out is said. */
const longestDiagram = 45_000;

/** The run as a Mermaid sequence diagram: what it recorded, in the order in which it happened. Throws `not_found`. */
export async function drawDiagram(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  runId: string,
): Promise<string> {
  const { tenantId } = principal;
  const sequence = createSequence();
  let after = 0;
  let left = 0;
  for (let more = true; more; ) {
    const page = await deps.store.transaction({ tenantId }, async (tx) => {
      if (after === 0) await requireRun(tx, runId);
      return await selectEvents(tx, { runId, after, limit: pageSize });
    });
    for (const event of page) left += drawWithin(sequence, event);
    after = page.at(-1)?.number ?? after;
    more = page.length === pageSize;
  }
  if (left > 0) sequence.note('Gateway', `${left} further events are left out.`);
  return sequence.text();
}

/** 1 where the diagram has no room for the event any more. */
function drawWithin(sequence: Sequence, event: RunEvent): 0 | 1 {
  const ends = event.type === 'result.delivered' || event.type.startsWith('run.');
  if (!ends && sequence.length() > longestDiagram) return 1;
  drawEvent(sequence, event);
  return 0;
}
