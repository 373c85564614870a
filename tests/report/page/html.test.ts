import { expect, test } from '@jest/globals';
import { html, join } from '../../../src/report/page/html.ts';
import { HOSTILE } from './made.ts';

test('values cannot become tags, attributes or entities, in text and within quotes', () => {
  const { text } = html`<p title="${HOSTILE}">${HOSTILE}</p>`;
  expect(text.match(/</g)).toHaveLength(2);
  expect(text.match(/"/g)).toHaveLength(2);
  expect(text).toContain('&#38;amp;');
});

test('HTML within HTML stays as it is, lists are joined, and what is not there is nothing', () => {
  expect(html`<ul>${['<', 'b'].map((one) => html`<li>${one}</li>`)}${null}${undefined}${false}${0}</ul>`.text).toBe('<ul><li>&#60;</li><li>b</li>0</ul>');
  expect(join(['a&', html`<br>`]).text).toBe('a&#38;<br>');
});

test('control characters, which no page may hold, are replaced, and line ends are kept', () => {
  expect(html`${'a\u0000b\u001b[31mc\nd\te'}`.text).toBe('a\ufffdb\ufffd[31mc\nd\te');
});
