import type { PanelMember } from '../../src/results/index.ts';

/** One task as several models answered it, with what is true of each answer. */
export interface PlantedPanel {
  /** How the answers are judged apart from other kinds: pass rates are measured by it. */
  kind: 'question' | 'section';
  instruction: string;
  acceptance: string[];
  members: PanelMember[];
  /** Member id → whether its answer is right. */
  truth: ReadonlyMap<string, boolean>;
}

/** `provider/model`, one of each family. */
export const panelModels = [
  'openai/gpt-6-sol',
  'anthropic/claude-sonnet-5-5',
  'gemini/gemini-3.8-flash',
  'deepseek/deepseek-v4-pro',
  'qwen/qwen3.8-max',
] as const;

export function familyOf(model: string): string {
  return model.split('/')[0] ?? model;
}
