import { createSlidingWindow, type Meter } from './meter.ts';
import { type Amounts, type Dimension, dimensions } from './policy.ts';

/** The fullest 60 seconds (24 hours for rpd; at once for concurrency) that a limit has seen. */
export interface Peak {
  models: string;
  dimension: Dimension;
  limit: number;
  /** What was let in. */
  used: number;
  ratio: number;
  /** With what was refused: above 1 the client asked for too much. */
  offered_ratio: number;
}

/** Measured by a sliding window of its own, whatever kind of window the vendor enforces. */
export interface Peaks {
  offer(amounts: Amounts, now: number, admitted: boolean): void;
  count(inFlight: number): void;
  read(models: string): Peak[];
}

interface Track {
  admitted: Meter;
  offered: Meter;
  used: number;
  asked: number;
}

export function createPeaks(limits: Amounts): Peaks {
  const tracks = new Map<Dimension, Track>();
  for (const dimension of dimensions) {
    const limit = limits[dimension];
    if (limit !== undefined) tracks.set(dimension, createTrack(limit, dimension));
  }
  return {
    offer(amounts, now, admitted) {
      for (const [dimension, track] of tracks) {
        if (dimension === 'concurrency') continue;
        const amount = amounts[dimension] ?? 0;
        track.offered.take(now, amount);
        track.asked = Math.max(track.asked, track.offered.limit - track.offered.room(now));
        if (!admitted) continue;
        track.admitted.take(now, amount);
        track.used = Math.max(track.used, track.admitted.limit - track.admitted.room(now));
      }
      if (!admitted) refuseSlot(tracks.get('concurrency'));
    },
    count(inFlight) {
      const track = tracks.get('concurrency');
      if (!track) return;
      track.used = Math.max(track.used, inFlight);
      track.asked = Math.max(track.asked, inFlight);
    },
    read: (models) =>
      [...tracks].map(([dimension, track]) => ({
        models,
        dimension,
        limit: track.admitted.limit,
        used: Math.round(track.used),
        ratio: round(track.used / track.admitted.limit),
        offered_ratio: round(track.asked / track.offered.limit),
      })),
  };
}

function createTrack(limit: number, dimension: Dimension): Track {
  const period = dimension === 'rpd' ? 86_400_000 : 60_000;
  return {
    admitted: createSlidingWindow(limit, period),
    offered: createSlidingWindow(limit, period),
    used: 0,
    asked: 0,
  };
}

/** A call that was refused for want of a slot would have been one more in flight. */
function refuseSlot(track: Track | undefined): void {
  if (track) track.asked = Math.max(track.asked, track.admitted.limit + 1);
}

function round(ratio: number): number {
  return Math.round(ratio * 10_000) / 10_000;
}
