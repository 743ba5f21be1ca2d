/** Lanes from the most to the least urgent; weights, not strict priorities. */
export const lanes = ['priority', 'standard', 'batch'] as const;
export type Lane = (typeof lanes)[number];
