import { clip, clipPhrase } from '../language/clip.ts';
import { lowerFirst } from '../language/lower-first.ts';
import { countHeld, keyWords } from '../language/words.ts';
import type { PlanWords, Voice } from '../voice/voice.ts';
import { chooseAngle } from './choose-angle.ts';
import type { Item, Outline } from './outline.ts';
import { addDocumentFiles } from './plan-files.ts';
import { createDraft, type Draft, type Plan } from './planned-task.ts';

export interface Planning {
  seed: string;
  voice: Voice;
  outline: Outline;
}

const late =
  /summary|conclusion|recommend|abstract|next steps|outlook|tóm tắt|kết luận|khuyến nghị|đề xuất|摘要|总结|结论|建议|展望/i;

/** Scope → notes on groups of items → a section each → cross-check → what sums up: five levels deep. */
export function planReport({ seed, voice, outline }: Planning): Plan {
  const words = voice.plan;
  const draft = createDraft();
  const items = withFacets(outline, words);
  const early = items.filter((item) => !late.test(item.title));
  const closing = items.filter((item) => late.test(item.title));
  const scope = addScope(draft, { seed, voice, outline });
  const sections = addSections(draft, { items: early, seed, voice, scope });
  const files = addDocumentFiles(draft, { outline, voice, scope, sections });
  const check = draft.add({
    title: words.synthesisTitle,
    instruction: words.synthesis(outline.topic),
    kind: 'research',
    deps: [...sections, ...files]
      .slice(0, 24)
      .map((id) => ({ id, uses: words.uses.section(draft.titleOf(id)) })),
    acceptance: [words.synthesisCriterion],
    max_tokens: 700,
  });
  if (closing.length === 0) addClosing(draft, { words, topic: outline.topic, check });
  for (const item of closing) {
    addSection(draft, {
      item,
      seed,
      voice,
      deps: [{ id: check, uses: words.uses.section(words.synthesisTitle) }],
    });
  }
  // What sums up is written last and read where the brief puts it.
  const order = items.flatMap((item) => {
    const task = draft.tasks.find(({ kind, title }) => kind === 'section' && title === item.title);
    return task ? [task.id] : [];
  });
  const asWritten = draft.tasks.map(({ id }) => id).filter((id) => order.includes(id));
  return {
    criteria: wholeCriteria(draft, words),
    tasks: draft.tasks,
    single: null,
    ...(order.join() === asWritten.join() ? {} : { order }),
  };
}

/** Fewer than three items make no report: the usual sides of its topic are added. */
function withFacets(outline: Outline, words: PlanWords): Item[] {
  if (outline.items.length >= 3) return outline.items;
  const sentence = outline.items[0]?.sentence ?? outline.topic;
  const topic = lowerFirst(clipPhrase(outline.topic, 60));
  const phrases = outline.items[0]?.phrases ?? [];
  const facets = words.facets.map((facet) => ({
    title: facet(topic),
    sentence,
    phrases,
  }));
  const own = outline.items.filter((item) => !outline.topic.startsWith(clip(item.title, 40)));
  return [...own, ...facets].slice(0, 6);
}

/** The parts that the brief names, or else what its sentence turns on. */
function scopePhrases(outline: Outline): string[] {
  const titles = outline.items.slice(0, 4).map((item) => lowerFirst(clipPhrase(item.title, 60)));
  if (outline.items.length >= 3) return titles;
  return (outline.items[0]?.phrases ?? [])
    .slice(0, 3)
    .concat(outline.items.length === 0 ? [outline.topic] : []);
}

function addScope(draft: Draft, { voice, outline }: Planning): string {
  const words = voice.plan;
  const limits = outline.constraints.map((text) => `“${text}”`).join(' ');
  return draft.add({
    title: words.scopeTitle,
    instruction: `${words.scope(outline.topic)} ${limits}`.trim(),
    // A brief that lists its own parts gets no further one.
    kind: outline.structured ? 'research' : 'section',
    deps: [],
    acceptance: [
      words.coversCriterion(voice.join(scopePhrases(outline))),
      ...(outline.constraints.length > 0 ? [words.constraintsCriterion] : []),
    ],
    max_tokens: 800,
  });
}

interface Sections {
  items: readonly Item[];
  seed: string;
  voice: Voice;
  scope: string;
}

/** Items are researched in groups of neighbours, then written one by one. */
function addSections(draft: Draft, { items, seed, voice, scope }: Sections): string[] {
  const words = voice.plan;
  const size = items.length <= 4 ? 1 : Math.ceil(items.length / 4);
  const ids: string[] = [];
  for (let start = 0; start < items.length; start += size) {
    const group = items.slice(start, start + size);
    const focus = voice.join(group.map((item) => lowerFirst(clipPhrase(item.title, 60))));
    const notes = draft.add({
      title: words.notesTitle(clipPhrase(focus, 90)),
      instruction: words.notes(focus, group.map((item) => clip(item.sentence, 200)).join(' ')),
      kind: 'research',
      deps: [{ id: scope, uses: words.uses.scope }],
      acceptance: [words.notesCriterion(focus)],
      max_tokens: 700,
    });
    for (const item of group) {
      const related = findRelated(draft, ids, item);
      ids.push(
        addSection(draft, {
          item,
          seed,
          voice,
          deps: [
            { id: notes, uses: words.uses.notes(lowerFirst(item.title)) },
            ...related.map((id) => ({ id, uses: words.uses.section(draft.titleOf(id)) })),
          ],
        }),
      );
    }
  }
  return ids;
}

function addSection(
  draft: Draft,
  task: { item: Item; seed: string; voice: Voice; deps: { id: string; uses: string }[] },
): string {
  const { item, seed, voice, deps } = task;
  const words = voice.plan;
  const focus = lowerFirst(item.title);
  const phrases = item.phrases.filter((phrase) => !/["“”`]/.test(phrase)).slice(0, 3);
  return draft.add({
    title: item.title,
    instruction: words.section(focus, item.sentence),
    kind: 'section',
    deps,
    acceptance: [
      words.coversCriterion(voice.join(phrases.length > 0 ? phrases : [focus])),
      chooseAngle(seed, voice, item.title).criterion(clipPhrase(focus, 60)),
    ],
    max_tokens: 900,
  });
}

/** The one earlier section whose title this item speaks of; sections that follow another are left out, or the chain grows long. */
function findRelated(draft: Draft, sections: readonly string[], item: Item): string[] {
  const candidates = sections
    .map((id) => draft.tasks.find((task) => task.id === id))
    .filter((task) => task !== undefined && task.deps.length < 2)
    .map((task) => ({
      id: task?.id ?? '',
      held: countHeld(item.sentence, keyWords(task?.title ?? '')),
    }))
    .filter(({ held }) => held >= 2)
    .sort((a, b) => b.held - a.held);
  return candidates.slice(0, 1).map(({ id }) => id);
}

function addClosing(
  draft: Draft,
  closing: { words: PlanWords; topic: string; check: string },
): void {
  const { words, topic, check } = closing;
  draft.add({
    title: words.closingTitle,
    instruction: words.closing(topic),
    kind: 'section',
    deps: [{ id: check, uses: words.uses.section(words.synthesisTitle) }],
    acceptance: [words.closingCriterion],
    max_tokens: 800,
  });
}

const mostCriteria = 8;

/** What shown parts promised last, spread over all of them: the criteria of the whole. */
export function wholeCriteria(draft: Draft, words: PlanWords): string[] {
  const shown = draft.tasks.filter((task) => task.kind !== 'research');
  const step = Math.max(1, shown.length / mostCriteria);
  return Array.from({ length: Math.min(shown.length, mostCriteria) }, (_, index) => {
    const task = shown[Math.floor(index * step)];
    return words.whole(task?.path ?? task?.title ?? '', task?.acceptance.at(-1) ?? '');
  });
}
