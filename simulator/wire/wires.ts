import { anthropicWire } from './anthropic/anthropic-wire.ts';
import { deepseekWire } from './deepseek/deepseek-wire.ts';
import { geminiWire } from './gemini/gemini-wire.ts';
import { openaiWire } from './openai/openai-wire.ts';
import { qwenWire } from './qwen/qwen-wire.ts';
import type { Wire } from './wire.ts';

export const wires: readonly Wire[] = [
  openaiWire,
  anthropicWire,
  geminiWire,
  deepseekWire,
  qwenWire,
];
