package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import java.util.List;
import java.util.Optional;

/** A statement: an act of the product, or one that concerns only the session it is sent in. */
public sealed interface Statement {

  record Act(Command command) implements Statement {}

  /**
   * SET.
   *
   * @param values with commas between as written; empty for DEFAULT
   */
  record Assign(Name setting, List<String> values) implements Statement {
    public Assign {
      values = List.copyOf(values);
    }
  }

  /**
   * RESET.
   *
   * @param setting empty for ALL
   */
  record Reset(Optional<Name> setting) implements Statement {}

  /**
   * SHOW of a setting.
   *
   * @param setting empty for ALL
   */
  record ShowSetting(Optional<Name> setting) implements Statement {}

  /**
   * BEGIN, COMMIT, ROLLBACK.
   *
   * @param tag as it is answered: BEGIN and START TRANSACTION are the same step
   */
  record Transaction(Step step, String tag) implements Statement {}

  /** What a {@link Transaction} does. */
  enum Step {
    BEGIN,
    COMMIT,
    ROLLBACK
  }

  /** DISCARD ALL: settings, transaction and prepared statements are as at the start. */
  record DiscardAll() implements Statement {}

  /**
   * DEALLOCATE.
   *
   * @param prepared empty for ALL
   */
  record Deallocate(Optional<Name> prepared) implements Statement {}

  /** What drivers say for order's sake and what has nothing to act on here: UNLISTEN, CLOSE ALL. */
  record Idle(String tag) implements Statement {}
}
