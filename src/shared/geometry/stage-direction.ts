/** How a stage moves against the picture: `stage_direction` of the session. */
export interface StageDirection {
  /** 1: a larger target of x shows what lay to the right of the picture (swapped: below it); -1: the other way. */
  readonly x: 1 | -1;
  /** 1: a larger target of y shows what lay below the picture (swapped: to the right of it); -1: the other way. */
  readonly y: 1 | -1;
  /** The camera is turned by a quarter: x of the stage goes along the rows of the picture, y along its columns. */
  readonly swapped: boolean;
}

/** Lengths, um. */
export interface PointUm {
  readonly x: number;
  readonly y: number;
}

export const ALONG_THE_PICTURE: StageDirection = { x: 1, y: 1, swapped: false };

/** A place, or a way, of the stage as one of the picture: x to the right, y down. */
export function inPicture({ x, y, swapped }: StageDirection, stage: PointUm): PointUm {
  const [along, across] = [x * stage.x, y * stage.y];
  return swapped ? { x: across, y: along } : { x: along, y: across };
}

/** The other way round: what the stage has to do for a way to the right and down in the picture. */
export function onStage({ x, y, swapped }: StageDirection, picture: PointUm): PointUm {
  return swapped ? { x: x * picture.y, y: y * picture.x } : { x: x * picture.x, y: y * picture.y };
}
