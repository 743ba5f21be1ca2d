import { createRandom, type Random } from '../../src/platform/random.ts';
import type { AnsweredTask } from '../../src/results/index.ts';

/** A sentence with a number that stands nowhere else in its merge. */
export interface Claim {
  taskId: string;
  sentence: string;
  /** How it is recognised, whatever becomes of the words round it. */
  number: string;
  required: boolean;
}

/** Two tasks give two numbers for the same thing. */
export interface Conflict {
  subject: string;
  numbers: readonly [string, string];
}

export interface PlantedMerge {
  name: string;
  brief: string;
  tasks: AnsweredTask[];
  claims: Claim[];
  conflicts: Conflict[];
}

export interface MergeSize {
  /** Tokens of all inputs together, about. */
  tokens: number;
  tasks: number;
  language: 'en' | 'zh' | 'vi';
}

type Wording = (subject: string, number: string) => string;

interface Language {
  words: readonly string[];
  brief: string;
  title(index: number): string;
  /** Ways to state an amount; each with another wording of the same for whoever contradicts it. */
  claims: readonly (readonly [Wording, Wording])[];
  subject(index: number): string;
  sentence(words: readonly string[]): string;
  tokensPerSentence: number;
}

const languages: Record<MergeSize['language'], Language> = {
  en: {
    words:
      'the of and a to in for on with as by at from into over under between water quay harbour tide ship crane rail road grain timber night morning spring winter engineer pilot town council budget report study measure survey wall gate lock channel basin current sand silt storm repair plan season price freight market'.split(
        ' ',
      ),
    brief: 'Bring together what the studies say about the harbour towns of the coast.',
    title: (index) =>
      `Study of the ${ordinals[index % ordinals.length]} stretch, part ${letterOf(index)}`,
    claims: [
      [
        (subject, number) => `According to the register, ${subject} measures ${number} metres.`,
        (subject, number) => `By our own survey ${subject} is ${number} metres long.`,
      ],
      [
        (subject, number) => `Repairing ${subject} costs ${number} euros a year.`,
        (subject, number) => `The council pays ${number} euros a year for repairing ${subject}.`,
      ],
      [
        (subject, number) => `Last season ${number} ships passed ${subject}.`,
        (subject, number) =>
          `The pilots counted ${number} ships that passed ${subject} last season.`,
      ],
      [
        (subject, number) => `${number} tons of stone hold ${subject} in its place.`,
        (subject, number) => `What holds ${subject} in its place are ${number} tons of stone.`,
      ],
      [
        (subject, number) => `The insurers value ${subject} at ${number} dollars.`,
        (subject, number) => `At ${number} dollars the insurers put the value of ${subject}.`,
      ],
    ],
    subject: (index) => `the quay wall of ${townOf(index)}`,
    sentence: (words) => `${words.join(' ')}.`,
    tokensPerSentence: 16,
  },
  zh: {
    words:
      '码头 海港 潮汐 船舶 起重机 铁路 公路 粮食 木材 夜间 清晨 春季 冬季 工程师 引航员 市政 预算 报告 研究 测量 调查 堤墙 闸门 航道 港池 水流 泥沙 风暴 维修 规划 季节 价格 货运 市场 影响 需要 说明 变化 依据 之间'.split(
        ' ',
      ),
    brief: '请把各项研究关于沿海港口城镇的结论汇总成文。',
    title: (index) => `沿海研究第${letterOf(index)}部分`,
    claims: [
      [
        (subject, number) => `据登记资料，${subject}长${number}米。`,
        (subject, number) => `按我们的测量，${subject}的长度为${number}米。`,
      ],
      [
        (subject, number) => `${subject}每年的维修费用为${number}元。`,
        (subject, number) => `市政每年为维修${subject}支出${number}元。`,
      ],
      [
        (subject, number) => `上一季有${number}艘船经过${subject}。`,
        (subject, number) => `引航员统计，上一季经过${subject}的船有${number}艘。`,
      ],
      [
        (subject, number) => `${subject}用了${number}吨石料来加固。`,
        (subject, number) => `加固${subject}的石料共有${number}吨。`,
      ],
      [
        (subject, number) => `保险公司对${subject}的估值为${number}美元。`,
        (subject, number) => `${subject}由保险公司估值${number}美元。`,
      ],
    ],
    subject: (index) => `${townOf(index)}的码头堤墙`,
    sentence: (words) => `${words.join('')}。`,
    tokensPerSentence: 28,
  },
  vi: {
    words:
      'và của các cho với từ trong khi được nước cảng bến tàu thủy triều đường sắt xe hàng gỗ đêm sáng xuân đông kỹ sư hoa tiêu thành phố ngân sách báo cáo nghiên cứu đo khảo sát tường cổng âu kênh luồng cát bùn bão sửa chữa kế hoạch mùa giá cước thị trường'.split(
        ' ',
      ),
    brief: 'Hãy tổng hợp những gì các nghiên cứu nói về các thị trấn cảng ven biển.',
    title: (index) => `Nghiên cứu ven biển, phần ${letterOf(index)}`,
    claims: [
      [
        (subject, number) => `Theo sổ đăng ký, ${subject} dài ${number} mét.`,
        (subject, number) => `Chiều dài đo được của ${subject} là ${number} mét.`,
      ],
      [
        (subject, number) => `Mỗi năm việc sửa chữa ${subject} tốn ${number} đồng.`,
        (subject, number) => `Thành phố chi ${number} đồng mỗi năm để sửa chữa ${subject}.`,
      ],
      [
        (subject, number) => `Mùa trước có ${number} tàu đi qua ${subject}.`,
        (subject, number) => `Hoa tiêu đếm được ${number} tàu đi qua ${subject} mùa trước.`,
      ],
    ],
    subject: (index) => `tường bến tàu ${townOf(index)}`,
    sentence: (words) => `${words.join(' ')}.`,
    tokensPerSentence: 18,
  },
};

const ordinals = ['northern', 'southern', 'eastern', 'western', 'inner', 'outer'];
const claimsPerTask = 6;

/** A merge of research answers with claims and contradictions hidden in them; the same seed plants the same. */
export function plantMerge(seed: string, size: MergeSize): PlantedMerge {
  const random = createRandom(seed);
  const language = languages[size.language];
  const claims: Claim[] = [];
  const conflicts: Conflict[] = [];
  const usedNumbers = new Set<string>();
  for (let task = 0; task < size.tasks; task += 1) {
    for (let own = 0; own < claimsPerTask; own += 1) {
      const number = drawNumber(random, usedNumbers);
      // Every third claim of a later task is about what the task before spoke of as well.
      const rival =
        task > 0 && own % 3 === 0 ? claims[(task - 1) * claimsPerTask + own + 1] : undefined;
      const index = rival ? (task - 1) * claimsPerTask + own + 1 : claims.length;
      const subject = language.subject(index);
      if (rival) conflicts.push({ subject, numbers: [rival.number, number] });
      // One of four studies is wished for, not required.
      const required = task % 4 !== 3;
      const sentence = wordingOf(language, index, rival !== undefined)(subject, number);
      claims.push({ taskId: `task_${task}`, sentence, number, required });
    }
  }
  const tokensPerTask = size.tokens / size.tasks;
  const tasks = Array.from({ length: size.tasks }, (_, index) => {
    const own = claims.filter(({ taskId }) => taskId === `task_${index}`);
    const output = hideClaims(random, { own, language, tokens: tokensPerTask });
    return answeredTask(index, { title: language.title(index), output });
  });
  return { name: seed, brief: language.brief, tasks, claims, conflicts };
}

/**
 * What it is about decides the kind of amount, so that both of a pair speak of the same. Which of a
 * task's claims are contradicted keeps a rhythm, so the kinds must not keep the same.
 */
function wordingOf({ claims }: Language, index: number, contradicts: boolean): Wording {
  const [first, other] = claims[
    (index + Math.floor(index / claimsPerTask)) % claims.length
  ] as (typeof claims)[number];
  return contradicts ? other : first;
}

/** Paragraphs of words, with the claims spread over them: some alone, some within a paragraph. */
function hideClaims(
  random: Random,
  { own, language, tokens }: { own: readonly Claim[]; language: Language; tokens: number },
): string {
  const sentences = Math.max(own.length, Math.round(tokens / language.tokensPerSentence));
  const paragraphs: string[][] = [];
  for (let written = 0; written < sentences; written += 5) {
    paragraphs.push(Array.from({ length: 5 }, () => writeSentence(random, language)));
  }
  const texts = paragraphs.map((paragraph) => paragraph.join(' '));
  for (const [index, { sentence }] of own.entries()) {
    const place = Math.floor(((index + random.next()) / own.length) * texts.length);
    const text = texts[place] ?? '';
    texts[place] = index % 2 === 0 ? `${text}\n\n${sentence}` : `${text} ${sentence}`;
  }
  return texts.join('\n\n');
}

function writeSentence(random: Random, { words, sentence }: Language): string {
  return sentence(Array.from({ length: 11 }, () => words[random.integer(words.length)] ?? ''));
}

function drawNumber(random: Random, used: Set<string>): string {
  for (;;) {
    const number = String(10_000 + random.integer(90_000));
    if (!used.has(number)) {
      used.add(number);
      return number;
    }
  }
}

const starts = ['Var', 'Bel', 'Tor', 'Nes', 'Kal', 'Dun', 'Fal', 'Gor', 'Hel', 'Mar'];
const middles = ['na', 'mo', 'ri', 'le', 'tu', 'so', 'va', 'ke', 'di', 'pa'];
const ends = ['burg', 'haven', 'port', 'mouth', 'ness', 'wick', 'stad', 'borg', 'sund', 'vik'];

function townOf(index: number): string {
  const at = (list: readonly string[], place: number) =>
    list[Math.floor(place) % list.length] ?? '';
  return at(starts, index) + at(middles, index / 10) + at(ends, index / 100 + index);
}

function letterOf(index: number): string {
  return String.fromCharCode(65 + (index % 26));
}

function answeredTask(
  index: number,
  { title, output }: { title: string; output: string },
): AnsweredTask {
  return {
    id: `task_${index}`,
    key: `t${index}`,
    title,
    kind: 'research',
    instruction: title,
    acceptance: [],
    artifactPath: null,
    dependsOn: [],
    required: index % 4 !== 3,
    output,
    failure: null,
    model: 'qwen/qwen3.8-max',
    confidence: null,
  };
}
