import type { Ask, Limiter, Peek, Refusal } from './limiter.ts';
import type { GateRefusal, GateTicket } from './pool-gate.ts';

/**
 * A limiter that asks a call's gate first, so that whoever waits for a gate stands in the same fair line
 * as whoever waits for a limit. `watchGates` tells when one may have opened.
 */
export function createGatedLimiter(
  limiter: Limiter,
  watchGates: (hear: () => void) => () => void,
): Limiter {
  const inside = new Map<string, GateTicket>();
  return {
    ...limiter,
    async reserve(ask) {
      const refused = ask.gate?.refusal();
      if (refused) return refusalOf(refused);
      // Before the limiter is asked: what is asked meanwhile must see this call inside.
      const ticket = ask.gate?.enter();
      if (!ticket) return await limiter.reserve(ask);
      try {
        const outcome = await limiter.reserve(ask);
        if (outcome.kind === 'granted') inside.set(outcome.reservationId, ticket);
        else ticket.leave(false);
        return outcome;
      } catch (error) {
        ticket.leave(false);
        throw error;
      }
    },
    async settle(reservationId, settlement) {
      await limiter.settle(reservationId, settlement);
      const ticket = inside.get(reservationId);
      inside.delete(reservationId);
      ticket?.leave(true);
    },
    peek: (ask) => narrow(limiter.peek(ask), ask),
    watch(hear) {
      const stops = [limiter.watch(hear), watchGates(hear)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

function refusalOf({ waitMs, exact, reason }: GateRefusal): Refusal {
  return { kind: 'wait', waitMs, exact, blockedBy: 'pause', pausedFor: reason };
}

function narrow(seen: Peek, { gate }: Ask): Peek {
  const refused = gate?.refusal();
  if (refused)
    return { headroom: 0, callsNow: 0, waitMs: Math.max(refused.waitMs, seen.waitMs ?? 0) };
  return gate ? { ...seen, callsNow: Math.min(seen.callsNow, gate.room()) } : seen;
}
