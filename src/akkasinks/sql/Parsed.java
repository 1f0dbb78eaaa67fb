package akkasinks.sql;

import akkasinks.command.Command;

/**
 * A statement that was understood. Positions in the command count from the start of the whole text,
 * so that they can be shown to whoever sent it.
 *
 * @param text the statement as written, without its semicolon; may hold a secret
 * @param position where it begins in the whole text, in characters from 1
 */
public record Parsed(Command command, String text, int position) {
  /** Without the text: it may hold a secret. */
  @Override
  public String toString() {
    return "Parsed[command=" + command + ", position=" + position + "]";
  }
}
