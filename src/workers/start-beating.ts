import { errorFields } from '../platform/log.ts';
import { repeat } from '../platform/repeat.ts';
import { heartbeat, heartbeatTimeoutMs, signOff } from '../queue/index.ts';
import type { SlotBoard } from './slot-board.ts';
import type { WorkersDeps } from './workers-deps.ts';

/**
 * Tells the balancer that this worker lives and what it can take, three times per time-out. Returns the
 * way to sign off: nothing more is assigned in expectation of it.
 */
export function startBeating(
  deps: Pick<WorkersDeps, 'store' | 'clock' | 'log'>,
  worker: { id: string; board: SlotBoard },
): { signOff(): Promise<void> } {
  const { id, board } = worker;
  const failed = (error: unknown) => deps.log.warn('worker.beat_failed', errorFields(error));
  // Beats follow one another: one that is under way at the end would undo the signing off.
  let last: Promise<void> = Promise.resolve();
  const beat = () => {
    last = last.then(() =>
      heartbeat(deps, {
        id,
        role: 'worker',
        slots: board.slots(),
        freeSlots: board.freeCount(),
      }).catch(failed),
    );
    return last;
  };
  void beat();
  const end = repeat(deps.clock, heartbeatTimeoutMs / 3, { work: beat, failed });
  return {
    async signOff() {
      end();
      await last;
      await signOff(deps, id).catch(failed);
    },
  };
}
