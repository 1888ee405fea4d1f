const COUNTER_DIGITS = 4;

/** Plan and number of an acquisition's name. */
export interface RunName {
  /** The plan that ran. */
  readonly plan: string;
  /** From 1, per plan and day. */
  readonly counter: number;
}

/** The name of the `counter`th acquisition of a plan: `count_0007`. */
export function formatRunName({ plan, counter }: RunName): string {
  return `${plan}_${String(counter).padStart(COUNTER_DIGITS, '0')}`;
}

/** Plan and number of a name such as `count_0007`; null for any other name. */
export function parseRunName(name: string): RunName | null {
  const [, plan, counter] = /^(.+)_(\d{4,9})$/.exec(name) ?? [];
  return plan !== undefined && counter !== undefined ? { plan, counter: Number(counter) } : null;
}

/** The highest number that `plan` has among names; 0 when there is none. Names differ by more than case: on Windows and macOS `Scan_0001` is `scan_0001`. */
export function highestCounter(names: readonly string[], plan: string): number {
  return names.reduce((highest, name) => {
    const run = parseRunName(name);
    return run?.plan.toLowerCase() === plan.toLowerCase() ? Math.max(highest, run.counter) : highest;
  }, 0);
}

/** The date where the microscope stands, `YYYY-MM-DD`. @param time - Unix time, s. */
export function localDate(time: number): string {
  const date = new Date(time * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
