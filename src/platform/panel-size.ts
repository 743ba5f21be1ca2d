/** Models that answer one task side by side; one alone is no panel. */
export const panelSize = { least: 2, most: 8 } as const;

export const panelForm = `a whole number from ${panelSize.least} to ${panelSize.most}; left out, one model answers`;

/** Of a task of a plan, where 0 says that one model answers whatever the run asks for. */
export const taskPanelForm = `0, or a whole number from ${panelSize.least} to ${panelSize.most}`;

export function isTaskPanel(value: number): boolean {
  return value === 0 || (value >= panelSize.least && value <= panelSize.most);
}
