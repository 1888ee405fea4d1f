import type { CallContext, ChannelDefinition, ClientRole, ServedChannel } from 'redsun/sdk/presenter';
import { issuePath, nearMissHint, RedsunError, type Schema, shortened, validateNow } from 'redsun/sdk/util';

/** The channels, by name. */
export type Channels = ReadonlyMap<string, ServedChannel>;

/** What is asked. */
export interface Question {
  readonly channel: string;
  readonly name: string;
  readonly payload?: unknown;
}

/**
 * Has a presenter answer, for whoever asks.
 * @param admit - throws when the client may not ask this
 * @throws RedsunError `channel/unknown`, `channel/bad-request`; what the presenter throws
 */
export async function answerCall(
  channels: Channels,
  { channel, name, payload }: Question,
  context: CallContext,
  admit: (needs: ClientRole, what: string) => void,
): Promise<unknown> {
  const served = requireChannel(channels, channel);
  const definition = own(served.definition.calls, name);
  const handler = own(served.calls, name);
  if (!definition || !handler) {
    throw unknownMember(served.definition, 'call', name, Object.keys(served.definition.calls));
  }
  const what = `${channel}.${name}`;
  const request = accepted(definition.request, payload, what);
  admit(definition.needs ?? 'operate', what);
  return handler(request as never, context);
}

export function requireChannel(channels: Channels, name: string): ServedChannel {
  const served = channels.get(name);
  if (served) return served;
  throw new RedsunError('channel/unknown', `No channel "${shortened(name)}".${nearMissHint(name, channels.keys())}`);
}

export function unknownMember(definition: ChannelDefinition, kind: string, name: string, known: string[]): RedsunError {
  return new RedsunError(
    'channel/unknown',
    `${definition.name} has no ${kind} "${shortened(name)}".${nearMissHint(name, known)}`,
  );
}

/** Names come over a wire: `constructor` and `__proto__` are members of every object, and none of ours. */
export function own<Value>(members: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** Mistakes that are told of one request. */
const SHOWN_ISSUES = 20;

/** @throws RedsunError `channel/bad-request` naming the fields that are wrong. */
export function accepted<Output>(schema: Schema<Output>, value: unknown, what: string): Output {
  const result = validateNow(schema, value);
  if (!result.issues) return result.value;
  const problems = result.issues
    .slice(0, SHOWN_ISSUES)
    .map((issue) => `${shortened(issuePath(issue).join('.')) || 'request'}: ${shortened(issue.message)}`);
  const left = result.issues.length - problems.length;
  if (left > 0) problems.push(`and ${left} more`);
  throw new RedsunError('channel/bad-request', `${what}: ${problems.join('; ')}`);
}
