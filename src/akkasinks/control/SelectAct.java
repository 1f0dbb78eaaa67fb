package akkasinks.control;

import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.control.relations.Relations;

/** SELECT over the catalog's relations. */
record SelectAct() implements Act<Command.Select> {
  @Override
  public Outcome carryOut(Command.Select command) {
    return Relations.answer(command);
  }
}
