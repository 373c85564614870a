import type { Random } from '../../evaluation/random.ts';
import type { TrainingSummary } from '../family.ts';
import { streamOf } from '../tensor/stream.ts';
import type { GbdtOptions } from '../gbdt-family.ts';
import { tasks } from './engine.ts';
import { Grower, type Grown } from './grower.ts';
import { MOST_ROWS, packingFor, type Packing } from './packing.ts';
import { drawnShares, type Shares } from './auto-options.ts';
import type { Rules } from './rules.ts';
import type { Team } from './team.ts';
import { bitsOf, type Tree } from './tree.ts';

type CurvePoint = TrainingSummary['curve'][number];

export interface Boosting {
  readonly team: Team;
  readonly options: GbdtOptions;
  readonly rate: number;
  readonly seed: number;
  /** Sums of weights. */
  readonly weight: number;
  readonly heldWeight: number;
}

/** Hessian of a leaf at least, and of a group of categories the rows and the added hessian; all as in LightGBM. */
const LEAST_HESSIAN = 1e-3;
const GROUP_ROWS = 100;
const CATEGORY_L2 = 10;

/** Grows trees round by round and keeps the scores of all rows up with them. */
export class Booster {
  /** Output by output within a round. */
  readonly trees: Tree[] = [];
  /** By tree: how much each place's splits save. */
  readonly gains: Float64Array[] = [];
  private readonly boosting: Boosting;
  private readonly grower: Grower;
  private readonly packing: Packing;
  private readonly shares: Shares;
  private readonly highest: number;
  private readonly draws: Random;
  private readonly columns: Random;

  constructor(boosting: Boosting) {
    const { team, options, seed } = boosting;
    const { shape } = team.engine;
    this.boosting = boosting;
    this.grower = new Grower(team);
    this.packing = packingFor(Math.min(shape.rows, MOST_ROWS), this.counting);
    this.shares = drawnShares(options, shape.rows);
    const share = Math.min(this.shares.rows, (0.99 * MOST_ROWS) / shape.rows);
    this.highest = share >= 1 || (this.shares.rows === 1 && shape.rows <= MOST_ROWS) ? 2 ** 32 - 1 : Math.ceil(share * 2 ** 32) - 1;
    this.draws = streamOf(seed, 'trees');
    this.columns = streamOf(seed, 'columns');
  }

  /** To be called once, after the scores were set to their start. */
  begin(): void {
    this.boosting.team.run(tasks.gradients, []);
  }

  /** One round; gives the losses after it. */
  async round(round: number): Promise<CurvePoint> {
    const { team, weight, heldWeight } = this.boosting;
    const { outputs, heldRows } = team.engine.shape;
    for (let output = 0; output < outputs; output++) await this.tree(output);
    team.run(tasks.gradients, []);
    const { losses, heldLosses } = team.engine.views;
    return { round, trainLoss: sumOf(losses) / weight, validationLoss: heldRows === 0 ? null : sumOf(heldLosses) / heldWeight };
  }

  private get counting(): boolean {
    const { task, weighted } = this.boosting.team.engine.shape;
    return task === 'regression' && !weighted;
  }

  private async tree(output: number): Promise<void> {
    const { team } = this.boosting;
    const seed = this.draws.word();
    const scales = this.scalesOf(output);
    team.run(tasks.draw, [output, scales.gradient, scales.hessian, this.packing.unit, seed, this.highest]);
    const grown = await this.grower.grow(this.rulesOf(scales));
    team.run(tasks.settle, [grown.nodes, output]);
    this.value(grown, scales);
    team.run(tasks.update, [output, grown.nodes]);
    this.keep(grown, scales);
  }

  private scalesOf(output: number): Scales {
    const { engine } = this.boosting.team;
    const { outputs, threads } = engine.shape;
    let [gradient, hessian] = [0, 0];
    for (let thread = 0; thread < threads; thread++) {
      gradient = Math.max(gradient, engine.views.largest[2 * (thread * outputs + output)]!);
      hessian = Math.max(hessian, engine.views.largest[2 * (thread * outputs + output) + 1]!);
    }
    return { gradient: gradient > 0 ? this.packing.gradients / gradient : 0, hessian: hessian > 0 ? this.packing.hessians / hessian : 0 };
  }

  private rulesOf({ gradient, hessian }: Scales): Rules {
    const { options, team } = this.boosting;
    const { directions, allowed } = team.engine.views;
    this.drawColumns(allowed);
    return {
      unit: this.packing.unit,
      l2: options.l2 * hessian,
      categoryL2: CATEGORY_L2 * hessian,
      smoothing: options.smoothing * hessian,
      leastGain: 1e-9 * gradient * gradient / (hessian || 1),
      leastHessian: LEAST_HESSIAN * hessian,
      leastRows: options.min_rows,
      groupRows: GROUP_ROWS,
      directions,
      allowed,
    };
  }

  private drawColumns(allowed: Uint8Array): void {
    const width = allowed.length;
    let left = Math.max(1, Math.round(this.shares.columns * width));
    for (let place = 0; place < width; place++) {
      allowed[place] = this.columns.uniform() * (width - place) < left ? 1 : 0;
      left -= allowed[place]!;
    }
  }

  /** Sets the leaves' values from sums of exact gradients, added in the order of blocks. */
  private value({ bounds }: Grown, { gradient, hessian }: Scales): void {
    const { team, options, rate } = this.boosting;
    const { leaves } = team.engine.shape;
    const { leafSums, leafValues } = team.engine.views;
    const unit = gradient > 0 ? hessian / gradient : 0;
    bounds.forEach(({ low, high }, leaf) => {
      let [g, h] = [0, 0];
      for (let at = 2 * leaf; at < leafSums.length; at += 2 * leaves) {
        g += leafSums[at]!;
        h += leafSums[at + 1]!;
      }
      const value = h + options.l2 > 0 ? -g / (h + options.l2) : 0;
      leafValues[leaf] = rate * Math.min(Math.max(value, low * unit), high * unit);
    });
  }

  private keep({ nodes, gains }: Grown, { gradient, hessian }: Scales): void {
    const { nodeFeatures, nodeChildren, nodeRight, leafValues } = this.boosting.team.engine.views;
    const right = new Uint32Array(8 * nodes);
    for (let node = 0; node < nodes; node++) right.set(bitsOf(nodeRight.subarray(256 * node, 256 * node + 256)), 8 * node);
    this.trees.push({ features: Uint16Array.from(nodeFeatures.subarray(0, nodes)), children: nodeChildren.slice(0, 2 * nodes), right, values: leafValues.slice(0, nodes + 1) });
    this.gains.push(gains.map((gain) => (gradient > 0 ? (gain * hessian) / gradient ** 2 : 0)));
  }
}

/** Levels a unit of gradient and of hessian; 0 where all are 0. */
interface Scales {
  readonly gradient: number;
  readonly hessian: number;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
