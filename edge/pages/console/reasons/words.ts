import type { Silence } from '../../../../src/contract/journal-page.ts';
import { type Language, speaker } from '../words.ts';

/** Why nothing was said, as a sentence with its figures: on the live page, in the journal and in a story alike. */
export const words = {
  zh: {
    'already-said': '已提示过',
    'staff-near': '员工就在旁边',
    'staff-at': '员工就在旁边（{m} 米）',
    'staff-coming': '员工正走过来（每秒 {s} 米，相距 {m} 米）',
    merged: '已并入一条',
    budget: '10 分钟提示已满',
    'budget-most': '10 分钟已满 {most} 次',
    'accepted-elsewhere': '已有人去',
    'accepted-by': '{role}已去',
    'too-many-open': '未处理的太多',
    blind: '看不清',
    closed: '非营业时间',
    'no-wearer': '无人上岗',
    'nothing-to-ask': '无需提示',
    manager: '大堂经理',
    deputy: '副理',
    'branch-head': '负责人',
  },
  en: {
    'already-said': 'said already',
    'staff-near': 'staff near',
    'staff-at': 'staff near ({m} m)',
    'staff-coming': 'staff on the way ({s} m/s toward, {m} m)',
    merged: 'merged into one',
    budget: 'limit reached in 10 min',
    'budget-most': 'limit reached: {most} in 10 min',
    'accepted-elsewhere': 'somebody going',
    'accepted-by': '{role} going',
    'too-many-open': 'too many open',
    blind: 'not seen',
    closed: 'closed',
    'no-wearer': 'nobody on duty',
    'nothing-to-ask': 'nothing to ask',
    manager: 'Manager',
    deputy: 'Deputy',
    'branch-head': 'Branch head',
  },
} as const;

const say = speaker(words);

/**
 * @example
 * reasonSentence('en', { code: 'staff-near', metres: 2.1 }); // 'staff near (2.1 m)'
 */
export function reasonSentence(language: Language, silence: Silence): string {
  const { code, metres, metresPerSecond, most, by } = silence;
  if (code === 'staff-near' && metres !== undefined) {
    const m = metres.toFixed(1);
    return metresPerSecond === undefined
      ? say(language, 'staff-at', { m })
      : say(language, 'staff-coming', { m, s: metresPerSecond.toFixed(1) });
  }
  if (code === 'budget' && most !== undefined) return say(language, 'budget-most', { most });
  if (code === 'accepted-elsewhere' && by !== undefined) {
    return say(language, 'accepted-by', { role: say(language, by) });
  }
  return say(language, code);
}
