package akkasinks.control;

import akkasinks.catalog.CatalogState;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.control.relations.Relations;
import akkasinks.control.relations.Seen;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** SELECT over the catalog's relations. */
record SelectAct(Statements statements, SinkViews views) implements Act<Command.Select> {
  @Override
  public Outcome carryOut(Command.Select command) {
    Supplier<CatalogState> catalog = new Once<>(statements::state);
    Supplier<List<SinkView>> sinks = new Once<>(() -> Statements.await(views.all()));
    return Relations.answer(command, new Seen(catalog, sinks));
  }

  /** All relations of a query are of the same moment. */
  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> asked;
    private @Nullable T answer;

    Once(Supplier<T> asked) {
      this.asked = asked;
    }

    @Override
    public T get() {
      return Optional.ofNullable(answer)
          .orElseGet(
              () -> {
                T fresh = asked.get();
                answer = fresh;
                return fresh;
              });
    }
  }
}
