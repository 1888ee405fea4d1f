/** A name for statuses that are waited for together, of its own: `trigger-1f3a9c`. */
export function newGroup(label: string): string {
  const random = Math.floor(Math.random() * 0x1000000);
  return `${label}-${random.toString(16).padStart(6, '0')}`;
}

/** How what a message starts is waited for. */
export interface GroupOptions {
  /** Statuses of the same group are waited for together. Default: none of its own. */
  readonly group?: unknown;
  /** Waits until it is done. Default false. */
  readonly wait?: boolean;
}
