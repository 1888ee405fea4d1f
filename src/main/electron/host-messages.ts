// What Electron's main process and the process of the host say to each other. Ports of pages are handed over beside `connect`.

/** How the host is started. */
export interface HostCall {
  readonly appFolder: string;
  /** Session file; null: the simulated microscope. */
  readonly sessionPath: string | null;
  /** Runs go below it; null: where the session says. */
  readonly baseFolder: string | null;
}

export type ToHostProcess =
  | { readonly kind: 'start'; readonly call: HostCall }
  /** A page wants the microscope; its port comes along. */
  | { readonly kind: 'connect' }
  /** A page has died: no light may burn that nobody sees. */
  | { readonly kind: 'page-gone' }
  | { readonly kind: 'close' };

export type FromHostProcess =
  | { readonly kind: 'ready' }
  /** The session cannot be opened. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Everything is closed; what is not known to be safe, in words, or null. */
  | { readonly kind: 'closed'; readonly warning: string | null };
