import { markdownTable, markdownText } from './markdown-table.ts';

/** The part of JSON Schema that the schema of `pipeline.yaml` is written in. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

interface Key {
  readonly path: string;
  readonly type: string;
  readonly standard: string;
  readonly about: string;
}

const REQUIRED = 'required';

/** Every key of the schema with its type, default and description, as a table of Markdown in the schema's order. */
export function configReference(schema: JsonSchema): string {
  const keys = new Map<string, Key>();
  for (const key of keysBelow(schema, '')) if (!keys.has(key.path)) keys.set(key.path, key);
  return markdownTable(['key', 'value', 'default', 'what it is'], [...keys.values()].map(({ path, type, standard, about }) => [`\`${path}\``, type, standard, markdownText(about)]));
}

/** Alternatives of a union come one after the other; those that a title sums up stay closed. */
function keysBelow(schema: JsonSchema, path: string): readonly Key[] {
  if (schema.title !== undefined) return [];
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [keyOf(at, inner, schema.required?.includes(name) === true), ...keysBelow(inner, at)];
  });
  const any = typeof schema.additionalProperties === 'object' && schema.properties === undefined ? keysBelow(schema.additionalProperties, `${path}.NAME`) : [];
  const listed = schema.items === undefined ? [] : keysBelow(schema.items, `${path}[]`);
  return [...named, ...any, ...listed, ...keysOfAlternatives(schema.anyOf ?? [], path)];
}

/** A key that only some alternatives require is not required of a person. */
function keysOfAlternatives(alternatives: readonly JsonSchema[], path: string): readonly Key[] {
  const isRequired = (key: string): boolean => alternatives.every((one) => one.required?.some((name) => `${path}.${name}` === key));
  const relaxed = (key: Key): Key => (key.standard === REQUIRED && !isRequired(key.path) ? { ...key, standard: '' } : key);
  return alternatives.flatMap((one) => keysBelow(one, path)).map(relaxed);
}

function keyOf(path: string, schema: JsonSchema, isRequired: boolean): Key {
  return { path, type: typeOf(schema), standard: isRequired ? REQUIRED : standardOf(schema), about: schema.description ?? '' };
}

function standardOf({ default: value }: JsonSchema): string {
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)) return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function typeOf(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (schema.type === 'array') return `list of ${schema.items?.title === undefined ? 'mappings' : `${schema.items.title}s`}`;
  if (schema.type === 'object') return schema.properties === undefined ? mappingOf(schema.additionalProperties) : 'mapping';
  if (schema.anyOf !== undefined) return 'mapping, one of';
  return numberRange(schema) ?? (schema.type === undefined ? 'anything' : [schema.type].flat().map(wordOf).join(', '));
}

/** Names of the reader's choice, with what stands behind them where that is one value. */
function mappingOf(value: JsonSchema | boolean | undefined): string {
  return typeof value === 'object' && value.properties === undefined && value.type !== 'object' ? `mapping of names to ${typeOf(value)}` : 'mapping by name';
}

function wordOf(type: string): string {
  return { string: 'text', boolean: 'true or false', integer: 'whole number' }[type] ?? type;
}

function numberRange({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string | undefined {
  if (type !== 'number' && type !== 'integer') return undefined;
  const word = wordOf(type);
  if (exclusiveMinimum !== undefined && exclusiveMaximum !== undefined) return `${word} between ${exclusiveMinimum} and ${exclusiveMaximum}`;
  if (exclusiveMinimum !== undefined) return `${word} above ${exclusiveMinimum}`;
  if (minimum === undefined) return word;
  return maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? `${word} from ${minimum}` : `${word} from ${minimum} to ${maximum}`;
}
