import { clip } from '../language/clip.ts';
import { readTag } from '../read-prompt.ts';
import { voiceOf } from '../voice/voice-of.ts';
import { outlineBrief } from './outline-brief.ts';
import { planBrief } from './write-plan.ts';

/** Up to three questions on what the brief leaves open and the plan depends on; none where the brief is one task. */
export function clarify(message: string): string {
  const brief = readTag(message, 'brief').trim() || message;
  const voice = voiceOf(brief);
  const topic = clip(outlineBrief(brief).topic, 60);
  const questions =
    planBrief('clarify', brief).single !== null
      ? []
      : voice.questions
          .filter((question) => !question.answered.test(brief))
          .map((question) => ({
            question: question.question(topic),
            default: question.default,
            why: question.why,
          }));
  return JSON.stringify({ questions });
}
