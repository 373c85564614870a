import type { Outcome } from '../../registry/outcomes.ts';
import { lastNights } from '../outcomes-tables.ts';
import { type Html, html, nothing } from './html.ts';
import type { RunReport } from './run-report.ts';
import { table } from './table.ts';
import { mark, range } from './verdict.ts';
import { type Tone, count, figure, percent, signed } from './words.ts';

const VERDICTS: Readonly<Record<string, readonly [Tone, string]>> = { kept: ['good', 'as promised, within noise'], broken: ['warn', 'below the promise by more than noise'], unclear: ['calm', 'unclear'] };

/** What this model's scores came to once their labels were known, beside what its test batch promised; and what the run saw of earlier nights. */
export function outcomesBody({ outcomes: { nights, together, recent }, primary, metrics }: RunReport): Html {
  if (nights.length === 0 && recent === null) return nothing;
  const title = metrics.find(({ name }) => name === primary)?.title ?? primary;
  return html`${recent === null ? null : html`<p>When this run published, the last ${lastNights(recent)} whose labels were known: ${verdict(recent)}. ${recent.reason}.</p>`}
${nights.length === 0 ? null : html`${together === null ? null : html`<p>The last ${lastNights(together)} that this model scored: ${verdict(together)}. ${together.reason}.</p>`}
${table({
    caption: 'Scores of this model, held against their labels',
    head: ['scored as of', 'rows', 'label known', 'known as of', title, 'interval', 'promised', 'difference'],
    words: [3],
    rows: nights.map((one) => {
      const { value = null, low = null, high = null, promised = null } = one.metrics.find(({ metric }) => metric === primary) ?? {};
      return [one.asOf, count(one.rows), percent(one.labelled / one.rows, 1), one.knownAsOf, figure(value), html`<span class="quiet">${range(low, high)}</span>`, figure(promised), signed(value === null || promised === null ? null : value - promised)];
    }),
  })}
<p class="note">Scores and classes as they were published. Promised is the mean over the test batch cut into parts as long as a night; nights differ from each other by more than the interval of one night’s rows.</p>`}`;
}

function verdict({ verdict: found }: Outcome): Html {
  const [tone, word] = VERDICTS[found] ?? (['calm', found] as const);
  return mark({ tone, word });
}
