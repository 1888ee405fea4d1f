import type { Pixels, StoreDescription, StoreDtype } from '../../shared/stores/index.ts';

export interface DecodeFailure {
  readonly code: string;
  readonly message: string;
}

export interface DecodedPlane {
  readonly data: Pixels;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dtype: StoreDtype;
  readonly min: number;
  readonly max: number;
  /** False: the store says that it never was; there is nothing to see. */
  readonly acquired: boolean;
}

export type ByteRangeMessage = { readonly offset: number; readonly length: number } | { readonly suffix: number };

/** From the window to the worker. */
export type ToDecoder =
  | { readonly kind: 'open'; readonly id: number; readonly storeId: string }
  | {
      readonly kind: 'plane';
      readonly id: number;
      readonly storeId: string;
      readonly image: number;
      /** Path of a label image that is read instead. */
      readonly label?: string;
      readonly level: number;
      readonly indices: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'forget'; readonly storeId: string }
  /** Nobody wants the plane any more. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** Answer to `read` or `list`. */
  | { readonly kind: 'bytes'; readonly id: number; readonly bytes: Uint8Array | null }
  | { readonly kind: 'names'; readonly id: number; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly id: number; readonly failure: DecodeFailure };

/** From the worker to the window. */
export type FromDecoder =
  | { readonly kind: 'opened'; readonly id: number; readonly description: StoreDescription }
  | { readonly kind: 'plane'; readonly id: number; readonly plane: DecodedPlane }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: DecodeFailure }
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly storeId: string;
      readonly key: string;
      readonly range: ByteRangeMessage | undefined;
    }
  | { readonly kind: 'list'; readonly id: number; readonly storeId: string; readonly prefix: string }
  /** The bytes that were asked for are not needed any more. */
  | { readonly kind: 'give-up'; readonly id: number };
