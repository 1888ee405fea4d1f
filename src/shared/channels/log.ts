import { LOG_LEVELS } from 'redsun/sdk/log';
import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

export const logRecordSchema = z.object({
  /** Unix time, s. */
  time: z.number(),
  level: z.enum(LOG_LEVELS),
  source: z.string(),
  message: z.string(),
});

/** How a line of level `error` begins that says of its source that it stalls, and that the others go on without it. */
export const LEFT_BEHIND = 'Left behind:';

/** What happened, in words. */
export const logChannel = defineChannel({
  name: 'log',
  calls: { recent: { request: nothing, response: z.array(logRecordSchema), needs: 'observe' } },
  events: { written: { payload: logRecordSchema } },
  streams: {},
});
