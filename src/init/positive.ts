import type { Value } from './profile.ts';

const YES = new Set('1 yes y true t positive pos churn churned fraud fraudulent default defaulted bad spam malignant sick ill diseased dead died fail failed failure faulty late delayed cancelled canceled won win converted clicked bought accepted approved subscribed left gone attrited >50k >50k. high risky abnormal anomaly attack present on'.split(' '));
const NO = new Set('0 no n false f negative neg stayed retained legit legitimate genuine paid good ham benign healthy well alive survived pass passed ok success on-time ontime kept none normal rejected declined <=50k <=50k. low safe absent off'.split(' '));

export interface Pair {
  readonly positive: string;
  readonly negative: string;
  /** Why the one is positive. */
  readonly why: string;
}

/** Which of two values is the positive one: 1 before 0, a word of assent or of harm, and otherwise the rarer. */
export function pairOf(one: Value, other: Value): Pair {
  const known = byNumber(one, other) ?? byWord(one, other);
  if (known !== undefined) return known;
  const [rarer, usual] = one.rows < other.rows || (one.rows === other.rows && one.text > other.text) ? [one, other] : [other, one];
  return { positive: rarer.text, negative: usual.text, why: rarer.rows === usual.rows ? 'the later in the alphabet, since both are as frequent' : 'the rarer of the two' };
}

function byNumber(one: Value, other: Value): Pair | undefined {
  const [a, b] = [Number(one.text), Number(other.text)];
  if (one.text.trim() === '' || other.text.trim() === '' || Number.isNaN(a) || Number.isNaN(b)) return undefined;
  return a > b ? pair(one, other, 'the higher number') : pair(other, one, 'the higher number');
}

function byWord(one: Value, other: Value): Pair | undefined {
  const [a, b] = [one.text, other.text].map((text) => text.trim().toLowerCase());
  const isYes = (x = '', y = ''): boolean => (YES.has(x) && !YES.has(y)) || (NO.has(y) && !NO.has(x));
  if (isYes(a, b)) return pair(one, other, `since ${YES.has(a ?? '') ? `"${one.text}" says that it happened` : `"${other.text}" says that nothing happened`}`);
  if (isYes(b, a)) return pair(other, one, `since ${YES.has(b ?? '') ? `"${other.text}" says that it happened` : `"${one.text}" says that nothing happened`}`);
  return undefined;
}

function pair(positive: Value, negative: Value, why: string): Pair {
  return { positive: positive.text, negative: negative.text, why };
}
