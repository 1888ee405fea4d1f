import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './repository-checks.ts';

const published = join(root, 'docs', 'session.schema.json');

test('the published schema is that of the app; npm run schema writes it', async () => {
  const script = pathToFileURL(join(root, 'scripts', 'write-session-schema.mjs')).href;
  const { sessionJsonSchema }: { sessionJsonSchema: () => string } = await import(/* @vite-ignore */ script);
  expect(await readFile(published, 'utf8')).toBe(sessionJsonSchema());
});

test('sessions that ship are valid by the published schema, and one with mistakes is not', async () => {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(
    JSON.parse(await readFile(published, 'utf8')),
  );
  const folder = join(root, 'sessions');
  const names = await readdir(folder);
  expect(names).not.toEqual([]);
  for (const name of names) {
    validate(parse(await readFile(join(folder, name), 'utf8')));
    expect(validate.errors, name).toBeNull();
  }
  validate(parse(await readFile(join(root, 'tests', 'session', 'twelve-mistakes.yaml'), 'utf8')));
  expect(validate.errors?.map(({ instancePath }) => instancePath)).toEqual(
    expect.arrayContaining(['/schema_version', '/frontend', '/auto_shutter', '/channels/FITC/colour']),
  );
});
