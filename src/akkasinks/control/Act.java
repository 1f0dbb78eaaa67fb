package akkasinks.control;

import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** Carries out one kind of command. */
@FunctionalInterface
interface Act<C extends Command> {
  /**
   * Blocks.
   *
   * @throws akkasinks.base.FailureException if it cannot be done; then nothing has changed
   */
  Outcome carryOut(C command);
}
