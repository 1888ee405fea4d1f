/** Where ours is not what bluesky 1.15.1 did, and on purpose. */
export interface Deviation {
  /** As in `docs/deviations-bluesky.md`. */
  readonly reason: string;
  /** All that differs, as `differences` says it. */
  readonly differences: readonly string[];
}

/** By recorded case. There are at most eight. */
export const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  paused_abort: {
    reason:
      'the reason that the operator gives for an abort is kept in the run, also where the plan closes the run itself',
    differences: [
      'msgs[11].kwargs.reason: expected null, got "bored"',
      'docs[3][1].reason: expected "", got "bored"',
      'stops[0][1]: expected "", got "bored"',
    ],
  },
  running_abort: {
    reason:
      'the reason that the operator gives for an abort is kept in the run, also where the plan closes the run itself',
    differences: [
      'msgs[8].kwargs.reason: expected null, got "thread"',
      'docs[3][1].reason: expected "", got "thread"',
      'stops[0][1]: expected "", got "thread"',
    ],
  },
  pause_clear_checkpoint: {
    reason: 'a pause without a way back aborts the run and says why; nothing has failed',
    differences: [
      'msgs[3].kwargs.exit_status: expected "fail", got "abort"',
      'msgs[3].kwargs.reason: expected "", got "It was paused where it cannot go on from: its checkpoint was cleared"',
      'docs[1][1].exit_status: expected "fail", got "abort"',
      'docs[1][1].reason: expected "", got "It was paused where it cannot go on from: its checkpoint was cleared"',
      'stops[0][0]: expected "fail", got "abort"',
      'stops[0][1]: expected "", got "It was paused where it cannot go on from: its checkpoint was cleared"',
    ],
  },
  pause_count_interruptions: {
    reason: 'an interruption did happen: its events are counted on when a run is rewound',
    differences: [
      'docs[8][1].seq_num: expected 1, got 3',
      'docs[9][1].seq_num: expected 2, got 4',
      'docs[11][1].num_events.interruptions: expected 0, got 4',
    ],
  },
  suspend_trip_resume: {
    reason: 'an interruption did happen: its events are counted on when a run is rewound',
    differences: ['docs[6][1].num_events.interruptions: expected 0, got 1'],
  },
  trigger_fails: {
    reason: 'a failed status says what the device said; the status itself is named nowhere in the message',
    differences: [
      'msgs[12].kwargs.reason: expected "Status(bad.trigger, done=true, success=false)", got "hardware fault"',
      'docs[3][1].reason: expected "Status(bad.trigger, done=true, success=false)", got "hardware fault"',
      'stops[0][1]: expected "Status(bad.trigger, done=true, success=false)", got "hardware fault"',
      'calls[0].raised: expected FailedStatus "Status(bad.trigger, done=True, success=False)", got FailedStatus "hardware fault"',
    ],
  },
  trigger_fails_caught: {
    reason: 'a failed status says what the device said; the status itself is named nowhere in the message',
    differences: [
      'extras.errors.caught: expected FailedStatus "Status(bad.trigger, done=True, success=False)", got FailedStatus "hardware fault"',
    ],
  },
  md_sample_invalid: {
    reason: 'the refusal of a sample says what was given, in words of its own',
    differences: [
      "calls[0].raised: expected ValueError \"You specified 'sample' metadata. We give this field special significance in order to make your data easily searchable. Therefore, you must make 'sample' a string or a  dictionary, like so: GOOD: sample='dirt' GOOD: sample={'color': 'red', 'number': 5} BAD: sample=[1, 2] \", got ValueError \"The metadata 'sample' must be a text or an object of values, got [1]\"",
    ],
  },
};
