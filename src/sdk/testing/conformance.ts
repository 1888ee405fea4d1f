import { RedsunError } from '../util/errors.ts';

/** One thing that a class must do. Any test runner can loop over them: `for (const { title, run } of checks) test(title, run)`. */
export interface ConformanceCheck {
  /** What is expected, as a sentence. */
  readonly title: string;
  /** @throws RedsunError `conformance/failed`, with what was expected and what was found. */
  run(): Promise<void>;
}

/** Fails a check unless `holds`. @throws RedsunError `conformance/failed` */
export function expectThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new RedsunError('conformance/failed', what);
}

/** What `action` throws, or null. */
export async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
    return null;
  } catch (thrown) {
    return thrown;
  }
}
