import type { Task } from '../dataset/contract.ts';

/** The metric that tables of different tasks are compared by: lower is better, and its ratio to another model's means something. */
export const LOSS: Readonly<Record<Task, string>> = { binary: 'log_loss', multiclass: 'log_loss', regression: 'rmse' };
