import { importanceChart, predictedChart, residualChart, scoreChart } from './bin-charts.ts';
import { calibrationChart, precisionRecallChart, rocChart } from './curve-charts.ts';
import { type Html, html, join, nothing } from './html.ts';
import type { ConfusionFigure, RunReport } from './run-report.ts';
import { folded, table } from './table.ts';
import { count, percent } from './words.ts';

/** Curves and bins of the test batch, as the task has them. */
export function figuresBody({ figures, project }: RunReport): Html {
  if (figures === null) return nothing;
  const { roc, precisionRecall, calibration, scores, residuals, predicted } = figures;
  const curve = roc?.[0];
  const share = curve === undefined ? 0 : curve.positives / figures.rows;
  const charts = [roc && rocChart(roc), precisionRecall && precisionRecallChart(precisionRecall, share), calibration && calibrationChart(calibration), scores && scoreChart(scores, project.task === 'binary'), predicted && predictedChart(predicted), residuals && residualChart(residuals)];
  return html`<p class="note">${count(figures.rows)} rows that the model was not trained on.</p>
<div class="figures">${charts}</div>`;
}

/** Which label was taken for which. */
export function confusionBody({ figures, project }: RunReport): Html {
  const confusion = figures?.confusion;
  if (confusion === undefined) return nothing;
  const about = project.task === 'binary' ? 'How rows were decided, by their label: counts, and their share of the label’s rows.' : 'Which class rows were taken for, by their class: counts, and their share of the class’s rows. A row is taken for its likeliest class.';
  return html`<p class="note">${about}</p>
${confusion.counts === null ? null : heat(confusion.classes, confusion.counts)}
${project.task === 'binary' ? null : mistakes(confusion)}`;
}

function heat(classes: readonly string[], counts: readonly (readonly number[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="heat">
<caption>Confusion matrix: a row for each label, a column for what it was taken for</caption>
<thead><tr><th scope="col">label</th>${classes.map((name) => html`<th scope="col">taken for ${name}</th>`)}</tr></thead>
<tbody>${counts.map((row, i) => html`<tr><th scope="row">${classes[i]}</th>${row.map((rows) => cell(rows, row.reduce((sum, some) => sum + some, 0)))}</tr>
`)}</tbody></table></div>`;
}

function cell(rows: number, total: number): Html {
  if (rows === 0) return html`<td class="quiet" style="--w:0">0</td>`;
  return html`<td style="--w:${(rows / total).toFixed(3)}">${count(rows)} <span class="quiet">${percent(rows / total)}</span></td>`;
}

function mistakes({ mistakes: found, counts }: ConfusionFigure): Html {
  if (found.length === 0) return nothing;
  const list = table({ caption: 'The most frequent mistakes', head: ['label', 'taken for', 'rows'], words: [1], rows: found.map(({ label, taken, rows }) => [label, taken, count(rows)]) });
  return counts === null ? html`<h3>The most frequent mistakes</h3>${list}` : folded('The most frequent mistakes', list);
}

/** What the model needs. Families that know it by themselves say so, too. */
export function importanceBody({ figures, model, metrics }: RunReport): Html {
  const own = model?.summary.importance;
  const importance = figures?.importance;
  const permuted = importance === undefined ? nothing : importanceChart(importance, metrics.find(({ name }) => name === importance.metric)?.title ?? importance.metric);
  if (permuted === nothing && own === undefined) return nothing;
  const shares = own === undefined ? nothing : folded('What the family itself says: share of what each feature contributed to the fit', table({ caption: 'Importance by the family', head: ['feature', 'share'], rows: [...own].sort((a, b) => b.share - a.share).map(({ feature, share }) => [feature, percent(share, 1)]) }));
  return join([permuted, shares]);
}
