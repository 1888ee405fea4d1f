import { type Camera, isCamera, isObjectiveTurret, type ObjectiveInfo, type PDevice } from 'redsun/sdk/device';
import { nearMissHint, RedsunError } from 'redsun/sdk/util';
import type { FactAnswers } from '../../shared/channels/session.ts';

/** What a paper must say and neither session nor devices do. */
export interface FactQuestion {
  /** `camera.side.serial` */
  readonly key: string;
  readonly title: string;
  readonly kind: 'text' | 'number';
  readonly high: number | null;
}

/** More than any objective that there is. */
const HIGHEST_NA = 2;
const HIGHEST_MAGNIFICATION = 1000;
const LONGEST_ANSWER = 300;

/** @param metadata - of the session file. */
export function factQuestions(
  devices: ReadonlyMap<string, PDevice>,
  metadata: Readonly<Record<string, unknown>>,
): FactQuestion[] {
  const text = (key: string, title: string): FactQuestion => ({ key, title, kind: 'text', high: null });
  const number = (key: string, title: string, high: number): FactQuestion => ({ key, title, kind: 'number', high });
  const cameras = [...devices.values()].filter(isCamera);
  const of = (camera: Camera) => (cameras.length > 1 ? ` of ${camera.name}` : '');
  return [
    ...(isBlank(metadata.operator) ? [text('operator', 'Operator')] : []),
    ...(isBlank(metadata.sample) ? [text('sample', 'Sample')] : []),
    ...(objectiveIn(devices)
      ? []
      : [
          text('objective.label', 'Objective'),
          number('objective.magnification', 'Magnification', HIGHEST_MAGNIFICATION),
          number('objective.numerical_aperture', 'Numerical aperture', HIGHEST_NA),
          text('objective.immersion', 'Immersion'),
        ]),
    ...cameras.flatMap((camera) => [
      ...(camera.sensor.model ? [] : [text(`camera.${camera.name}.model`, `Camera model${of(camera)}`)]),
      ...(camera.sensor.serial ? [] : [text(`camera.${camera.name}.serial`, `Camera serial${of(camera)}`)]),
    ]),
  ];
}

/** The objective in the light, as a turret tells; null where nobody does. */
export function objectiveIn(devices: ReadonlyMap<string, PDevice>): ObjectiveInfo | null {
  const turret = [...devices.values()].find(isObjectiveTurret);
  return turret?.objectives.find(({ label }) => label === turret.selected) ?? null;
}

/** Blank answers become null. @throws RedsunError `facts/unknown`, `facts/invalid`. */
export function checkAnswers(answers: FactAnswers, questions: readonly FactQuestion[]): FactAnswers {
  const checked = Object.entries(answers).map(([key, answer]) => {
    const question = questions.find((known) => known.key === key);
    if (!question) {
      const known = questions.map((one) => one.key);
      throw new RedsunError('facts/unknown', `Nobody asked for "${key}".${nearMissHint(key, known)}`);
    }
    return [key, checkAnswer(question, answer)] as const;
  });
  return Object.fromEntries(checked);
}

function checkAnswer({ title, kind, high }: FactQuestion, answer: string | number | null): string | number | null {
  if (answer === null || isBlank(answer)) return null;
  if (kind === 'text' && typeof answer === 'string' && answer.length <= LONGEST_ANSWER) return answer.trim();
  if (kind === 'number' && typeof answer === 'number' && answer > 0 && answer <= (high ?? Infinity)) return answer;
  const expected =
    kind === 'text' ? `a text of at most ${LONGEST_ANSWER} letters` : `a number above 0, at most ${high ?? 'any'}`;
  throw new RedsunError('facts/invalid', `${title}: expected ${expected}, got ${JSON.stringify(answer)}`);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
