/** Options that all networks have; `auto` is settled by the number of training rows. */
export interface TrainingOptions {
  /** Highest learning rate of the schedule. */
  readonly learning_rate: number | 'auto';
  readonly epochs: number | 'auto';
  readonly batch_rows: number | 'auto';
  /** Epochs without a lower validation loss after which to stop. */
  readonly patience: number | 'auto';
  /** Category values that occur less often in training share one bucket. */
  readonly min_count: number;
}
