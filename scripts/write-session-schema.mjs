// `npm run schema`: writes docs/session.schema.json, the session file's schema for editors, from the schema that the app checks with.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sessionSchema } from '../src/shared/config/session-schema.ts';

const target = join(import.meta.dirname, '..', 'docs', 'session.schema.json');

/** @returns {string} the text of docs/session.schema.json */
export function sessionJsonSchema() {
  const { $schema, ...rest } = z.toJSONSchema(sessionSchema, { io: 'input' });
  const head = { $schema, title: 'Redsun session', description: 'What a session of Redsun consists of' };
  return `${JSON.stringify({ ...head, ...rest }, null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(target, sessionJsonSchema());
