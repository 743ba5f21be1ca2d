import { clip } from '../language/clip.ts';
import { countHeld, keyPhrases, keyWords } from '../language/words.ts';
import type { Voice } from '../voice/voice.ts';
import type { FileAsk } from './find-files.ts';
import type { Outline } from './outline.ts';
import type { Draft } from './planned-task.ts';

/** Files beside a report: each from the sections that speak most of what it holds. */
export function addDocumentFiles(
  draft: Draft,
  plan: { outline: Outline; voice: Voice; scope: string; sections: readonly string[] },
): string[] {
  const { outline, voice, scope, sections } = plan;
  return outline.files.map((file) => {
    const wanted = keyWords(file.sentences.join(' '));
    const sources = sections
      .map((id) => ({ id, held: countHeld(draft.titleOf(id), wanted) }))
      .sort((a, b) => b.held - a.held)
      .slice(0, 2);
    const deps = (sources.length > 0 ? sources : [{ id: scope }]).map(({ id }) => ({
      id,
      uses: voice.plan.uses.section(draft.titleOf(id)),
    }));
    return addFile(draft, { file, voice, deps });
  });
}

export function addFile(
  draft: Draft,
  task: { file: FileAsk; voice: Voice; deps: { id: string; uses: string }[] },
): string {
  const { file, voice, deps } = task;
  const words = voice.plan;
  const said = file.sentences.map((sentence) => sentence.replace(/`/g, '')).join(' ');
  const phrases = keyPhrases(said.replaceAll(file.path, ' '), 4).filter(
    (phrase) => !phrase.includes('/') && !phrase.includes(file.path) && !/["“”`]/.test(phrase),
  );
  const covered = phrases.length > 0 ? voice.join(phrases) : file.path;
  return draft.add({
    title: words.fileTitle(file.path),
    instruction: words.file(file.path, clip(said, 600)),
    kind: 'file',
    deps,
    acceptance: [words.fileCriterion(covered), words.fileCheckCriterion(file.path)],
    max_tokens: 1400,
    path: file.path,
  });
}
