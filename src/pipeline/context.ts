import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../registry/records.ts';
import type { Registry } from '../registry/registry.ts';
import type { Config } from '../shared/config/schema.ts';
import type { Windows } from '../shared/days.ts';
import { NightshiftError } from '../shared/errors.ts';
import { readJsonFile, writeFileWhole } from '../shared/files.ts';
import type { Vocabulary } from '../shared/template.ts';
import type { OpenOptions } from '../warehouse/open.ts';
import type { Source, Warehouse } from '../warehouse/warehouse.ts';
import { findScripts, type Script } from './find.ts';
import { openPatiently } from './open-patiently.ts';
import { type Places, warehouseFile, workFolder } from './places.ts';
import { sourcesOf } from './sources.ts';
import { Stamps } from './stamps.ts';
import { type RowsWindow, nightRows, vocabularyOf } from './vocabulary.ts';

/** Everything that a step's process is told, as `context.json` holds it. No secrets: those stay in the environment. */
export interface RunContext {
  readonly runId: string;
  readonly attempt: number;
  readonly step: string;
  readonly config: Config;
  readonly windows: Windows;
  readonly places: Places;
  /** Of each source, as it was when the run was named. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** The step that makes each relation or result. */
  readonly makers: Readonly<Record<string, string>>;
  /** What training uses: settled once, at the start. */
  readonly backend: 'wasm' | 'native';
  /** The champion of the as-of date: the run whose model it is, or null. */
  readonly champion: string | null;
  /** Whether the champion is pinned, so that nothing replaces it. */
  readonly pinned: boolean;
  /** The run whose model scores without a training; null where tonight's own was judged. */
  readonly scorer: string | null;
  readonly mode: 'night' | 'try';
  /** Hash of what names the run, for the record of what was published. */
  readonly inputsHash: string;
}

/** A line of a step's log. */
export interface LogEntry {
  /** A SQL file or an event. */
  readonly event: string;
  readonly rows?: number;
  readonly seconds?: number;
  readonly status?: 'ok' | 'warn' | 'failed' | 'waits';
  readonly message?: string;
  /** Worth a line on the console, too. */
  readonly show?: boolean;
}

export interface Talk {
  readonly log: (entry: LogEntry) => void;
  /** What is going on right now; replaced by the next, never logged. */
  readonly progress: (text: string) => void;
}

/** What a step works with: its part of the plan, the warehouse, the results of earlier steps, and a way to be heard. */
export class StepContext {
  readonly run: RunContext;
  readonly #talk: Talk;
  readonly #stamps: Stamps;
  readonly #opening: Pick<OpenOptions, 'isPassing' | 'loads'>;
  #warehouse: Promise<Warehouse> | undefined;
  readonly #attached = new Set<string>();
  #sources: readonly Source[] | undefined;
  /** Rows of what the step is about, for its line on the console and in `run.csv`. */
  rows: number | null = null;

  /** `isPassing`: the warehouse is the step's own, and gone with it; `loads`: where the night's loaded sources are. */
  constructor(run: RunContext, talk: Talk, opening: Pick<OpenOptions, 'isPassing' | 'loads'> = {}) {
    this.run = run;
    this.#opening = opening;
    this.#talk = talk;
    this.#stamps = new Stamps(run.places, run.config.warehouse);
  }

  get config(): Config {
    return this.run.config;
  }

  /** A folder of this run alone, for what later steps read. */
  get work(): string {
    return workFolder(this.run.places, this.run.runId);
  }

  get modelFolder(): string {
    return join(this.run.places.models, this.run.runId);
  }

  /** The scripts of this step's folder, in the order in which they need each other. */
  scripts(): Promise<readonly Script[]> {
    return this.scriptsOf(this.run.step);
  }

  async scriptsOf(step: string): Promise<readonly Script[]> {
    const { dialect } = await this.warehouse();
    return findScripts(join(this.run.places.project, 'steps', step), `steps/${step}`, dialect.name);
  }

  /** Writes to the record of runs. */
  async record<T>(write: (registry: Registry, attempt: Attempt) => T): Promise<T> {
    const { Registry } = await import('../registry/registry.ts');
    const registry = Registry.open(this.run.places.registry);
    try {
      return write(registry, { runId: this.run.runId, attempt: this.run.attempt });
    } finally {
      registry.close();
    }
  }

  get warehouseFile(): string {
    return warehouseFile(this.run.places, this.config.warehouse);
  }

  warehouse(): Promise<Warehouse> {
    const open = this.#warehouse ?? openPatiently({ kind: this.config.warehouse, file: this.warehouseFile, ...this.#opening }, this);
    this.#warehouse = open;
    return open;
  }

  /** The sources with their files; found here and not in the context, since places may come from the environment. */
  get sources(): readonly Source[] {
    this.#sources ??= sourcesOf(this.config, this.run.places);
    return this.#sources;
  }

  /** Refuses sources that are no longer what the run was named after: `source-changed`. Of those that are attached now. */
  async requireUnchangedSources(): Promise<void> {
    for (const name of this.#attached) {
      const warehouse = await this.warehouse();
      if ((await warehouse.fingerprint(name)) === this.run.fingerprints[name]) continue;
      throw new NightshiftError({ code: 'source-changed', what: `Source ${name} changed while it was read`, where: `sources.${name}`, expected: 'the content that the run was named after', fix: 'run again, when whatever loads it is done' });
    }
  }

  /** Makes sources readable on this connection: all, or those among some names. */
  async attach(names?: readonly string[]): Promise<void> {
    const wanted = this.sources.filter(({ name }) => !this.#attached.has(name) && names?.includes(name) !== false);
    if (wanted.length === 0) return;
    await (await this.warehouse()).attach(wanted);
    for (const { name } of wanted) this.#attached.add(name);
  }

  /** Lets go of the warehouse, for a process of our own that must open it. */
  async release(): Promise<void> {
    const open = this.#warehouse;
    this.#warehouse = undefined;
    this.#attached.clear();
    if (open !== undefined) await (await open).close();
  }

  log(entry: LogEntry): void {
    this.#talk.log(entry);
  }

  progress(text: string): void {
    this.#talk.progress(text);
  }

  /** Times a piece of work and logs it with its rows. */
  async timed(event: string, work: () => Promise<number>): Promise<number> {
    const start = performance.now();
    const rows = await work();
    this.log({ event, rows, seconds: (performance.now() - start) / 1000 });
    return rows;
  }

  /** The same for work that gives something with rows. */
  async timedResult<T extends { readonly rows: number }>(event: string, work: () => Promise<T>): Promise<T> {
    let result: T | undefined;
    await this.timed(event, async () => {
      result = await work();
      return result.rows;
    });
    if (result === undefined) throw new Error(`${event} gave nothing`);
    return result;
  }

  /** Makes a relation under the run's stamp. */
  async make(relation: string, sql: string, where: string): Promise<number> {
    const warehouse = await this.warehouse();
    this.progress(where);
    return this.timed(where, () => this.stamped(relation, () => warehouse.make(relation, sql, where)));
  }

  /** Puts the run's stamp on a relation once it is made. */
  stamped(relation: string, make: () => Promise<number>): Promise<number> {
    return this.#stamps.around({ relation, runId: this.run.runId, step: this.run.step }, make);
  }

  /** Refuses a relation that is not of this run. */
  require(...relations: readonly string[]): void {
    for (const relation of relations) this.#stamps.require(relation, this.run.runId, this.run.makers[relation] ?? 'the step that makes it');
  }

  /** Names that a script may use: relations of the plan under their own names unless `relations` says otherwise. */
  async vocabulary({ relations = this.relations(), windows = this.run.windows, rows = nightRows(windows), config = this.config }: { relations?: ReadonlyMap<string, string>; windows?: Windows; rows?: RowsWindow; config?: Config } = {}): Promise<Vocabulary> {
    const { dialect } = await this.warehouse();
    return vocabularyOf(dialect, config, windows, rows, relations);
  }

  relations(): ReadonlyMap<string, string> {
    return new Map([...Object.keys(this.config.sources), ...Object.keys(this.run.makers)].map((name) => [name, name]));
  }

  /** Keeps a result for later steps. */
  writeResult(name: string, value: object): void {
    writeFileWhole(join(this.work, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`);
  }

  /** A result of an earlier step of this run. */
  readResult(name: string): unknown {
    const file = join(this.work, `${name}.json`);
    if (existsSync(file)) return readJsonFile(file);
    const maker = this.run.makers[name] ?? 'the step that makes it';
    throw new NightshiftError({ code: 'result-missing', what: `The result ${name} of this run is not there`, where: file, expected: `written by ${maker}`, fix: `run.sh step ${maker} --as-of ${this.run.windows.asOf}` });
  }
}
