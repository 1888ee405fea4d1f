import { RedsunError } from 'redsun/sdk/util';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';
import { shown } from './describe-issue.ts';
import type { AppPlan } from './plan-definition.ts';

/** What an item gives, by parameter, as Python would bind it. @throws RedsunError `plan/bad-parameter` */
export function nameArguments(
  { positional = [] }: Pick<AppPlan<never>, 'positional'>,
  { name, args, kwargs }: PlanItem,
): Record<string, unknown> {
  const named: Record<string, unknown> = { ...kwargs };
  const rest = positional.at(-1) === '*args';
  if (rest && 'args' in kwargs) {
    throw new RedsunError('plan/bad-parameter', `${name}: args: expected by position, got by name`);
  }
  const singles = rest ? positional.slice(0, -1) : positional;
  if (!rest && args.length > singles.length) {
    throw new RedsunError(
      'plan/bad-parameter',
      `${name}: takes ${singles.length} arguments (${singles.join(', ')}), got ${args.length}`,
    );
  }
  for (const [index, parameter] of singles.entries()) {
    if (index >= args.length) break;
    if (Object.hasOwn(named, parameter)) {
      const [first, second] = [args[index], named[parameter]].map(shown);
      throw new RedsunError(
        'plan/bad-parameter',
        `${name}: "${parameter}" is given twice: ${first} by position and ${second} by name`,
      );
    }
    named[parameter] = args[index];
  }
  if (rest) named.args = args.slice(singles.length);
  return named;
}
