import { RedsunError } from './errors.ts';

/** For the `default` of a switch over a union: does not compile while a case is missing. */
export function assertNever(value: never): never {
  throw new RedsunError('state/impossible', `No case for ${JSON.stringify(value)}`);
}
