const said =
  'says?|said|reports?|reported|states?|stated|claims?|claimed|estimates?|estimated|finds?|found|notes?|noted|shows?|showed';

const evidence =
  'surveys?|counts?|estimates?|measurements?|records?|data|figures|reports?|stud(?:y|ies)|analys[ei]s|calculations?|registers?|census';

/** Who says it, by itself: a clause with a number is left, since it may name a year or an amount. */
const attributions: readonly RegExp[] = [
  /^(?:according to|as (?:reported|stated|published) (?:by|in)|in the (?:view|opinion) of)\s[^,\d]{1,60},\s*/iu,
  new RegExp(
    `^(?:by|in|per|from|based on|judging by)\\s(?:(?:our|their|its|the|a|own|latest|recent)\\s){0,3}(?:${evidence}),?\\s+`,
    'iu',
  ),
  new RegExp(`^[^,\\d]{1,60}\\s(?:${said})\\s+that\\s+`, 'iu'),
  new RegExp(`,\\s*(?:according to\\s[^,\\d]{1,60}|[^,\\d]{1,40}\\s(?:${said}))(?=\\.?$)`, 'iu'),
  /^(?:据|根据|依据|按照?|依照)[^，,。\d]{1,30}[，,]\s*/u,
  /^[^，,。\d]{1,24}(?:统计|表示|指出|认为|估计|估算|测算|报告|报道|显示|透露|称|说)[，,：:]\s*/u,
  /^theo\s[^,\d]{1,60},\s*/iu,
  /^[^,\d]{1,40}\s(?:cho biết|cho rằng|nói|báo cáo|ước tính)(?:\s+rằng\s+|\s*[,:]\s*)/iu,
];

/** A statement without the clause that tells who made it: two sources may speak of the same thing. */
export function stripAttribution(text: string): string {
  const bare = attributions.reduce((rest, pattern) => rest.replace(pattern, ''), text);
  return bare.trim() === '' ? text : bare;
}
