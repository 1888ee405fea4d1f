/** What the shell is told. */
export const EXIT = {
  done: 0,
  /** The plan failed, or the store is damaged. */
  failed: 1,
  /** Bad usage, session or item: nothing was started. */
  usage: 2,
  /** Interrupted, after a clean stop. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
