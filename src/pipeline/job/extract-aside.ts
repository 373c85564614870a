import type { Config } from '../../shared/config/schema.ts';
import type { Windows } from '../../shared/days.ts';
import { render } from '../../shared/template.ts';
import type { StepContext } from '../context.ts';
import type { Script } from '../find.ts';
import type { RowsWindow } from '../vocabulary.ts';

export interface AsideRequest {
  /** The scripts to run, in order. */
  readonly scripts: readonly Script[];
  /** Put before the name of each relation, so that the night's own stay as they are. */
  readonly prefix: string;
  /** Which rows are brought. */
  readonly window: RowsWindow;
  /** Tables that stand in for sources, by source. */
  readonly standIns?: ReadonlyMap<string, string>;
  /** The configuration that the scripts are written for; the night's own unless said. */
  readonly config?: Config;
  /** The windows that they count by; the night's own unless said. */
  readonly windows?: Windows;
  /** Called before each script, with its file. */
  readonly before?: (file: string) => Promise<void>;
}

/**
 * Runs an extraction beside the night's: the same scripts, or a champion's, over other rows or other sources. The relations
 * that it makes are there while `use` works and gone afterwards.
 */
export async function extractAside<T>(step: StepContext, { scripts, prefix, window, standIns = new Map(), config = step.config, windows = step.run.windows, before }: AsideRequest, use: () => Promise<T>): Promise<T> {
  const warehouse = await step.warehouse();
  const own = scripts.map(({ name }): [string, string] => [name, prefix + name]);
  const vocabulary = await step.vocabulary({ relations: new Map([...step.relations(), ...standIns, ...own]), rows: window, config, windows });
  const made: string[] = [];
  try {
    for (const { name, text, file } of scripts) {
      await before?.(file);
      made.push(prefix + name);
      await warehouse.make(prefix + name, render(text, vocabulary, file).sql, file);
    }
    return await use();
  } finally {
    for (const table of made.reverse()) await warehouse.drop(table);
  }
}
