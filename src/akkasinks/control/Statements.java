package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Permissions;
import akkasinks.catalog.Plan;
import akkasinks.cluster.Catalog;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Plans a statement, records its events, and plans again while others are faster. Whoever asked
 * must have the right to it, on each state that it is planned on.
 */
final class Statements {
  private static final int TRIES = 100;

  private final Catalog catalog;
  private final Asker asker;
  private final Command command;

  Statements(Catalog catalog, Asker asker, Command command) {
    this.catalog = catalog;
    this.asker = asker;
    this.command = command;
  }

  Asker asker() {
    return asker;
  }

  /**
   * The catalog's state now.
   *
   * @throws FailureException PRIVILEGE if the statement may not be carried out on it
   */
  CatalogState state() {
    var state = await(catalog.read()).state();
    permissions(state);
    return state;
  }

  private Permissions permissions(CatalogState state) {
    var permissions = new Permissions(state, asker);
    permissions.check(command);
    return permissions;
  }

  /** A statement that needs no more than the catalog. */
  Plan record(Function<CatalogState, Plan> planner) {
    for (int tries = 0; tries < TRIES; tries++) {
      var view = await(catalog.read());
      var permissions = permissions(view.state());
      var plan = planner.apply(view.state());
      permissions.check(plan);
      plan = permissions.owning(plan);
      FailPoints.reach("statement.planned");
      if (plan.events().isEmpty() || await(catalog.record(view, plan.events())).accepted()) {
        FailPoints.reach("statement.recorded");
        return plan;
      }
    }
    throw busy();
  }

  /** A statement that needs a look outside. */
  <S, R> Plan record(Look<S, R> look) {
    @Nullable Seen<S, R> seen = null;
    for (int tries = 0; tries < TRIES; tries++) {
      var view = await(catalog.read());
      var permissions = permissions(view.state());
      var plan = look.plan(view.state());
      permissions.check(plan);
      var subject = look.subject(view.state(), plan);
      if (subject.isPresent()) {
        if (seen == null || !seen.subject().equals(subject.get())) {
          seen = new Seen<>(subject.get(), look.look(subject.get()));
          // It took its time: the state may be another by now.
          continue;
        }
        plan = look.complete(plan, seen.result());
      }
      plan = permissions.owning(plan);
      FailPoints.reach("statement.planned");
      if (plan.events().isEmpty() || await(catalog.record(view, plan.events())).accepted()) {
        FailPoints.reach("statement.recorded");
        return plan;
      }
    }
    throw busy();
  }

  private record Seen<S, R>(S subject, R result) {}

  static Outcome done(Plan plan, Notice... more) {
    return new Outcome.Done(plan.tag(), plan.noticing(List.of(more)).notices());
  }

  /** Waits for an answer; its failure is thrown as it is. */
  static <A> A await(CompletionStage<A> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw FailureException.of(e).exception(e);
    }
  }

  /** The answer, or the failure that came instead of it. */
  static <A> Answered<A> attempt(CompletionStage<A> answer) {
    try {
      return new Answered<>(Optional.of(await(answer)), Optional.empty());
    } catch (FailureException e) {
      return new Answered<>(Optional.empty(), Optional.of(e.failure()));
    }
  }

  /** One of both. */
  record Answered<A>(Optional<A> answer, Optional<Failure> failure) {}

  private static FailureException busy() {
    return Failure.of(Code.BUSY, "other statements changed the catalog again and again meanwhile")
        .hint("Try again.")
        .exception();
  }
}
