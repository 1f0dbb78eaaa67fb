package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.Debt;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.cluster.Catalog;
import akkasinks.cluster.CatalogMessage.DebtStatus;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * DROP of anything. It is done when the catalog has stored it, with what the sinks among it owe to
 * other systems; it waits a moment for that to be paid, and says so if it is not.
 */
record DropAct<C extends Command>(
    Statements statements, Catalog catalog, BiFunction<Planner, C, Plan> planner)
    implements Act<C> {
  private static final int LOOKS = 30;
  private static final Duration BETWEEN = Duration.ofMillis(100);

  @Override
  public Outcome carryOut(C command) {
    var plan = statements.record(state -> planner.apply(new Planner(state), command));
    Set<String> owed =
        plan.events().stream()
            .filter(CatalogEvent.Dropped.class::isInstance)
            .flatMap(event -> ((CatalogEvent.Dropped) event).debts().stream())
            .map(Debt::id)
            .collect(Collectors.toSet());
    return Statements.done(plan, unpaid(owed));
  }

  private Notice[] unpaid(Set<String> owed) {
    List<DebtStatus> left = List.of();
    for (int looks = 0; !owed.isEmpty() && looks < LOOKS; looks++) {
      var debts = Statements.attempt(catalog.debts());
      if (debts.answer().isEmpty()) {
        break;
      }
      left = debts.answer().get().stream().filter(debt -> owed.contains(debt.debt().id())).toList();
      if (left.isEmpty() || left.stream().allMatch(debt -> debt.lastError().isPresent())) {
        break;
      }
      CompletableFuture.runAsync(
              () -> {},
              CompletableFuture.delayedExecutor(BETWEEN.toMillis(), TimeUnit.MILLISECONDS))
          .join();
    }
    return left.stream().map(DropAct::notice).toArray(Notice[]::new);
  }

  private static Notice notice(DebtStatus debt) {
    return Notice.of("still to be done: " + debt.debt().description())
        .detail(debt.lastError().map(error -> "Last try: " + error.message()).orElse(""))
        .hint("It is tried again until it succeeds; SHOW DEBTS tells.");
  }
}
