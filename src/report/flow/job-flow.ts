/** A relation or result that a SQL file makes, as the charts draw it. */
export interface FlowScript {
  readonly name: string;
  /** As logs call it: `steps/01-extract/rows.sql`. */
  readonly file: string;
  readonly about: string;
  /** The relations that it reads. */
  readonly reads: readonly string[];
}

/** One of the batch's own tests. */
export interface FlowTest {
  readonly file: string;
  readonly about: string;
  readonly severity: string;
}

export interface FlowStep {
  readonly name: string;
  readonly about: string;
  readonly scripts: readonly FlowScript[];
  readonly tests: readonly FlowTest[];
  /** Everything that it reads which a source or another step gives. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** A job as it lies in its folders: all that a chart of it shows. */
export interface JobFlow {
  readonly name: string;
  readonly about: string;
  readonly sources: readonly string[];
  readonly steps: readonly FlowStep[];
}

export type NodeKind = 'source' | 'step' | 'relation' | 'output';

export interface FlowNode {
  readonly name: string;
  readonly kind: NodeKind;
  /** What a step says of itself; empty for relations. */
  readonly about: string;
}

/** Nodes, and edges between them by name, in an order that depends on nothing but the job. */
export interface Graph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/**
 * The job as a graph: sources → steps → outputs, with the relations that pass between steps. A relation that only its own
 * step reads is left to that step's chart; one that no step reads is an output.
 */
export function jobGraph({ sources, steps }: JobFlow): Graph {
  const nodes = sources.map((name): FlowNode => ({ name, kind: 'source', about: '' }));
  const edges: [string, string][] = [];
  for (const step of steps) {
    nodes.push({ name: step.name, kind: 'step', about: step.about });
    edges.push(...step.reads.map((name): [string, string] => [name, step.name]));
    for (const name of step.writes.filter((one) => !isInner(step, one, steps))) {
      nodes.push({ name, kind: isReadBy(steps, name) ? 'relation' : 'output', about: '' });
      edges.push([step.name, name]);
    }
  }
  return { nodes, edges };
}

function isInner(step: FlowStep, name: string, steps: readonly FlowStep[]): boolean {
  return step.scripts.some((script) => script.reads.includes(name)) && !isReadBy(steps, name);
}

function isReadBy(steps: readonly FlowStep[], name: string): boolean {
  return steps.some((step) => step.reads.includes(name));
}

/** One step's SQL as a graph: relation → relation. What it takes from elsewhere comes first; what other steps read of it is an output. */
export function stepGraph(step: FlowStep, { sources, steps }: JobFlow): Graph {
  const made = new Set(step.scripts.map(({ name }) => name));
  const taken = [...new Set(step.scripts.flatMap(({ reads }) => reads))].filter((name) => !made.has(name));
  const nodes = taken.map((name): FlowNode => ({ name, kind: sources.includes(name) ? 'source' : 'relation', about: '' }));
  nodes.push(...step.scripts.map(({ name }): FlowNode => ({ name, kind: isReadBy(steps, name) ? 'output' : 'relation', about: '' })));
  return { nodes, edges: step.scripts.flatMap(({ name, reads }) => reads.map((read): [string, string] => [read, name])) };
}
