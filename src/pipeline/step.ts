import type { StepContext } from './context.ts';

/** What a step tells of itself. Relations that its SQL folder makes need not be named: they are read from the scripts. */
export interface StepDefinition {
  /** One line for the plan, the flow chart and the docs. */
  readonly about: string;
  /** Relations and results that the step's TypeScript reads, beyond what its scripts read. */
  readonly reads?: readonly string[];
  /** Relations and results that the step's TypeScript makes, beyond what its scripts make. */
  readonly writes?: readonly string[];
  /** The step that makes results visible; a try leaves it out. */
  readonly publishes?: boolean;
  run(step: StepContext): Promise<void>;
}

/** Declares a step; the default export of `steps/NN-name.ts`. */
export function defineStep(definition: StepDefinition): StepDefinition {
  return definition;
}
