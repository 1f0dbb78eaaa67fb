package akkasinks.control;

import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.util.function.BiFunction;

/**
 * A statement of which the catalog knows all: ALTER … RENAME. What follows elsewhere, the catalog
 * tells by itself.
 */
record PlannedAct<C extends Command>(Statements statements, BiFunction<Planner, C, Plan> planner)
    implements Act<C> {
  @Override
  public Outcome carryOut(C command) {
    return Statements.done(statements.record(state -> planner.apply(new Planner(state), command)));
  }
}
