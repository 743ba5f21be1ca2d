import { pick } from '../../draw.ts';
import type { Angle, Voice } from '../voice/voice.ts';

/** What a section is asked for besides its topic; differs from title to title. */
export function chooseAngle(seed: string, voice: Voice, title: string): Angle {
  return pick(voice.angles, seed, 'angle', title);
}
