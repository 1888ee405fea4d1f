/** A writer that fails where it is made. */
export class BrokenWriter {
  constructor() {
    throw new Error('no licence');
  }
}
