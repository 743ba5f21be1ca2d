const english = `a an and are as at be been but by can could did do does for from had has have help how i if in into is it
its just like may me might more most must my no not of on or our out please should so some such than that the their them
then there these they this those to up us use used using was we were what when where which while who why will with within
would you your each every any all both also only very well about after before during between through over under per via
need needs want make create write build include including includes provide prepare give gives given get let lets given
hey hi hello thanks thank great awesome possible implement implemented implementing implements save saved saving finally
additionally ensure perform performed performing handled visualize visualized next load loaded instantiated called via named
don't section explains explain explained describes part least everything everyone something someone instead`;
const vietnamese = `và là của các những một này đó cho với trong trên dưới khi nếu thì mà được bị để từ đến về tại theo như
cũng đã đang sẽ rất hơn nhất hay hoặc vì do bởi nên cần hãy xin vui lòng giúp tôi bạn chúng ta họ nó có không phải ra vào
lại còn đều mỗi mọi viết tạo lập bao gồm gồm`;

/** Words that say nothing about a topic. */
export const stopWords: ReadonlySet<string> = new Set(
  `${english} ${vietnamese}`.split(/\s+/).filter((word) => word !== ''),
);

/** Characters and expressions that join Chinese phrases. */
export const chineseJoints =
  /的|了|和|与|以及|及|或者|或|并|在|是|对|于|把|被|让|使|请|我们?|你们?|他们?|这|那|其|以|为|中|等|能否|可以|可否|帮|给|一份|一个|一下|进行|以及|最后|目前|现有|基于/u;

/** Words of a criterion that talk about the text, not about its topic. */
export const talkAboutText: ReadonlySet<string> = new Set(
  `result results section sections answer answers text document report brief criterion criteria says say states state stated
names name named lists list listed gives covers cover covered covering contains contain mentions mention addresses address addressed
describes describe described explains explain explained shows show file files carries least one two yes explicitly clearly implements
bao quát xác định cài đặt kết quả phần mục nêu trình bày đề cập rõ ràng tập tin`.split(/\s+/),
);
