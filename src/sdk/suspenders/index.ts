export { SuspendInBand, SuspendOutBand, SuspendWhenOutsideBand } from './band-suspenders.ts';
export { SuspendBoolHigh, SuspendBoolLow } from './bool-suspenders.ts';
export { type ChangeOptions, SuspendWhenChanged } from './change-suspender.ts';
export { SuspenderBase, type SuspenderOptions, type WatchedSignal } from './suspender-base.ts';
export { SuspendCeil, SuspendFloor, type ThresholdOptions } from './threshold-suspenders.ts';
