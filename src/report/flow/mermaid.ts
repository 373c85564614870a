import type { FlowNode, Graph, NodeKind } from './job-flow.ts';

/** Brackets by kind: a cylinder, a box, a stadium, a cylinder. */
const SHAPES: Readonly<Record<NodeKind, readonly [string, string]>> = { source: ['[(', ')]'], step: ['[', ']'], relation: ['([', '])'], output: ['[(', ')]'] };

/** A graph as a Mermaid flow chart, in a fence of Markdown. Colours are the reader's theme; outputs have a thick border. */
export function mermaidChart({ nodes, edges }: Graph, direction: 'TD' | 'LR'): string {
  const ids = new Map(nodes.map(({ name }, i) => [name, `n${i}`]));
  const lines = nodes.map((node) => `  ${ids.get(node.name)}${shaped(node)}`);
  lines.push(...edges.map(([from, to]) => `  ${ids.get(from)} --> ${ids.get(to)}`));
  const outputs = nodes.filter(({ kind }) => kind === 'output').map(({ name }) => ids.get(name));
  if (outputs.length > 0) lines.push('  classDef output stroke-width:3px', `  class ${outputs.join(',')} output`);
  return ['```mermaid', `flowchart ${direction}`, ...lines, '```'].join('\n');
}

function shaped({ name, kind, about }: FlowNode): string {
  const [open, close] = SHAPES[kind];
  return `${open}"${about === '' ? escaped(name) : `<b>${escaped(name)}</b><br/>${escaped(about)}`}"${close}`;
}

/** Mermaid reads `#name;` as the character of that name. */
function escaped(text: string): string {
  return text.replace(/[#"<>&;`]/g, (one) => `#${one.codePointAt(0)};`);
}
