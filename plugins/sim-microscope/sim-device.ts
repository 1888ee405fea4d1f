/** Where the values of a simulated device come from, for the record. */
export function sourceOf(device: string): string {
  return `sim:${device}`;
}
