import type { StepContext } from '../context.ts';
import { type Known, blindSource } from './blind-source.ts';
import { type AsideRequest, extractAside } from './extract-aside.ts';

export interface KnownRequest extends Omit<AsideRequest, 'standIns'> {
  readonly known: Known;
}

/** An extraction beside the night's that sees of each source only what was known: the blind test's, and a replay's. */
export async function extractKnown<T>(step: StepContext, { known, ...aside }: KnownRequest, use: () => Promise<T>): Promise<T> {
  const warehouse = await step.warehouse();
  const standIns = new Map<string, string>();
  try {
    for (const source of step.sources) {
      const config = step.config.sources[source.name];
      if (config === undefined) throw new Error(`no configuration of source ${source.name}`);
      const view = aside.prefix + source.name;
      await warehouse.define(view, await blindSource(warehouse, source, { config, known }));
      standIns.set(source.name, view);
    }
    return await extractAside(step, { ...aside, standIns }, use);
  } finally {
    for (const view of [...standIns.values()].reverse()) await warehouse.undefine(view);
  }
}
