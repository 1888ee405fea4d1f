import type { JsonSchema } from 'redsun/sdk/util';
import { nearMissHint } from 'redsun/sdk/util';
import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { FileProblem } from '../../shared/config/problem.ts';

export type Path = readonly (string | number)[];

/** A YAML text with the places of its values, so that every mistake can be shown where it is. */
export class YamlFile {
  readonly file: string;
  readonly problems: FileProblem[] = [];
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true, prettyErrors: false });
    for (const error of this.#document.errors) {
      const { line, col } = this.#lines.linePos(error.pos[0]);
      const duplicate = error.code === 'DUPLICATE_KEY';
      const message = duplicate ? 'expected each key once, got the same key again' : firstLine(error.message);
      this.problems.push({ file, line, column: col, path: '', message });
    }
    // What comes after a syntax error is guesswork; a doubled key is not, the last one counts.
    const readable = this.#document.errors.every(({ code }) => code === 'DUPLICATE_KEY');
    this.value = readable ? this.#document.toJS() : null;
    if (readable && this.#document.contents === null) this.add([], 'expected a mapping, got an empty file');
  }

  /** Notes a mistake at `path`. */
  add(path: Path, message: string, options: { readonly atKey?: boolean } = {}): void {
    const { line, column } = this.#placeOf(path, options.atKey ?? false);
    this.problems.push({ file: this.file, line, column, path: path.join('.'), message });
  }

  /** Notes what zod found, in words, with hints for misspelt keys. */
  addIssues(issues: readonly z.core.$ZodIssue[], schemaAt: (path: Path) => JsonSchema | null, base: Path = []): void {
    for (const issue of issues) {
      const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
      if (issue.code === 'invalid_union') {
        const nearer = branchFor(issue, valueAt(this.value, path));
        if (nearer) {
          this.addIssues(nearer, () => null, path);
          continue;
        }
      }
      if (issue.code === 'unrecognized_keys') {
        const known = Object.keys(schemaAt(path)?.properties ?? {});
        const present = valueAt(this.value, path);
        const free = known.filter((key) => typeof present !== 'object' || present === null || !(key in present));
        for (const key of issue.keys) {
          this.add([...path, key], `expected one of ${known.join(', ')}, got "${key}".${nearMissHint(key, free)}`, {
            atKey: true,
          });
        }
      } else if (issue.code === 'invalid_key') {
        const reason = issue.issues[0];
        this.add(path, `expected ${reason ? expectation(reason) : 'another name'}, got "${path[path.length - 1]}"`, {
          atKey: true,
        });
      } else
        this.add(
          path,
          `expected ${expectation(issue)}, got ${show(valueAt(this.value, path))}${choiceHint(issue, valueAt(this.value, path))}`,
        );
    }
  }

  #placeOf(path: Path, atKey: boolean): { line: number; column: number } {
    let node: unknown = this.#document.contents;
    let offset = 0;
    for (const [depth, part] of path.entries()) {
      const pair = isMap(node)
        ? node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part))
        : undefined;
      const child = pair?.value ?? (isMap(node) ? undefined : this.#document.getIn(path.slice(0, depth + 1), true));
      const key = pair?.key;
      const wantsKey = atKey && depth === path.length - 1;
      const at =
        wantsKey || !child ? (key ?? child) : depth === path.length - 1 && isScalar(child) ? child : (key ?? child);
      const start = rangeStart(at);
      if (start === null) break;
      offset = start;
      node = child;
    }
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function rangeStart(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null;
  const { range } = node as { range?: readonly number[] | null };
  return range?.[0] ?? null;
}

/** The value at `path`, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return (
        (
          {
            record: 'a mapping',
            object: 'a mapping',
            string: 'a text',
            number: 'a number',
            int: 'a whole number',
            boolean: 'true or false',
            array: 'a list',
          } as Record<string, string>
        )[issue.expected] ?? issue.expected
      );
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string'
        ? 'a text that is not empty'
        : `a number ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string' ? `at most ${issue.maximum} letters` : `a number of at most ${issue.maximum}`;
    case 'invalid_format':
      return issue.message.replace(/^Invalid string: must match pattern.*/, 'another form');
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

/** What a choice of several forms says of a mapping: the faults inside the form that it is, which say more than that none fits. */
function branchFor(issue: z.core.$ZodIssueInvalidUnion, value: unknown): readonly z.core.$ZodIssue[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return issue.errors.find((branch) => branch.length > 0 && branch.every(({ path }) => path.length > 0)) ?? null;
}

function choicesOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(choicesOf);
  return issue.code === 'invalid_value' ? issue.values.map(String) : [];
}

function choiceHint(issue: z.core.$ZodIssue, value: unknown): string {
  const choices = choicesOf(issue);
  if (choices.length === 0 || typeof value !== 'string') return '';
  return `.${nearMissHint(value, choices)}`.replace(/^\.$/, '');
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
