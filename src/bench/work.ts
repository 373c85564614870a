import { PEER, PEER_TREES } from './peer.ts';

/** Fixed work, so that seconds can be compared: nothing is held out and nothing stops early. */
export interface Work {
  readonly options: Readonly<Record<string, unknown>>;
  /** Epochs or trees. */
  readonly rounds: number;
}

const TREES: Work = { options: {}, rounds: PEER_TREES };
/** Networks: two epochs are enough to see their rate. */
const EPOCHS: Work = { options: {}, rounds: 2 };
const SPECIAL: Readonly<Record<string, Work>> = {
  [PEER]: TREES,
  gbdt: TREES,
  // Otherwise it would be trained with each of several strengths.
  linear: { options: { l2: 100 }, rounds: 2 },
};

export function workOf(family: string): Work {
  return SPECIAL[family] ?? EPOCHS;
}
