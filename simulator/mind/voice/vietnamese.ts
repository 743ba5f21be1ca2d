import type { Angle, PlanWords, SectionWords, Voice } from './voice.ts';

const angles: readonly [Angle, ...Angle[]] = [
  {
    pattern: /hạn chế|giới hạn|điểm yếu/i,
    criterion: (focus) => `chỉ ra hạn chế của ${focus} và cách xử lý`,
    bodies: [
      (s) =>
        `Cần chỉ ra hạn chế chính của ${s.focus}: ở đây không có quan sát trực tiếp, mọi điều đều dựa vào bản yêu cầu và các phần trước. Cách xử lý là đánh dấu ${s.other} là chưa kiểm chứng cho đến khi có người đối chiếu với nguồn.`,
      (s) =>
        `Một hạn chế phải chỉ ra: ${s.focus} phụ thuộc vào ${s.other}, mà bản yêu cầu không nói rõ mức độ. Cách xử lý: ghi giả định bên cạnh từng nhận định và xem lại khi đã rõ ${s.third}.`,
    ],
  },
  {
    pattern: /kiểm chứng|xác minh|bằng chứng|đối chiếu/i,
    criterion: (focus) => `cho biết cách kiểm chứng các nhận định về ${focus}`,
    bodies: [
      (s) =>
        `Cách kiểm chứng các nhận định về ${s.focus} gồm hai bước, ai cũng có thể làm cho biết kết quả: lần từng câu về bản yêu cầu hoặc dữ liệu đầu vào, rồi so với một nguồn độc lập về ${s.other}.`,
      (s) =>
        `Để cho biết nhận định nào về ${s.focus} đứng vững, cách kiểm chứng đơn giản nhất là nhờ người đọc thứ hai tìm phản ví dụ trong ${s.other} và gạch bỏ những câu không qua được.`,
    ],
  },
  {
    pattern: /ví dụ|minh họa|tình huống/i,
    criterion: (focus) => `minh họa ${focus} bằng một ví dụ`,
    bodies: [
      (s) =>
        `Một ví dụ nhỏ đủ để minh họa: lấy ${s.focus} trong một trường hợp cụ thể, ghi lại điểm bắt đầu, đi theo ${s.other} từng bước, rồi xem ${s.third} làm thay đổi kết quả ở đâu.`,
      (s) =>
        `Ví dụ sau minh họa từ phía người đọc: lần đầu gặp ${s.focus}, họ hỏi nó liên quan gì đến ${s.other}, và câu trả lời nằm ở ${s.third}.`,
    ],
  },
  {
    pattern: /so sánh|phương án|lựa chọn/i,
    criterion: (focus) => `so sánh hai phương án cho ${focus}`,
    bodies: [
      (s) =>
        `Phần này so sánh hai phương án cho ${s.focus}. Phương án đầu đặt ${s.other} lên trước: nhanh hơn nhưng khó bảo vệ. Phương án sau bắt đầu từ ${s.third}: chậm hơn nhưng vững hơn về sau.`,
      (s) =>
        `Khi so sánh hai phương án cho ${s.focus}, điều quyết định là chi phí so với độ chắc chắn: bắt đầu hẹp với ${s.other}, hoặc đưa ${s.third} vào ngay từ đầu.`,
    ],
  },
  {
    pattern: /câu hỏi (còn )?mở|chưa rõ|chưa biết/i,
    criterion: (focus) => `xếp thứ tự các câu hỏi còn mở về ${focus}`,
    bodies: [
      (s) =>
        `Có thể xếp thứ tự các câu hỏi còn mở về ${s.focus} theo mức ảnh hưởng: trước hết là phạm vi của ${s.other}, rồi ai quyết định ${s.third}, phần còn lại có thể để sau.`,
      (s) =>
        `Nếu xếp theo thứ tự ảnh hưởng, câu hỏi còn mở đầu tiên về ${s.focus} là ${s.other} có đúng ngoài trường hợp này không; sau đó mới đến vai trò của ${s.third}.`,
    ],
  },
];

const plan: PlanWords = {
  scopeTitle: 'Phạm vi và thuật ngữ',
  scope: (topic) =>
    `Viết phần mở đầu về ${topic}: bản yêu cầu muốn gì, dùng những thuật ngữ nào, không bao gồm gì, và mọi ràng buộc đã nêu.`,
  constraintsCriterion: 'nhắc lại từng ràng buộc của bản yêu cầu',
  notesTitle: (focus) => `Ghi chép về ${focus}`,
  notes: (focus, sentence) =>
    `Thu thập những gì các phần sau cần về ${focus}. Bản yêu cầu viết: “${sentence}”`,
  notesCriterion: (focus) => `bao quát ${focus}`,
  section: (focus, sentence) => `Viết phần chính thức về ${focus}. Bản yêu cầu viết: “${sentence}”`,
  coversCriterion: (phrases) => `bao quát ${phrases}`,
  facets: [
    (topic) => `Hiện trạng của ${topic}`,
    (topic) => `Các cách tiếp cận chính với ${topic}`,
    (topic) => `Bằng chứng và thước đo cho ${topic}`,
    (topic) => `Thách thức và rủi ro của ${topic}`,
    (topic) => `Triển vọng của ${topic}`,
  ],
  synthesisTitle: 'Các phần liên hệ với nhau',
  synthesis: (topic) =>
    `Liên hệ các phần về ${topic} với nhau: chỗ nào bổ sung cho nhau, chỗ nào mâu thuẫn.`,
  synthesisCriterion: 'liên hệ ít nhất hai phần với nhau',
  closingTitle: 'Kết luận và bước tiếp theo',
  closing: (topic) =>
    `Kết thúc bài về ${topic}: kết luận từ các phần, rồi các bước tiếp theo xếp theo hiệu quả.`,
  closingCriterion: 'xếp các bước tiếp theo theo thứ tự',
  approachTitle: 'Cách tiếp cận và cấu trúc',
  approach: (topic, paths) =>
    `Mô tả cách xây dựng ${topic}: mỗi tệp làm gì và phụ thuộc nhau ra sao. Các tệp: ${paths}.`,
  approachCriterion: (paths) => `cho biết mục đích của ${paths}`,
  file: (path, sentences) => `Viết tệp ${path}. Bản yêu cầu viết: “${sentences}”`,
  fileTitle: (path) => `Tệp ${path}`,
  fileCriterion: (phrases) => `cài đặt ${phrases}`,
  fileCheckCriterion: (path) => `ghi rõ ${path} báo lỗi với đầu vào nào`,
  runTitle: 'Cách chạy và kiểm tra',
  run: (paths) => `Giải thích cách chạy dự án và cách kiểm tra từng tệp: ${paths}.`,
  runCriterion: 'đưa ra các lệnh theo thứ tự',
  extra: (sentence) => `Viết phần mà bản yêu cầu đòi hỏi: “${sentence}”`,
  uses: {
    scope: 'phạm vi và thuật ngữ',
    notes: (focus) => `những gì đã thu thập về ${focus}`,
    section: (title) => `các nhận định của “${title}”`,
    file: (path) => `tên và giao diện của ${path}`,
  },
  whole: (title, criterion) => `“${title}” ${criterion}`,
  singleReason: 'Bản yêu cầu chỉ có một việc; chia nhỏ chỉ thêm khâu bàn giao.',
};

const duties: readonly Angle[] = [
  {
    pattern: /nhắc lại từng ràng buộc/i,
    criterion: () => plan.constraintsCriterion,
    bodies: [
      () =>
        'Danh sách trên nhắc lại từng ràng buộc của bản yêu cầu bằng nguyên văn, để không phần nào bỏ sót.',
    ],
  },
  {
    pattern: /bước tiếp theo/i,
    criterion: () => plan.closingCriterion,
    bodies: [
      (s) =>
        `Có thể xếp các bước tiếp theo theo thứ tự sau:\n\n1. Làm rõ điều còn bỏ ngỏ về ${s.other}.\n2. Đối chiếu các nhận định về ${s.third} với nguồn.\n3. Sau đó mới quyết định, và ghi lại lý do.`,
    ],
  },
  {
    pattern: /liên hệ .*phần/i,
    criterion: () => plan.synthesisCriterion,
    bodies: [
      (s) =>
        `Có thể liên hệ ít nhất hai phần với nhau: điều nói về ${s.other} giới hạn những gì có thể nói về ${s.third}.`,
    ],
  },
  {
    pattern: /các lệnh/i,
    criterion: () => plan.runCriterion,
    bodies: [
      () =>
        'Các lệnh được đưa ra theo thứ tự cần dùng:\n\n1. Tạo môi trường và cài những gì các tệp cần.\n2. Chạy từng tệp và đọc dòng cuối.\n3. Chạy tệp chính rồi so kết quả với danh sách tệp.',
    ],
  },
];

const section: SectionWords = {
  bareOpenings: [
    'Bản yêu cầu chỉ nêu tên phần này; nội dung dưới đây giới hạn ở những gì các phần khác cần đến.',
    'Ngoài tên gọi, bản yêu cầu không nói gì thêm về phần này, nên nó được hiểu theo toàn bộ yêu cầu.',
    'Phần này chỉ được gọi tên nên viết ngắn, và chỉ ra chỗ còn thiếu quyết định.',
  ],
  otherwise: ['điều bản yêu cầu còn để ngỏ', 'các phần lân cận'],
  openings: [
    (s) => `Bản yêu cầu viết: “${s.sentence}” Phần này trả lời đúng câu đó.`,
    (s) => `Điểm xuất phát là câu “${s.sentence}”`,
    (s) => `Lời của bản yêu cầu là: “${s.sentence}” Phần này không vượt ra ngoài phạm vi ấy.`,
    (s) =>
      `“${s.sentence}” Hiểu đúng từng chữ, câu này cần một câu trả lời rõ ràng trước mọi chi tiết.`,
  ],
  aspects: [
    'cần định nghĩa trước khi dựa vào',
    'nêu cùng với những người có liên quan',
    'cân nhắc cùng những gì phụ thuộc vào nó',
    'theo dõi bằng một con số cho thấy sự thay đổi',
    'bản yêu cầu còn để ngỏ nên ghi là giả định',
    'cần cho quyết định tiếp theo',
  ],
  filePurpose: (name) => `mục đích cho biết qua tên: ${name}`,
  covers: 'Phần này gồm:',
  other: (phrases) => `Phần này cũng đề cập ${phrases}, trong phạm vi bản yêu cầu cho phép.`,
  inputs: 'Phần này dựa trên:',
  isNote: /^ghi chép/i,
  notes: 'Phần ghi chép',
  input: (title, quote) => `${title}: “${quote}”`,
};

export const vietnamese: Voice = {
  label: (author) =>
    `*Văn bản mô phỏng bởi ${author}: cho thấy việc điều phối, không phải chất lượng câu trả lời.*`,
  fileLabel: (author) => `Mô phỏng bởi ${author}: cho thấy việc điều phối, không phải chất lượng.`,
  join: (items) =>
    items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} và ${items.at(-1)}`,
  angles,
  duties,
  plan,
  section,
  questions: [
    {
      answered: /người đọc|độc giả|đối tượng|khách hàng|học sinh|sinh viên|dành cho|ban giám đốc/i,
      question: (topic) => `Ai sẽ đọc hoặc dùng kết quả về ${topic}?`,
      default: 'Người có hiểu biết chung, không phải chuyên gia',
      why: 'Điều này quyết định cần giải thích đến đâu.',
    },
    {
      answered: /\d+\s*(từ|trang|chữ|phút)|ngắn gọn|chi tiết|`[\w./-]+\.\w+`/i,
      question: (topic) => `Bài về ${topic} nên dài bao nhiêu?`,
      default: 'Khoảng một trang mỗi phần',
      why: 'Điều này quyết định chia công việc thành bao nhiêu phần.',
    },
    {
      answered: /thời hạn|hạn chót|ngân sách|ràng buộc|không được|tối đa|yêu cầu kỹ thuật/i,
      question: (topic) =>
        `Có ràng buộc nào về ${topic} chưa được nêu (ngân sách, thời hạn, công cụ)?`,
      default: 'Không có gì ngoài bản yêu cầu',
      why: 'Ràng buộc biết muộn sẽ khiến phần đã xong phải làm lại.',
    },
  ],
  fileFails: (path) => `${path} báo lỗi với đầu vào nào: đầu vào rỗng bị từ chối, kèm tên của nó.`,
  binaryNote: (path) =>
    `${path} là tệp nhị phân, mô hình văn bản không tạo được. Văn bản này đứng thay và nói cách tạo ra nó.`,
  fixFor: (criterion, title) => `Thêm vào “${title}” một đoạn ${criterion}.`,
  chat: (phrases, sentence) =>
    `Bạn hỏi về ${vietnamese.join(phrases)}. Nguyên văn: “${sentence}” Một mô hình thật sẽ trả lời ở đây; mô hình mô phỏng này chỉ cho thấy yêu cầu đã đến, được điều phối và quay về.`,
};
