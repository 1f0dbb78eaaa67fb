package akkasinks.cluster;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Debt;
import akkasinks.cluster.CatalogMessage.DebtStatus;
import akkasinks.pipeline.SinkRunner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pays what dropped sinks owe to other systems, and tries again for as long as it takes. First the
 * sink itself must have ended, wherever it lived; then source and target are cleaned each on its
 * own, so that one that is down does not keep the other waiting. Every payment can be made twice.
 */
final class DebtPayer {
  private static final Logger LOG = LoggerFactory.getLogger(DebtPayer.class);
  private static final int AT_ONCE = 4;
  private static final Duration RETIREMENT = Duration.ofSeconds(30);

  sealed interface Message {}

  /** All debts there are. */
  record Owed(List<Debt> debts) implements Message {}

  record Report(ActorRef<CatalogMessage.Debts> replyTo) implements Message {}

  private record Done(Bill bill) implements Message {}

  private record NotDone(Bill bill, Failure failure) implements Message {}

  private record Due(Bill bill) implements Message {}

  /**
   * @param runner asked for at each payment: the catalog may be there before the runner is
   */
  record Parts(
      Supplier<SinkRunner> runner, Backoff backoff, InstantSource clock, RandomGenerator random) {}

  /** What one call pays: a dropped sink's debts in one system. */
  private record Bill(String sinkId, boolean inSource) {
    static Bill of(Debt debt) {
      return new Bill(
          debt.sink().sink().id(),
          switch (debt.kind()) {
            case SLOT, PUBLICATION -> true;
            case PROGRESS -> false;
          });
    }
  }

  private static final class Account {
    List<Debt> debts = new ArrayList<>();
    int tries;
    boolean underWay;
    Optional<Failure> lastError = Optional.empty();
    Optional<Instant> nextTry = Optional.empty();

    boolean waits() {
      return !underWay && nextTry.isEmpty();
    }
  }

  private final Parts parts;
  private final SinkRegion sinks;
  private final ActorRef<CatalogMessage> catalog;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final Map<Bill, Account> accounts = new LinkedHashMap<>();

  static Behavior<Message> of(Parts parts, SinkRegion sinks, ActorRef<CatalogMessage> catalog) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  var payer = new DebtPayer(parts, sinks, catalog, context, timers);
                  return Behaviors.receiveMessage(payer::onMessage);
                }));
  }

  private DebtPayer(
      Parts parts,
      SinkRegion sinks,
      ActorRef<CatalogMessage> catalog,
      ActorContext<Message> context,
      TimerScheduler<Message> timers) {
    this.parts = parts;
    this.sinks = sinks;
    this.catalog = catalog;
    this.context = context;
    this.timers = timers;
  }

  private Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Owed(var debts) -> owed(debts);
      case Report(var replyTo) -> replyTo.tell(report());
      case Done(var bill) -> done(bill);
      case NotDone(var bill, var failure) -> notDone(bill, failure);
      case Due(var bill) -> account(bill).ifPresent(account -> account.nextTry = Optional.empty());
    }
    payNext();
    return Behaviors.same();
  }

  private void owed(List<Debt> debts) {
    accounts.values().forEach(account -> account.debts = new ArrayList<>());
    for (var debt : debts) {
      accounts.computeIfAbsent(Bill.of(debt), _ -> new Account()).debts.add(debt);
    }
    accounts.values().removeIf(account -> account.debts.isEmpty());
  }

  private void payNext() {
    if (!sinks.isOpen()) {
      return;
    }
    long underWay = accounts.values().stream().filter(account -> account.underWay).count();
    for (var entry : accounts.entrySet()) {
      if (underWay >= AT_ONCE) {
        return;
      }
      if (entry.getValue().waits()) {
        entry.getValue().underWay = true;
        underWay++;
        pay(entry.getKey(), entry.getValue().debts.getFirst());
      }
    }
  }

  private void pay(Bill bill, Debt debt) {
    context.pipeToSelf(
        retire(bill.sinkId()).thenCompose(_ -> settle(bill, debt)),
        (_, error) ->
            error == null ? new Done(bill) : new NotDone(bill, FailureException.of(error)));
  }

  private CompletionStage<SinkMessage.Answer> retire(String sinkId) {
    return sinks.ask(sinkId, SinkMessage.Retire::new, RETIREMENT);
  }

  private CompletionStage<Void> settle(Bill bill, Debt debt) {
    return bill.inSource()
        ? parts.runner().get().forgetSource(debt.sink())
        : parts.runner().get().forgetTarget(debt.sink());
  }

  private void done(Bill bill) {
    account(bill)
        .ifPresent(
            account -> {
              // Stays under way until the catalog, having stored it, owes it no more.
              catalog.tell(new CatalogMessage.Paid(account.debts.stream().map(Debt::id).toList()));
              account.debts.forEach(debt -> LOG.info("paid: {}", debt.description()));
            });
  }

  private void notDone(Bill bill, Failure failure) {
    account(bill)
        .ifPresent(
            account -> {
              account.underWay = false;
              account.tries++;
              // Each reason is worth one line, not one per try.
              if (!account.lastError.equals(Optional.of(failure))) {
                LOG.warn("still owed by dropped sink {}: {}", bill.sinkId(), failure.oneLine());
              }
              account.lastError = Optional.of(failure);
              var wait = parts.backoff().next(account.tries, Duration.ZERO, parts.random());
              account.nextTry = Optional.of(parts.clock().instant().plus(wait));
              timers.startSingleTimer(bill, new Due(bill), wait);
            });
  }

  private Optional<Account> account(Bill bill) {
    return Optional.ofNullable(accounts.get(bill));
  }

  private CatalogMessage.Debts report() {
    var statuses = new ArrayList<DebtStatus>();
    for (var account : accounts.values()) {
      for (var debt : account.debts) {
        statuses.add(new DebtStatus(debt, account.tries, account.lastError, account.nextTry));
      }
    }
    return new CatalogMessage.Debts(statuses);
  }
}
