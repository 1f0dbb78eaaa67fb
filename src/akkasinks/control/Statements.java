package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.FailPoints;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Plan;
import akkasinks.cluster.Catalog;
import akkasinks.command.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Plans a statement, records its events, and plans again while others are faster. */
final class Statements {
  private static final int TRIES = 100;

  private final Catalog catalog;

  Statements(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The catalog's state now. */
  CatalogState state() {
    return await(catalog.read()).state();
  }

  /** A statement that needs no more than the catalog. */
  Plan record(Function<CatalogState, Plan> planner) {
    for (int tries = 0; tries < TRIES; tries++) {
      var view = await(catalog.read());
      var plan = planner.apply(view.state());
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
      var plan = look.plan(view.state());
      var subject = look.subject(view.state(), plan);
      if (subject.isPresent()) {
        if (seen == null || !seen.subject().equals(subject.get())) {
          seen = new Seen<>(subject.get(), look.look(subject.get()));
          // It took its time: the state may be another by now.
          continue;
        }
        plan = look.complete(plan, seen.result());
      }
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
