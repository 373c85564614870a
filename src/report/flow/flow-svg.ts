import { NightshiftError, codeOf, messageOf } from '../../shared/errors.ts';
import { type FlowNode, type Graph, type JobFlow, jobGraph } from './job-flow.ts';

const SHAPES = { source: 'cylinder', step: 'box', relation: 'box', output: 'cylinder' } as const;
const LINE = 38;

/**
 * Boxes carry their own ground, and edges are of a grey that shows on white and on black: the picture reads on any page.
 * What a step says is drawn smaller than it was laid out, so that it fits where the reader's font runs wider.
 */
const STYLE = `<style>
text { font-family: Helvetica, Arial, sans-serif; font-size: 12px; fill: #1f2328; }
.step text { font-size: 10.5px; }
.step text:first-of-type { font-size: 12px; font-weight: bold; }
.node polygon, .node path { stroke: #6e7781; }
.source polygon, .source path { fill: #ddf4ff; }
.step polygon, .step path { fill: #ffffff; stroke-width: 1.5; }
.relation polygon, .relation path { fill: #f6f8fa; }
.output polygon, .output path { fill: #dafbe1; stroke: #1a7f37; stroke-width: 2; }
.edge path { stroke: #818b98; fill: none; }
.edge polygon { stroke: #818b98; fill: #818b98; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .source polygon, .source path { fill: #0c2d6b; }
  .step polygon, .step path { fill: #21262d; }
  .relation polygon, .relation path { fill: #30363d; }
  .output polygon, .output path { fill: #0f5323; stroke: #3fb950; }
}
</style>`;

/** The chart of a job as SVG, laid out by Graphviz: the same bytes for the same job. Throws `viz-missing`. */
export async function flowSvg(flow: JobFlow): Promise<string> {
  const { instance } = await loadViz();
  const svg = (await instance()).renderString(dotOf(jobGraph(flow)), { format: 'svg' });
  return tidied(svg, flow.name);
}

async function loadViz(): Promise<typeof import('@viz-js/viz')> {
  try {
    return await import('@viz-js/viz');
  } catch (cause) {
    if (codeOf(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new NightshiftError({ code: 'viz-missing', what: 'The package that lays out the flow chart is not installed', found: messageOf(cause), expected: '@viz-js/viz, a development dependency', fix: 'npm ci --include=dev', cause });
  }
}

/** The graph in Graphviz's language; colours are left to the style sheet. */
function dotOf({ nodes, edges }: Graph): string {
  return [
    'digraph job {',
    '  graph [rankdir=TB, bgcolor=transparent, nodesep=0.3, ranksep=0.3, pad=0.1]',
    '  node [fontname=Helvetica, fontsize=12, style="filled,rounded", fillcolor=white, margin="0.16,0.08", height=0.3]',
    '  edge [arrowsize=0.7]',
    ...nodes.map((node) => `  ${quoted(node.name)} [${attributesOf(node)}]`),
    ...edges.map(([from, to]) => `  ${quoted(from)} -> ${quoted(to)}`),
    '}',
  ].join('\n');
}

function attributesOf({ name, kind, about }: FlowNode): string {
  const style = kind === 'source' || kind === 'output' ? ', style=filled' : '';
  return `label=${quoted([name, ...wrapped(about)].join('\n'))}, shape=${SHAPES[kind]}, class=${kind}${style}`;
}

/** A string of Graphviz's language; a line break is centred. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Lines of at most so many letters, broken at spaces. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Without the prologue, comments and fonts that Graphviz writes; with the style sheet and a title. */
function tidied(svg: string, name: string): string {
  const body = svg.slice(svg.indexOf('<svg')).replace(/<!--[\s\S]*?-->\n?/g, '').replace(/ font-(?:family|size)="[^"]*"/g, '');
  return body.replace(/<svg[^>]*>/, (tag) => `${tag.replace('<svg', '<svg role="img"')}\n<title>Flow of ${escaped(name)}</title>\n${STYLE}`).trimEnd().concat('\n');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.codePointAt(0)};`);
}
