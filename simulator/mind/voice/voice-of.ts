import { detectLanguage, type Language } from '../language/detect-language.ts';
import { chinese } from './chinese.ts';
import { english } from './english.ts';
import { vietnamese } from './vietnamese.ts';
import type { Voice } from './voice.ts';

const voices: Record<Language, Voice> = { en: english, zh: chinese, vi: vietnamese };

/** The voice in the language of the text. */
export function voiceOf(text: string): Voice {
  return voices[detectLanguage(text)];
}
