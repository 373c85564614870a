/** Files that training keeps in a model's folder beside what its family saves: how scores become classes, */
export const DECISION_FILE = 'decision.json';
/** how far around a regression's prediction its label is expected, */
export const INTERVAL_FILE = 'interval.json';
/** the configuration that it was trained with, */
export const CONFIG_FILE = 'pipeline.json';
/** how features and scores were distributed where it was learned, */
export const PROFILE_FILE = 'profile.json';
/** what was seen of each feature: the contract of its run, */
export const FEATURES_FILE = 'features.json';
/** and which run chose how it is made, for which date. */
export const CHOICE_FILE = 'choice.json';

/** What is written beside a model once it is measured: what a report draws of it. The manifest leaves these out, see `src/model/manifest.ts`. */
export const FIGURES_FILE = 'figures.json';
export const CARD_FILE = 'card.md';
