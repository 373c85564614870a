import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { Html, type Part, html } from './html.ts';
import { folded, table, type TableOptions } from './table.ts';

use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

/**
 * Colours by what they are for. Charts are drawn with these stand-ins, and in the SVG each becomes a variable of the page's style
 * sheet, so that one picture reads in light, in dark and on paper. The hues are told apart by the colour-blind, too (after Okabe
 * and Ito, 2008), and no chart tells lines apart by hue alone.
 */
const COLOURS = {
  ink: '#010203',
  muted: '#010204',
  grid: '#010205',
  paper: '#010206',
  s1: '#010211',
  s2: '#010212',
  s3: '#010213',
  s4: '#010214',
  s5: '#010215',
  s6: '#010216',
  s7: '#010217',
  s8: '#010218',
} as const;
export const colour = COLOURS;
export const SERIES = [colour.s1, colour.s2, colour.s3, colour.s4, colour.s5, colour.s6, colour.s7, colour.s8] as const;

export interface FigureOptions {
  readonly title: string;
  /** One or two sentences: what is drawn and how to read it. */
  readonly about: Part;
  /** What the picture shows, for those who cannot see it. */
  readonly shows: string;
  readonly chart: EChartsCoreOption;
  readonly height?: number;
  /** Drawn as wide as the page; in its own scrolling box where that is narrow. */
  readonly wide?: boolean;
  /** Its numbers. */
  readonly numbers: Omit<TableOptions, 'caption'>;
}

/** A chart with its heading, its explanation and its numbers. */
export function figureOf({ title, about, shows, chart, height = 300, wide = false, numbers }: FigureOptions): Html {
  const drawn = svgOf(chart, { width: wide ? 920 : 400, height, label: `${title}. ${shows}` });
  const picture = wide ? html`<div class="scroll" tabindex="0" role="region" aria-label="${title}, chart">${drawn}</div>` : drawn;
  return html`<figure${wide ? html` class="wide"` : null}>
<h3>${title}</h3>
${picture}
<figcaption>${about}</figcaption>
${folded(html`Numbers<span class="hidden"> of ${title}</span>`, table({ caption: `${title}: numbers`, ...numbers }))}
</figure>`;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly label: string;
}

/** A chart as SVG that takes its colours and its letters from the page. */
function svgOf(option: EChartsCoreOption, { width, height, label }: Size): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, backgroundColor: 'transparent', textStyle: { color: colour.ink }, ...option });
    return new Html(adapted(chart.renderToSVGString(), html`<svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg">`));
  } finally {
    chart.dispose();
  }
}

/** Ids of clips count up within a process; in a page each picture needs ids of its own. */
let pictures = 0;

/** What ECharts writes for its own script (hover styles, indices), which no page of ours has. */
const FOR_SCRIPTS = /<style[\s\S]*?<\/style>| (?:class|ecmeta_\w+|pointer-events|xml:space)="[^"]*"/g;

function adapted(svg: string, opening: Html): string {
  const picture = `c${(pictures += 1)}`;
  const coloured = Object.entries(COLOURS).reduce((text, [name, stand]) => text.replaceAll(stand, `var(--${name})`), svg.replaceAll(FOR_SCRIPTS, ''));
  return coloured
    .replace(/^<svg[^>]*>/, opening.text)
    .replace(/<rect width="\d+" height="\d+" x="0" y="0"[^>]*fill="(?:none|transparent)"[^>]*><\/rect>\n?/, '')
    .replaceAll(/<path[^>]*fill-opacity="0"[^>]*stroke-width="0"[^>]*><\/path>\n?/g, '')
    .replaceAll(/font-family:[^;"]*;?/g, '')
    .replaceAll(/\bzr\d+-(c\d+)\b/g, `${picture}-$1`);
}

export interface AxisOptions {
  readonly name: string;
  readonly min?: number | 'dataMin' | undefined;
  readonly max?: number | 'dataMax' | undefined;
  readonly format?: ((value: number) => string) | undefined;
  readonly lines?: boolean;
  /** Whether the axis begins at 0. */
  readonly fromZero?: boolean;
  /** About so many parts. */
  readonly splitNumber?: number;
}

const axisStyle = {
  nameLocation: 'middle',
  nameTextStyle: { color: colour.muted, fontSize: 12 },
  axisTick: { show: false },
} as const;

/** An axis of numbers. */
export function valueAxis({ name, min, max, format, lines = true, fromZero = false, splitNumber = 5 }: AxisOptions, nameGap: number): object {
  return {
    ...axisStyle,
    type: 'value',
    name,
    nameGap,
    min,
    max,
    scale: !fromZero,
    splitNumber,
    axisLine: { show: false },
    splitLine: { show: lines, lineStyle: { color: colour.grid } },
    axisLabel: { color: colour.muted, fontSize: 11, hideOverlap: true, ...(format === undefined ? {} : { formatter: format }) },
  };
}

/** An axis of names. */
export function nameAxis({ name = '', names, gap = 26, label = {} }: { readonly name?: string; readonly names: readonly string[]; readonly gap?: number; readonly label?: object }): object {
  return {
    ...axisStyle,
    type: 'category',
    name,
    nameGap: gap,
    data: names,
    axisLine: { lineStyle: { color: colour.grid } },
    axisLabel: { color: colour.muted, fontSize: 11, hideOverlap: true, ...label },
  };
}

export const grid = { left: 52, right: 16, top: 16, bottom: 46 } as const;

/** A legend above the chart; leave room for it. */
export const legend = { top: 0, left: 'center', icon: 'path://M0 4H16V8H0Z', itemWidth: 16, itemHeight: 4, itemGap: 22, textStyle: { color: colour.ink, fontSize: 12 } } as const;

/** A thin dashed line, such as a diagonal, that shows what chance or perfection would be. */
export function reference(points: readonly (readonly [number, number])[]): object {
  return { type: 'line', data: points, symbol: 'none', silent: true, lineStyle: { color: colour.muted, width: 1, type: [4, 4] } };
}

interface CustomApi {
  value(dimension: number): number | string;
  coord(place: readonly (number | string)[]): readonly [number, number];
}

/** Thin upright lines: x, from, to. One series, however many there are: a series each would take seconds for a year of nights. */
export function intervals(bars: readonly (readonly [x: number | string, low: number, high: number])[]): object {
  return { type: 'custom', silent: true, data: bars, encode: { x: 0, y: [1, 2] }, renderItem: drawInterval };
}

function drawInterval(_: unknown, api: CustomApi): object {
  const [x1, y1] = api.coord([api.value(0), api.value(1)]);
  const [x2, y2] = api.coord([api.value(0), api.value(2)]);
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { fill: 'none', stroke: SERIES[0], lineWidth: 1.5, opacity: 0.5 } };
}
