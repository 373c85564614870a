import { type Section, documentOf } from './document.ts';
import { dataBody, driftBody, modelBody, provenanceBody, testsBody, timesBody } from './facts.ts';
import { confusionBody, figuresBody, importanceBody } from './figures.ts';
import { type Html, html, nothing } from './html.ts';
import { metricsBody, slicesBody } from './metrics.ts';
import { INDEX } from './names.ts';
import { outcomesBody } from './outcomes.ts';
import type { RunReport } from './run-report.ts';
import { instant } from './words.ts';
import { gatesBody, verdictOf } from './verdict.ts';

/** The page of a run: verdict first, then what it rests on. What the run did not come to is said or left out. */
export function runPage(report: RunReport): string {
  const { project, run, links } = report;
  const index = links[INDEX];
  return documentOf({
    title: `${project.name} as of ${run.asOf}: run ${run.runId}`,
    header: html`<p>${project.name}, run <code>${run.runId}</code>, ${instant(run.startedAt)}</p>${index === undefined ? null : html`<p><a href="${index}">All runs</a></p>`}`,
    opening: verdictOf(report),
    sections: sectionsOf(report).filter(({ body }) => body !== nothing && body.text.trim() !== ''),
    footer: html`Written by Nightshift ${run.environment?.versions['nightshift'] ?? ''} from the record of the run. The file is complete in itself: it loads nothing and runs nothing.`,
  });
}

function sectionsOf(report: RunReport): readonly Section[] {
  return [
    section('gates', 'Gates', gatesBody(report)),
    section('metrics', 'Metrics', metricsBody(report)),
    section('outcomes', 'What came true', outcomesBody(report)),
    section('curves', 'Test batch', figuresBody(report)),
    section('confusion', 'Confusion', confusionBody(report)),
    section('importance', 'Importance', importanceBody(report)),
    section('slices', 'Slices', slicesBody(report)),
    section('drift', 'Drift', driftBody(report)),
    section('model', 'Model', modelBody(report)),
    section('data', 'Data', dataBody(report)),
    section('tests', 'Tests', testsBody(report)),
    section('times', 'Times', timesBody(report)),
    section('provenance', 'Provenance', provenanceBody(report)),
  ];
}

function section(id: string, title: string, body: Html): Section {
  return { id, title, body };
}
