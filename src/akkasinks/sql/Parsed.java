package akkasinks.sql;

import akkasinks.command.Command;

/**
 * A statement that was understood. Positions in the command count from the start of the whole text,
 * so that they can be shown to whoever sent it.
 *
 * @param text the statement as written, without its semicolon; may hold a secret
 * @param position where it begins in the whole text, in characters from 1
 */
public record Parsed(Statement statement, String text, int position) {
  /**
   * The command of a statement that is not a session's own.
   *
   * @throws akkasinks.base.FailureException NOT_SUPPORTED for SET, BEGIN and their like
   */
  public Command command() {
    if (statement instanceof Statement.Act(Command command)) {
      return command;
    }
    throw Tokens.notSupported("this statement works in a session only", position);
  }

  /** Without the text: it may hold a secret. */
  @Override
  public String toString() {
    return "Parsed[statement=" + statement + ", position=" + position + "]";
  }
}
