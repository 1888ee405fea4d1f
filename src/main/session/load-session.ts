import { basename } from 'node:path';
import {
  asError,
  codeOf,
  type JsonSchema,
  jsonSchemaOf,
  nearMissHint,
  RedsunError,
  type Schema,
} from 'redsun/sdk/util';
import { z } from 'zod';
import { type FileProblem, formatProblem } from '../../shared/config/problem.ts';
import { type SessionFile, sessionSchema } from '../../shared/config/session-schema.ts';
import { readText } from '../storage/files/regular-file.ts';
import { type Path, valueAt, YamlFile } from './yaml-file.ts';

/** What the session check has to know of the bundles that are there. */
export interface KnownParts {
  /** Ids of a kind by bundle: `sim-microscope` -> camera, xy-stage... */
  readonly idsOf: (kind: PartKind, plugin: string) => readonly string[] | null;
  readonly plugins: readonly string[];
  /** Options that a device or a writer of the bundle takes; null when its class does not say. */
  readonly optionsOf: (kind: 'devices' | 'writers', plugin: string, id: string) => Schema | null;
}
/** More than anybody writes by hand. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Kinds that a session lists by name; of writers it has one. */
const LISTED_KINDS = ['devices', 'presenters', 'views'] as const;
export type PartKind = (typeof LISTED_KINDS)[number] | 'writers';

/** All mistakes of a session file at once. Code `session/invalid`. */
export class SessionFileError extends RedsunError<'session/invalid'> {
  readonly problems: readonly FileProblem[];
  constructor(problems: readonly FileProblem[]) {
    super('session/invalid', problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

export interface LoadedSession {
  readonly path: string;
  readonly text: string;
  readonly file: SessionFile;
  /** Each device's options as its schema let them through, defaults filled in. */
  readonly deviceOptions: ReadonlyMap<string, Record<string, unknown>>;
  /** The same of the bundle's writer; empty without one. */
  readonly writerOptions: Record<string, unknown>;
}

/** Reads and checks a session file. @throws SessionFileError with every mistake in it; `session/unreadable`. */
export async function loadSession(path: string, known: KnownParts): Promise<LoadedSession> {
  let text: string;
  try {
    text = await readText(path, MOST_BYTES);
  } catch (cause) {
    const why = codeOf(cause).startsWith('file/') ? `: ${asError(cause).message}` : '';
    throw new RedsunError('session/unreadable', `The session file ${path} cannot be read${why}`, { cause });
  }
  const yaml = new YamlFile(basename(path), text);
  const result = checkSession(yaml, known);
  if (yaml.problems.length > 0 || !result) throw new SessionFileError(inOrder(yaml.problems));
  return { path, text, ...result };
}

function checkSession(yaml: YamlFile, known: KnownParts): Omit<LoadedSession, 'path' | 'text'> | null {
  if (yaml.value === null) return null;
  const parsed = sessionSchema.safeParse(yaml.value);
  if (!parsed.success)
    yaml.addIssues(parsed.error.issues, (path) =>
      schemaAt(z.toJSONSchema(sessionSchema, { io: 'input' }) as JsonSchema, path),
    );
  const deviceOptions = new Map<string, Record<string, unknown>>();
  for (const kind of LISTED_KINDS) {
    for (const [name, entry] of Object.entries(mapping(valueAt(yaml.value, [kind])))) {
      const options = checkPart(yaml, known, { kind, at: [kind, name] }, mapping(entry));
      if (options && kind === 'devices') deviceOptions.set(name, options);
    }
  }
  const writer = mapping(valueAt(yaml.value, WRITER));
  const writerOptions = checkPart(yaml, known, { kind: 'writers', at: WRITER }, writer) ?? {};
  checkChannels(yaml);
  return parsed.success ? { file: parsed.data, deviceOptions, writerOptions } : null;
}

const WRITER: Path = ['storage', 'writer'];

function checkPart(
  yaml: YamlFile,
  known: KnownParts,
  { kind, at }: { readonly kind: PartKind; readonly at: Path },
  { plugin_name: plugin, plugin_id: id, ...options }: Record<string, unknown>,
): Record<string, unknown> | null {
  if (typeof plugin !== 'string' || typeof id !== 'string') return null;
  const ids = known.idsOf(kind, plugin);
  if (ids === null) {
    const hint = nearMissHint(plugin, known.plugins);
    yaml.add(
      [...at, 'plugin_name'],
      `expected one of the bundles ${known.plugins.join(', ')}, got "${plugin}".${hint}`,
    );
    return null;
  }
  if (!ids.includes(id)) {
    const list = ids.length > 0 ? `one of ${ids.join(', ')}` : `a bundle with ${kind}`;
    yaml.add([...at, 'plugin_id'], `expected ${list} of ${plugin}, got "${id}".${nearMissHint(id, ids)}`);
    return null;
  }
  if (kind === 'views' && plugin !== 'redsun') {
    yaml.add([...at, 'plugin_name'], `expected redsun, got "${plugin}": views of other bundles cannot be shown yet`);
  }
  if (kind !== 'devices' && kind !== 'writers') return options;
  return checkOptions(yaml, at, options, known.optionsOf(kind, plugin, id));
}

function checkOptions(
  yaml: YamlFile,
  base: Path,
  options: Record<string, unknown>,
  schema: Schema | null,
): Record<string, unknown> | null {
  if (!schema) return options;
  const allowed = jsonSchemaOf(schema).properties;
  const checked = { ...options };
  if (allowed) {
    const names = Object.keys(allowed);
    for (const key of Object.keys(options)) {
      if (Object.hasOwn(allowed, key)) continue;
      const hint = nearMissHint(
        key,
        names.filter((name) => !(name in options)),
      );
      yaml.add([...base, key], `expected one of ${names.join(', ')}, got "${key}".${hint}`, { atKey: true });
      delete checked[key];
    }
  }
  const result = schema['~standard'].validate(checked);
  if (result instanceof Promise) return checked;
  if (!result.issues) return result.value as Record<string, unknown>;
  yaml.addIssues(result.issues as unknown as z.core.$ZodIssue[], () => null, base);
  return null;
}

/** Channels may only name devices of the session. */
function checkChannels(yaml: YamlFile): void {
  const devices = Object.keys(mapping(valueAt(yaml.value, ['devices'])));
  for (const [channel, entry] of Object.entries(mapping(valueAt(yaml.value, ['channels'])))) {
    for (const part of ['lights', 'set'] as const) {
      for (const device of Object.keys(mapping(mapping(entry)[part]))) {
        if (devices.includes(device)) continue;
        yaml.add(
          ['channels', channel, part, device],
          `expected a device of this session, got "${device}".${nearMissHint(device, devices)}`,
          { atKey: true },
        );
      }
    }
  }
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function schemaAt(schema: JsonSchema, path: Path): JsonSchema | null {
  let current: JsonSchema | null = schema;
  for (const part of path) {
    const next: unknown = current?.properties?.[String(part)] ?? current?.additionalProperties ?? null;
    current = typeof next === 'object' ? (next as JsonSchema | null) : null;
  }
  return current;
}

/** By place; one mistake is told once. */
function inOrder(problems: readonly FileProblem[]): FileProblem[] {
  const seen = new Set<string>();
  return [...problems]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .filter((problem) => !seen.has(formatProblem(problem)) && seen.add(formatProblem(problem)));
}
