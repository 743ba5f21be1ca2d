import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNegative } from './negation.ts';

test('a denial is seen in English, Vietnamese and Chinese', () => {
  for (const text of [
    'The gateway never stores prompts.',
    'It isn’t kept.',
    'Hệ thống không lưu lời nhắc.',
    'Kết quả chưa được kiểm tra.',
    '这个系统不会保存提示。',
    '该方法无法扩展。',
    '结果并非如此。',
    '数据尚未公开。',
    '报告没有说明原因。',
  ])
    assert.equal(isNegative(text), true, text);
});

test('what two negations say is said', () => {
  assert.equal(isNegative('It cannot work without water.'), false);
  assert.equal(isNegative('没有人不知道。'), false);
});

test('a word that only holds such a sign denies nothing', () => {
  for (const text of [
    '未来三年销量增长。',
    '这个模型非常好。',
    '非洲的人口增长。',
    '不仅速度快。',
    '两种方法各不同。',
    '无线网络覆盖全城。',
    '无人机拍摄了照片。',
    'No less than 30 ships came.',
    'It is not only fast.',
    'See table No. 5.',
    'Không gian của phòng rất rộng.',
    'Hãng hàng không bay mỗi ngày.',
  ])
    assert.equal(isNegative(text), false, text);
});
