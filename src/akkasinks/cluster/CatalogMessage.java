package akkasinks.cluster;

import akkasinks.base.Failure;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Debt;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a {@link CatalogActor} is told, from any node; {@link Catalog} is the way to say it. */
public sealed interface CatalogMessage {

  record Read(ActorRef<View> replyTo) implements CatalogMessage, Wire {}

  /**
   * Stores events that were planned against the state of {@code version}.
   *
   * @param version that of the {@link View} planned on
   */
  record Record(long version, List<CatalogEvent> events, ActorRef<Recorded> replyTo)
      implements CatalogMessage, Wire {
    public Record {
      events = List.copyOf(events);
    }
  }

  record Resolve(String sinkId, ActorRef<Resolved> replyTo) implements CatalogMessage, Wire {}

  record FetchSecret(String secretId, ActorRef<Fetched> replyTo) implements CatalogMessage, Wire {}

  record ListDebts(ActorRef<Debts> replyTo) implements CatalogMessage, Wire {}

  /** A node has joined and can host sinks: be sure that all live and debts are being paid. */
  record NodeReady() implements CatalogMessage, Wire {}

  /** A person wants a sink on a node. */
  record Move(String sinkId, String node) implements CatalogMessage, Wire {}

  /** A node is about to leave. */
  record Drain(String node) implements CatalogMessage, Wire {}

  /** From the debt payer, which lives beside the catalog. */
  record Paid(List<String> debtIds) implements CatalogMessage {
    public Paid {
      debtIds = List.copyOf(debtIds);
    }
  }

  /** From the catalog to itself: the store is empty, an installation begins. */
  record Install() implements CatalogMessage {}

  /**
   * @param version grows with every event
   */
  record View(long version, CatalogState state) implements Wire {}

  /**
   * @param accepted false: somebody else was faster and nothing is stored; plan again on {@code
   *     view}
   * @param view the state now
   */
  record Recorded(boolean accepted, View view) implements Wire {}

  /**
   * @param sink empty if the catalog has no such sink
   */
  record Resolved(Optional<ResolvedSink> sink, boolean paused) implements Wire {}

  record Fetched(Optional<Sealed> secret) implements Wire {}

  record Debts(List<DebtStatus> debts) implements Wire {
    public Debts {
      debts = List.copyOf(debts);
    }
  }

  /**
   * @param tries so far, since the catalog came to its node
   * @param lastError why the last try failed
   * @param nextTry empty while one is under way
   */
  record DebtStatus(Debt debt, int tries, Optional<Failure> lastError, Optional<Instant> nextTry) {}
}
