package akkasinks.control;

import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.control.relations.Relations;
import java.util.function.Function;

/**
 * SHOW … LIKE, SHOW … WHERE: a list, and a query over it.
 *
 * @param lists carries out what is narrowed
 */
record NarrowedAct(Function<Command, Outcome> lists) implements Act<Command.Narrowed> {
  @Override
  public Outcome carryOut(Command.Narrowed command) {
    Outcome all = lists.apply(command.list());
    return all instanceof Outcome.Rows rows ? Relations.narrow(rows, command.condition()) : all;
  }
}
