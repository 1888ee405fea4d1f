import { Signal } from './signal.ts';

/** In Python the two kinds of signals tell their listeners in different ways; here both hand over readings. */
export class ReadingSignal extends Signal {}
