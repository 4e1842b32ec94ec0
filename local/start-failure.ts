/**
 * A reason not to start (or not to go on) that the person at the keyboard can do something about. Its message is one
 * line that says what is wrong and what to do; it is shown without a stack trace.
 */
export class StartFailure extends Error {
  override name = 'StartFailure';
}
