/** Axes of an acquisition: time, position, channel, focus. */
export const FRAME_AXES = ['t', 'p', 'c', 'z'] as const;
/** An axis of an acquisition. */
export type FrameAxis = (typeof FRAME_AXES)[number];

/** Place of a frame in its acquisition; a missing axis is 0. */
export type FrameIndex = Readonly<Partial<Record<FrameAxis, number>>>;

/** How the frames of an acquisition lie in the store: one image per camera and position, axes t, c, z, y, x. */
export interface FrameLayout {
  /** In acquisition order, outermost first. */
  readonly order: readonly FrameAxis[];
  /** Length along each axis; t is null when nobody knows. */
  readonly sizes: Readonly<Record<FrameAxis, number | null>>;
  /** By index along c; empty: one, without a name. */
  readonly channels: readonly LayoutChannel[];
  /** By index along p; empty: one, wherever the stage stands. */
  readonly positions: readonly LayoutPosition[];
  /** From a plane to the next, um, less than 0 where they go down; null without a stack, and where it changes. */
  readonly zStepUm: number | null;
  /** Time between time points, s; null when as fast as possible. */
  readonly intervalS: number | null;
}

/** A channel of an acquisition. */
export interface LayoutChannel {
  /** Of the session. */
  readonly name: string;
  /** `#rrggbb` */
  readonly colour: string;
}

/** A position of an acquisition; null: that axis stays where it is. */
export interface LayoutPosition {
  /** Names the image in the store. */
  readonly name: string;
  /** um */
  readonly xUm: number | null;
  /** um */
  readonly yUm: number | null;
  /** um */
  readonly zUm: number | null;
  /** Height of its first plane, um; null or absent: that of the position. */
  readonly firstPlaneUm?: number | null;
  /** Of its own planes, as `zStepUm` of the layout; absent: those of the layout. */
  readonly zStepUm?: number | null;
  /** Of its own time points, s; null: as fast as possible; absent: that of the layout. */
  readonly intervalS?: number | null;
  /** Of a plate that it is in; absent: in none. */
  readonly well?: LayoutWell;
}

/** A well of a plate. */
export interface LayoutWell {
  /** `A`, `B`, ... */
  readonly row: string;
  /** `1`, `2`, ... */
  readonly column: string;
}

/**
 * The place of a frame that comes without an index: row-major in the order of the layout. The outermost axis has no end here.
 * @param layout - null: frames follow each other along t.
 */
export function frameIndexOf(layout: Pick<FrameLayout, 'order' | 'sizes'> | null, frameNumber: number): FrameIndex {
  // Without any axis every frame but the first is one too many.
  if (!layout || layout.order.length === 0) return { t: frameNumber };
  const index: { [axis in FrameAxis]?: number } = {};
  let rest = frameNumber;
  for (const [at, axis] of [...layout.order.entries()].reverse()) {
    const size = at === 0 ? null : layout.sizes[axis];
    index[axis] = size === null ? rest : rest % size;
    rest = size === null ? 0 : Math.floor(rest / size);
  }
  return index;
}
