/** What is looked at of a device before it is made. */
interface Named {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Options that say where a device is reached: two devices on one line are opened one after the other. */
const LINE_OPTIONS: ReadonlySet<string> = new Set(['port', 'path', 'link', 'host', 'address']);

/** Which of the devices before it a device has to wait for: those that its options name, and those on the same line. */
export function dependsOn(recipe: Named, before: readonly Named[]): string[] {
  const named = new Set(stringsIn(recipe.options));
  const lines = linesOf(recipe);
  return before
    .filter((other) => named.has(other.name) || linesOf(other).some((line) => lines.includes(line)))
    .map(({ name }) => name);
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) yield* stringsIn(member);
}

function linesOf({ options }: Named): string[] {
  return Object.entries(options).flatMap(([key, value]) => {
    return LINE_OPTIONS.has(key) && value !== undefined ? [`${key} ${JSON.stringify(value)}`] : [];
  });
}
