import type { Angle, PlanWords, SectionWords, Voice } from './voice.ts';

const angles: readonly [Angle, ...Angle[]] = [
  {
    pattern: /局限|不足|缺点/,
    criterion: (focus) => `指出“${focus}”的局限性，以及应对办法`,
    bodies: [
      (s) =>
        `${s.focus}的局限性首先在于：这里没有直接观察，所有表述都来自任务书和前面的任务。应对办法是把涉及“${s.other}”的内容标为待核实，直到有人对照原始资料确认。`,
      (s) =>
        `需要指出的局限性是，${s.focus}受“${s.other}”影响，而任务书没有说明影响的程度。应对办法：在每处表述旁写明假设，待“${s.third}”明确后再回头修订。`,
    ],
  },
  {
    pattern: /验证|核实|证据|检验/,
    criterion: (focus) => `说明“${focus}”的判断怎样验证`,
    bodies: [
      (s) =>
        `关于“${s.focus}”的判断怎样验证？分两步：先把每一条追溯到任务书或输入中的原句，再用一份独立资料核对“${s.other}”。`,
      (s) =>
        `“${s.focus}”的判断怎样验证，可以交给第二位读者：逐条阅读有关内容，在“${s.other}”中寻找反例，站不住的就删去。`,
    ],
  },
  {
    pattern: /例子|案例|举例|示例/,
    criterion: (focus) => `用一个例子讲清“${focus}”`,
    bodies: [
      (s) =>
        `用一个例子讲清楚：取${s.focus}的一个具体情形，记下起点，沿着“${s.other}”一步步走下去，再看“${s.third}”在哪一步改变了结果。`,
      (s) =>
        `下面用一个例子讲清：第一次接触${s.focus}的读者，会先问它与“${s.other}”有什么关系，答案就落在“${s.third}”上。`,
    ],
  },
  {
    pattern: /比较|对比|方案/,
    criterion: (focus) => `比较“${focus}”的两种方案`,
    bodies: [
      (s) =>
        `这里比较两种方案。第一种把“${s.other}”放在前面，见效快，但不易论证；第二种从“${s.third}”入手，较慢，事后更站得住。两者都围绕${s.focus}展开。`,
      (s) =>
        `就${s.focus}而言，两种方案的比较归结为成本与把握：要么从“${s.other}”小处着手，要么一开始就把“${s.third}”纳入。`,
    ],
  },
  {
    pattern: /待解|问题.*排序|未知/,
    criterion: (focus) => `按重要性排列“${focus}”的待解问题`,
    bodies: [
      (s) =>
        `按重要性排列，${s.focus}的待解问题依次是：“${s.other}”的边界在哪里；“${s.third}”由谁决定；其余可以留到以后。`,
      (s) =>
        `${s.focus}的待解问题按重要性排列：首先看“${s.other}”能否推广到其他情形，其次看“${s.third}”起什么作用。`,
    ],
  },
];

const plan: PlanWords = {
  scopeTitle: '范围与术语',
  scope: (topic) =>
    `撰写关于「${topic}」的开篇：任务书要求什么，用到哪些术语，不包括什么，以及全部限制条件。`,
  constraintsCriterion: '逐条重述任务书的限制条件',
  notesTitle: (focus) => `资料整理：${focus}`,
  notes: (focus, sentence) => `整理后续各节所需的关于「${focus}」的资料。任务书写道：“${sentence}”`,
  notesCriterion: (focus) => `涵盖${focus}`,
  section: (focus, sentence) => `撰写正文中关于「${focus}」的一节。任务书写道：“${sentence}”`,
  coversCriterion: (phrases) => `涵盖${phrases}`,
  facets: [
    (topic) => `${topic}：现状`,
    (topic) => `${topic}：主要方法`,
    (topic) => `${topic}：证据与评价指标`,
    (topic) => `${topic}：挑战与风险`,
    (topic) => `${topic}：前景`,
  ],
  synthesisTitle: '各部分之间的联系',
  synthesis: (topic) => `说明「${topic}」各节之间的联系：哪里互相支持，哪里彼此矛盾。`,
  synthesisCriterion: '把至少两节内容互相联系起来',
  closingTitle: '结论与下一步',
  closing: (topic) => `为「${topic}」收尾：先写结论，再按效果大小排列后续步骤。`,
  closingCriterion: '按顺序列出后续步骤',
  approachTitle: '思路与结构',
  approach: (topic, paths) =>
    `说明「${topic}」如何实现：每个文件做什么，彼此怎样依赖。文件：${paths}。`,
  approachCriterion: (paths) => `说明${paths}的用途`,
  file: (path, sentences) => `编写文件 ${path}。任务书写道：“${sentences}”`,
  fileTitle: (path) => `文件 ${path}`,
  fileCriterion: (phrases) => `实现${phrases}`,
  fileCheckCriterion: (path) => `写明 ${path} 遇到什么输入会出错`,
  runTitle: '运行与检查方法',
  run: (paths) => `说明怎样运行项目，怎样逐个文件检查结果：${paths}。`,
  runCriterion: '按顺序给出命令',
  extra: (sentence) => `撰写任务书要求的这一部分：“${sentence}”`,
  uses: {
    scope: '范围与术语',
    notes: (focus) => `关于「${focus}」的资料`,
    section: (title) => `“${title}”的结论`,
    file: (path) => `${path} 的名称与接口`,
  },
  whole: (title, criterion) => `“${title}”一节须${criterion}`,
  singleReason: '任务书只要求一件事，拆分只会增加交接。',
};

const duties: readonly Angle[] = [
  {
    pattern: /重述任务书的限制条件/,
    criterion: () => plan.constraintsCriterion,
    bodies: [() => '以上逐条重述任务书的限制条件，均为原话，以免后文遗漏。'],
  },
  {
    pattern: /后续步骤/,
    criterion: () => plan.closingCriterion,
    bodies: [
      (s) =>
        `按顺序列出后续步骤：\n\n1. 先弄清“${s.other}”尚未确定之处。\n2. 对照原始资料核对关于“${s.third}”的表述。\n3. 最后作出决定，并写明理由。`,
    ],
  },
  {
    pattern: /联系起来/,
    criterion: () => plan.synthesisCriterion,
    bodies: [
      (s) =>
        `把至少两节内容互相联系起来看：关于“${s.other}”的结论，限定了“${s.third}”能够说到什么程度。`,
    ],
  },
  {
    pattern: /给出命令/,
    criterion: () => plan.runCriterion,
    bodies: [
      () =>
        '按顺序给出命令：\n\n1. 建立环境，安装各文件引用的依赖。\n2. 逐个运行文件，查看最后一行输出。\n3. 运行入口文件，把结果与文件清单对照。',
    ],
  },
];

const section: SectionWords = {
  bareOpenings: [
    '任务书只点出了这一部分的名称，以下内容以其他各节所需为限。',
    '关于这一部分，任务书没有更多说明，因此结合全文来理解。',
    '这一部分只有名称，写得简短，并标出尚待决定之处。',
  ],
  otherwise: ['任务书未写明之处', '相邻各节'],
  openings: [
    (s) => `任务书的原话是：“${s.sentence}”本节据此展开。`,
    (s) => `本节的出发点是这句话：“${s.sentence}”`,
    (s) => `任务中的表述为：“${s.sentence}”本节不超出这一范围。`,
    (s) => `“${s.sentence}”按字面理解，需要先给出明确的回答，再谈细节。`,
  ],
  aspects: [
    '先作界定，再据此展开',
    '连同所涉及的人一并说明',
    '与取决于它的事项一起权衡',
    '用一项能反映变化的指标来观察',
    '任务书未作说明，因此标为假设',
    '为下一步的决定提供依据',
  ],
  filePurpose: (name) => `用途见其名：${name}`,
  covers: '本节涉及：',
  other: (phrases) => `本节还涉及${phrases}，以任务书的说明为限。`,
  inputs: '本节以下列内容为基础：',
  isNote: /^资料整理/,
  notes: '整理的资料',
  input: (title, quote) => `${title}：“${quote}”`,
};

export const chinese: Voice = {
  label: (author) => `*${author} 的模拟文本：展示调度过程，不代表回答质量。*`,
  fileLabel: (author) => `${author} 的模拟内容：展示调度过程，不代表回答质量。`,
  join: (items) =>
    items.length < 2 ? items.join('') : `${items.slice(0, -1).join('、')}和${items.at(-1)}`,
  angles,
  duties,
  plan,
  section,
  questions: [
    {
      answered: /读者|面向|受众|用户群体|初学者|学生|管理层/,
      question: (topic) => `关于“${topic}”的成果由谁阅读或使用？`,
      default: '有一定了解但并非专家的读者',
      why: '这决定需要解释到什么程度。',
    },
    {
      answered: /字数|\d+\s*字|页|简短|详尽|详细/,
      question: (topic) => `关于“${topic}”的篇幅有什么要求？`,
      default: '每节约一页',
      why: '这决定把工作分成多少节。',
    },
    {
      answered: /截止|预算|限制|期限|不得|时间范围|近[一二三四五六七八九十\d]+年/,
      question: (topic) => `“${topic}”是否有未写明的限制（时间范围、地区、预算）？`,
      default: '除任务书外没有其他限制',
      why: '事后得知的限制会使已完成的部分返工。',
    },
  ],
  fileFails: (path) => `${path} 遇到什么输入会出错：输入为空时拒绝处理，并指出是哪一项。`,
  binaryNote: (path) =>
    `${path} 是二进制文件，文本模型无法生成。此文本占据其位置，并说明如何得到它。`,
  fixFor: (criterion, title) => `在“${title}”中补上一段，${criterion}。`,
  chat: (phrases, sentence) =>
    `您问的是${chinese.join(phrases)}。原话是：“${sentence}”真实的模型会在这里作答；这个模拟模型只表明请求已送达、排队并返回。`,
};
