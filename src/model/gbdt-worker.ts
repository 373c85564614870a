import { parentPort, workerData } from 'node:worker_threads';
import { serve, type CrewMember } from './gbdt/crew.ts';
import { Engine } from './gbdt/engine.ts';

/** A further thread of a training of `gbdt`: says that it is there, then works through the tasks in the shared memory. */
const { shape, memory, thread } = workerData as CrewMember;
const engine = new Engine(shape, memory);
parentPort?.postMessage('ready');
serve(engine, thread);
