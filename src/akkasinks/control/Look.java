package akkasinks.control;

import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Plan;
import java.util.Optional;

/**
 * A statement that needs a look at the real systems before it may be recorded.
 *
 * @param <S> what is looked at: while it stays equal one look is enough, however often the
 *     statement is planned again
 * @param <R> what was seen
 */
interface Look<S, R> {
  Plan plan(CatalogState state);

  /** Empty if there is nothing to look at. */
  Optional<S> subject(CatalogState state, Plan plan);

  /** Blocks. */
  R look(S subject);

  Plan complete(Plan plan, R seen);
}
