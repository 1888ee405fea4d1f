// What a host and its guardian say to each other: one JSON object a line. Bytes travel as Latin-1 text, one character a byte.
import type { Exchange, LinkOptions, ReplyFraming, SafeState } from 'redsun/sdk/device';
import type { SafetyAct, SafetyReason } from '../shared/guardian/safety-act.ts';

/** A number that the host gives to a link that it opens. */
export type LinkId = number;

export type HostMessage =
  | { readonly kind: 'hello'; readonly session: string; readonly recordPath: string | null }
  /** Sent by the main thread of the host: as long as it comes the host is well. */
  | { readonly kind: 'beat' }
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly link: LinkId;
      readonly options: LinkOptions;
      readonly owner: string;
    }
  | {
      readonly kind: 'exchange';
      readonly id: number;
      readonly link: LinkId;
      readonly bytes: string;
      readonly reply: ReplyFraming;
      readonly timeoutMs: number;
      readonly by: string;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'protect'; readonly id: number; readonly link: LinkId; readonly state: SafeState }
  | { readonly kind: 'recent'; readonly id: number; readonly link: LinkId }
  | { readonly kind: 'close'; readonly id: number; readonly link: LinkId }
  | { readonly kind: 'make-safe'; readonly id: number; readonly reason: SafetyReason }
  /** The host knows of the act with this number, has dealt with it, and asks for its ports back. */
  | { readonly kind: 'rearm'; readonly act: number }
  | { readonly kind: 'serve-pages'; readonly id: number; readonly serve: PageServing }
  /** The host ends on purpose. */
  | { readonly kind: 'goodbye'; readonly id: number };

/** What is answered, before it has its number. Distributes over the union. */
export type HostRequest = Unnumbered<Extract<HostMessage, { readonly id: number }>>;
type Unnumbered<M> = M extends { readonly id: number } ? Omit<M, 'id'> : never;

/** Where pages reach the guardian without the host. */
export interface PageServing {
  readonly hostname: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly token: string;
  /** Of pages that may come; empty: any that has the token. */
  readonly origins: readonly string[];
}

export type GuardianMessage =
  | { readonly kind: 'ready'; readonly pid: number }
  | { readonly kind: 'done'; readonly id: number; readonly value: DoneValue }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly kind: 'unsolicited'; readonly link: LinkId; readonly bytes: string }
  | { readonly kind: 'lost'; readonly link: LinkId; readonly message: string }
  /** From now on nothing of the host gets through, until it rearms. */
  | { readonly kind: 'acting'; readonly act: number; readonly reason: SafetyReason; readonly by: string | null }
  | { readonly kind: 'acted'; readonly act: SafetyAct };

export type DoneValue = null | string | number | readonly Exchange[] | SafetyAct;

/** Beats come this often, ms. */
export const BEAT_MS = 100;
/** A host that was silent for so long does not look after its lights, ms. */
export const SILENT_MS = 2_000;

export function bytesToText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function textToBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
