import { z } from 'zod';

/** What one device said when it was told to be safe. */
export const deviceAnswerSchema = z.object({
  name: z.string(),
  /** What it may still do while it is not safe: shine, or move. */
  risk: z.enum(['light', 'motion']),
  /**
   * `safe`: it answered, and what was read back says so. `unsafe`: it answered, and what was read back says otherwise. `failed`: it
   * refused, with a reason. `silent`: no answer in time.
   */
  result: z.enum(['safe', 'unsafe', 'failed', 'silent']),
  /** Its answer, or what is wrong, in words. */
  answer: z.string(),
  /** When, ms after it was told. */
  ms: z.number(),
});
export type DeviceAnswer = z.infer<typeof deviceAnswerSchema>;

/** Names of devices that are not known to be safe. */
export function notSafe(answers: readonly DeviceAnswer[]): string[] {
  return answers.filter(({ result }) => result !== 'safe').map(({ name }) => name);
}

/** One sentence on lights: off only where each of them said so. */
export function darkWords(answers: readonly DeviceAnswer[]): string {
  return inWords(
    answers.filter(({ risk }) => risk === 'light'),
    'Lights off',
    'NOT KNOWN TO BE OFF',
  );
}

/** One sentence on lights and what moves. */
export function safeWords(answers: readonly DeviceAnswer[]): string {
  return inWords(answers, 'All devices safe', 'NOT KNOWN TO BE SAFE');
}

function inWords(answers: readonly DeviceAnswer[], good: string, bad: string): string {
  if (answers.length === 0) return 'there is nothing that shines or moves';
  const doubtful = answers.filter(({ result }) => result !== 'safe');
  if (doubtful.length === 0) return `${good} in ${Math.round(Math.max(...answers.map(({ ms }) => ms)))} ms`;
  return `${bad}: ${doubtful.map(({ name, answer }) => `${name} (${answer.replace(/\.$/, '')})`).join(', ')}. Look at it`;
}
