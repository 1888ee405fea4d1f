import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asError, type Clock, hasCode } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { z } from 'zod';
import { type FactAnswers, factAnswersSchema } from '../../shared/channels/session.ts';
import { writeFileAtomic } from '../storage/files/atomic-file.ts';
import { readText } from '../storage/files/regular-file.ts';
import { sessionDir } from '../storage/run/run-folder.ts';

const fileSchema = z.strictObject({ schema_version: z.literal(1), answers: factAnswersSchema });

interface Ingredients {
  readonly baseDir: string;
  readonly session: string;
  readonly clock: Clock;
  /** False: answers count until the program ends. */
  readonly writes: boolean;
  /** Hears what cannot be read or written. */
  readonly onFault: (message: string) => void;
}

/** What the operator was asked for the record and has answered, kept in `<base>/<session>/.redsun/facts.json`: nobody is asked twice. */
export class RecordedFacts {
  readonly changed = new Signal<[]>();
  readonly #path: string;
  readonly #ingredients: Ingredients;
  #answers: FactAnswers;
  #saving: Promise<void> = Promise.resolve();

  private constructor(path: string, answers: FactAnswers, ingredients: Ingredients) {
    this.#path = path;
    this.#answers = answers;
    this.#ingredients = ingredients;
  }

  static async open(ingredients: Ingredients): Promise<RecordedFacts> {
    const path = join(sessionDir(ingredients.baseDir, ingredients.session), '.redsun', 'facts.json');
    let answers: FactAnswers = {};
    try {
      answers = fileSchema.parse(JSON.parse(await readText(path))).answers;
    } catch (thrown) {
      if (!hasCode(thrown, 'ENOENT') && !hasCode(thrown, 'ENOTDIR')) {
        ingredients.onFault(`${path} cannot be read, so its facts are asked again: ${asError(thrown).message}`);
      }
    }
    return new RecordedFacts(path, answers, ingredients);
  }

  /** Null: not asked yet, or left blank. */
  get(key: string): string | number | null {
    return this.#answers[key] ?? null;
  }

  /** Answered, or left blank on purpose. */
  isAsked(key: string): boolean {
    return key in this.#answers;
  }

  /** Takes answers over; those to other questions stay. */
  record(answers: FactAnswers): void {
    this.#answers = { ...this.#answers, ...answers };
    this.changed.emit();
    if (this.#ingredients.writes) this.#saving = this.#saving.then(() => this.#write());
  }

  /** Resolves when all is written. */
  flush(): Promise<void> {
    return this.#saving;
  }

  async #write(): Promise<void> {
    const content = { schema_version: 1, answers: this.#answers };
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFileAtomic(this.#path, `${JSON.stringify(content, null, 1)}\n`, this.#ingredients.clock);
    } catch (thrown) {
      this.#ingredients.onFault(`${this.#path} cannot be written: ${asError(thrown).message}`);
    }
  }
}
