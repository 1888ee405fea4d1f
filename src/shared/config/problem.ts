/** One mistake in a file: where it is and what was expected. */
export interface FileProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** `devices.camera.exposure_ms`; empty for the file as a whole. */
  readonly path: string;
  /** What was expected and what was found, with a near-miss hint. */
  readonly message: string;
}

/** `session.yaml:12:5 devices.camera.exposure_ms: expected a number, got "fast"` */
export function formatProblem({ file, line, column, path, message }: FileProblem): string {
  return `${file}:${line}:${column}${path ? ` ${path}` : ''}: ${message}`;
}
