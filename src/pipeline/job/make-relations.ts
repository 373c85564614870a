import { render } from '../../shared/template.ts';
import type { StepContext } from '../context.ts';

/**
 * Runs every SELECT of the step's folder, in the order in which they need each other; each makes the relation that it is
 * named after. The step counts the rows of the last one.
 */
export async function makeRelations(step: StepContext): Promise<ReadonlyMap<string, number>> {
  const vocabulary = await step.vocabulary();
  const rows = new Map<string, number>();
  for (const script of await step.scripts()) {
    const foreign = script.uses.filter((name) => step.run.makers[name] !== undefined && step.run.makers[name] !== step.run.step);
    step.require(...foreign);
    await step.attach(script.uses);
    step.rows = await step.make(script.name, render(script.text, vocabulary, script.file).sql, script.file);
    rows.set(script.name, step.rows);
  }
  return rows;
}
