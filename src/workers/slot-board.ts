/** Which slots of a process are free: so many per provider, each for one task at a time. */
export interface SlotBoard {
  /** Free slots of the providers that have any. */
  free(): Map<string, number>;
  occupy(provider: string): void;
  /** Whether the provider had no free slot until now. */
  vacate(provider: string): boolean;
  /** Slots per provider, for the heartbeat. */
  slots(): Record<string, number>;
  /** Free slots of all providers together. */
  freeCount(): number;
}

/** `providers` is asked each time: accounts come and go while the process runs. */
export function createSlotBoard(
  providers: () => readonly string[],
  slotsPerProvider: number,
): SlotBoard {
  const busy = new Map<string, number>();
  const freeOf = (provider: string) => slotsPerProvider - (busy.get(provider) ?? 0);
  return {
    free: () =>
      new Map(
        providers()
          .map((provider) => [provider, freeOf(provider)] as const)
          .filter(([, free]) => free > 0),
      ),
    occupy: (provider) => void busy.set(provider, (busy.get(provider) ?? 0) + 1),
    vacate(provider) {
      const wasFull = freeOf(provider) <= 0;
      busy.set(provider, Math.max(0, (busy.get(provider) ?? 0) - 1));
      return wasFull;
    },
    slots: () => Object.fromEntries(providers().map((provider) => [provider, slotsPerProvider])),
    freeCount: () => providers().reduce((sum, provider) => sum + Math.max(0, freeOf(provider)), 0),
  };
}
