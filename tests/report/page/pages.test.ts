import { describe, expect, test } from '@jest/globals';
import type { RunDetail } from '../../../src/registry/records.ts';
import { metricInfo } from '../../../src/evaluation/metrics.ts';
import { indexPage, nightsOf } from '../../../src/report/page/index-page.ts';
import { runPage } from '../../../src/report/page/run-page.ts';
import type { IndexRun, RunIndex } from '../../../src/report/page/run-report.ts';
import { HOSTILE, killedReport, reportOf } from './made.ts';

// One file for all pages: loading the charts into Jest takes some seconds.

/** The text as a reader sees it, more or less. */
function textOf(page: string): string {
  return page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]*>/g, ' ').replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replace(/\s+/g, ' ');
}

describe.each(['binary', 'multiclass', 'regression'] as const)('the page of a %s run', (task) => {
  const page = runPage(reportOf(task));

  test('holds no script, no handler and nothing from elsewhere, whatever names the data has', () => {
    expect(page).not.toMatch(/<script|<img|<iframe|<object|<form|javascript:|@import/i);
    expect(page.replaceAll(/"[^"]*"/g, '""').match(/<[^>]*\son\w+=/gi)).toBeNull();
    const urls = [...page.matchAll(/(?:href|src)="([^"]*)"|url\(([^)]*)\)/g)].map(([, href, url]) => href ?? url!);
    expect(urls.filter((url) => !/^(#|\.\.\/|data:,)/.test(url))).toEqual([]);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"`);
  });

  test('gives every picture a label, an explanation and a table of its numbers', () => {
    const figures = page.match(/<figure[\s\S]*?<\/figure>/g)!;
    expect(figures.length).toBeGreaterThanOrEqual(4);
    for (const figure of figures) {
      expect(figure).toMatch(/<svg role="img" aria-label="[^"]{10,}"/);
      expect(figure).toMatch(/<figcaption>[^<]{20,}/);
      expect(figure).toMatch(/<details><summary>[\s\S]*<table>[\s\S]*<td/);
    }
  });

  test('takes its colours and letters from the style sheet, so that one picture reads in light, in dark and on paper', () => {
    for (const svg of page.match(/<svg[\s\S]*?<\/svg>/g)!) {
      expect(svg).toContain('var(--');
      const drawn = svg.replaceAll(/<clipPath[\s\S]*?<\/clipPath>/g, '');
      expect(drawn.match(/#0102|font-family|(?:fill|stroke)="(?:#|rgb|black|white)[^"]*"/g)).toBeNull();
    }
  });

  test('has one first heading, no level skipped, and every link within it leads somewhere', () => {
    const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  test('stays far below two megabytes', () => {
    expect(page.length).toBeLessThan(300_000);
  });
});

test('the verdict comes first, with its reasons', () => {
  const text = textOf(runPage(reportOf()));
  expect(text).toContain('Published flights as of 2001-06-10');
  expect(text).toContain('this model scored the 1,861 fresh rows. They are published.');
  expect(text.indexOf('Published')).toBeLessThan(text.indexOf('AUC on the test batch'));
  expect(text).toMatch(/auc no worse than champion ! too little to tell 0\.0100 −0\.0200 to 0\.0300 too few positives/);
  expect(text).toMatch(/ece at most 0\.01 ✗ fails/);
});

test.each<[Partial<RunDetail>, string]>([
  [{ status: 'refused', exitCode: 3 }, 'Refused flights as of'],
  [{ status: 'tried', exitCode: 0, mode: 'try', published: false }, 'Everything held. It was a try: nothing was published.'],
  [{ status: 'tried', exitCode: 3, mode: 'try', published: false }, 'The gates refuse this model. It was a try'],
  [{ status: 'checks_failed', exitCode: 4, published: false }, 'Checks failed'],
  [{ status: 'late', exitCode: 6, published: false, message: 'Source flights is late' }, 'Source flights is late'],
  [{ status: 'failed', exitCode: 1, published: false, message: 'No space', unfinishedStep: null, steps: [{ step: '02-split', status: 'failed', startedAt: '2001-06-10T01:00:00Z', seconds: 1, cpuSeconds: null, peakMb: null, rows: null }] }, 'Failed in 02-split flights'],
  [{ status: 'interrupted', exitCode: 130, published: false }, 'Interrupted flights'],
  [{ published: false }, 'Another run of the same date has replaced them since.'],
  [{ mode: 'step 03-train', published: false }, 'Step done'],
])('a run that came to %j says so', (run, said) => {
  expect(textOf(runPage(reportOf('binary', run)))).toContain(said);
});

test('a run that was killed has a page of what it left, and says what it did not come to', () => {
  const text = textOf(runPage(killedReport()));
  for (const said of ['Killed in 03-train', 'in the middle of 03-train', 'never ended', 'did not come as far as its gates', 'did not come as far as being measured', 'left no model of its own', 'nobody']) expect(text).toContain(said);
});

test('a night that only scored says that it trained nothing, and whose model scored', () => {
  const { project, metrics, primary, run, ...rest } = killedReport();
  const text = textOf(runPage({ ...rest, project, metrics, primary, run: { ...run, status: 'done', exitCode: 0, published: true, unfinishedStep: null }, scored: { modelRun: '2001-06-09-bbbbbbbb', rows: 9 } }));
  expect(text).toContain('The model of 2001-06-09-bbbbbbbb scored the 9 fresh rows. They are published.');
  expect(text.match(/This night trained no model/g)).toHaveLength(2);
});

test('the champion’s figures stand beside the model’s, and its page is linked to', () => {
  const page = runPage(reportOf());
  expect(textOf(page)).toMatch(/metric this model interval champion baseline better/);
  expect(page).toContain('<a href="../2001-06-09-bbbbbbbb/report.html"><code>2001-06-09-bbbbbbbb</code></a>');
});

test('a slice without a value is called missing', () => {
  expect(textOf(runPage(reportOf()))).toContain('(missing)');
});

test('a figure that is missing from figures.json is missing from the page, and nothing else is', () => {
  const report = reportOf();
  const page = runPage({ ...report, figures: { task: 'binary', rows: 0 } });
  expect(page.match(/<figure/g)).toHaveLength(1);
  expect(textOf(page)).toContain('Metrics');
});

const { run } = reportOf();

function line(asOf: string, more: Partial<IndexRun> = {}): IndexRun {
  const runId = `${asOf}-aaaaaaaa`;
  return { ...run, runId, asOf, value: 0.6, low: 0.58, high: 0.62, real: null, steps: [{ step: '03-train', seconds: 20 }], wasChampion: true, page: `../models/${runId}/report.html`, ...more };
}

function index(runs: readonly IndexRun[], more: Partial<RunIndex> = {}): RunIndex {
  return { project: { name: 'flights', about: HOSTILE }, metric: metricInfo('binary')[0]!, champion: runs[0]?.runId ?? null, runs, total: runs.length, ...more };
}

test('each run is a line with its outcome and a link to its page; one without a page is named', () => {
  const page = indexPage(index([line('2001-06-12'), line('2001-06-11', { status: 'killed', value: null, low: null, high: null, wasChampion: false, page: null, message: HOSTILE })]));
  expect(page).toContain('<a href="../models/2001-06-12-aaaaaaaa/report.html">');
  expect(page).toContain('<th scope="row"><code>2001-06-11-aaaaaaaa</code></th>');
  expect(page).toContain('Killed');
  expect(page).not.toMatch(/<script|<img/);
});

test('nights are drawn in the order of their dates, one a date: the published one, and no try', () => {
  const nights = nightsOf([line('2001-06-12'), line('2001-06-11', { published: false, runId: 'later' }), line('2001-06-11', { runId: 'published' }), line('2001-06-10', { mode: 'try' })]);
  expect(nights.map(({ runId }) => runId)).toEqual(['published', '2001-06-12-aaaaaaaa']);
});

test('what scores came to stands on the page of their model, and beside the test value of their night', () => {
  const page = textOf(runPage(reportOf()));
  expect(page).toContain('What came true');
  expect(page).toMatch(/2001-06-10 200 75\.0% 2001-06-12 0\.61\d* 0\.58\d* to 0\.64\d* 0\.70* −0\.09/);
  expect(textOf(runPage(killedReport()))).not.toContain('What came true');
  const [chart] = indexPage(index([line('2001-06-12', { real: { value: 0.57, low: 0.5, high: 0.6, rows: 200, labelled: 150 } }), line('2001-06-11')])).match(/<figure[\s\S]*?<\/figure>/)!;
  expect(textOf(chart)).toMatch(/2001-06-11 0\.60* 0\.58\d* 0\.62\d* – – – – .*2001-06-12 0\.60* 0\.58\d* 0\.62\d* 0\.57\d* 0\.50* 0\.60* 75\.0%/);
});

test('an index without runs says so', () => {
  const page = indexPage(index([]));
  for (const said of ['No night has run yet', 'There is no champion', 'No night has been measured yet']) expect(page).toContain(said);
});

test('four hundred nights make a page far below two megabytes, which says how many there are', () => {
  const runs = Array.from({ length: 400 }, (_, i) => line(new Date(Date.UTC(2002, 0, 1) - i * 86_400_000).toISOString().slice(0, 10)));
  const page = indexPage(index(runs, { total: 10_000 }));
  expect(page.length).toBeLessThan(800_000);
  expect(page).toContain('The latest 400 of 10,000 runs.');
});
