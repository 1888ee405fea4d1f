export const FRAME_AXES = ['t', 'p', 'c', 'z'] as const;
export type FrameAxis = (typeof FRAME_AXES)[number];

/** Place of a frame in its acquisition; a missing axis is 0. */
export type FrameIndex = Readonly<Partial<Record<FrameAxis, number>>>;

/** How the frames of an acquisition lie in the store: one image per camera and position, axes t, c, z, y, x. */
export interface FrameLayout {
  /** In acquisition order, outermost first. */
  readonly order: readonly FrameAxis[];
  /** Length along each axis; t is null when nobody knows. */
  readonly sizes: Readonly<Record<FrameAxis, number | null>>;
  readonly channels: readonly LayoutChannel[];
  readonly positions: readonly LayoutPosition[];
  /** Distance between planes, um; null without a stack. */
  readonly zStepUm: number | null;
  /** Time between time points, s; null when as fast as possible. */
  readonly intervalS: number | null;
}

export interface LayoutChannel {
  readonly name: string;
  /** `#rrggbb` */
  readonly colour: string;
}

export interface LayoutPosition {
  readonly name: string;
  readonly xUm: number | null;
  readonly yUm: number | null;
  readonly zUm: number | null;
}
