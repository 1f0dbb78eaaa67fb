package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.Sealed;
import akkasinks.cluster.CatalogMessage.DebtStatus;
import akkasinks.cluster.CatalogMessage.Recorded;
import akkasinks.cluster.CatalogMessage.View;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/** The cluster's catalog as any node asks it. Every stage fails with UNREACHABLE in time. */
public final class Catalog {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final ActorRef<CatalogMessage> actor;
  private final Duration patience;

  /**
   * @param actor the singleton's proxy
   */
  Catalog(ActorSystem<?> system, ActorRef<CatalogMessage> actor, Duration patience) {
    this.system = system;
    this.actor = actor;
    this.patience = patience;
  }

  public CompletionStage<View> read() {
    return askAgain(CatalogMessage.Read::new);
  }

  /** Stores events planned on {@code view}, unless somebody else was faster. */
  public CompletionStage<Recorded> record(View view, List<CatalogEvent> events) {
    return ask(replyTo -> new CatalogMessage.Record(view.version(), events, replyTo));
  }

  public CompletionStage<CatalogMessage.Resolved> resolve(String sinkId) {
    return askAgain(replyTo -> new CatalogMessage.Resolve(sinkId, replyTo));
  }

  public CompletionStage<Optional<Sealed>> secret(String secretId) {
    return this.<CatalogMessage.Fetched>askAgain(
            replyTo -> new CatalogMessage.FetchSecret(secretId, replyTo))
        .thenApply(CatalogMessage.Fetched::secret);
  }

  public CompletionStage<List<DebtStatus>> debts() {
    return this.<CatalogMessage.Debts>askAgain(CatalogMessage.ListDebts::new)
        .thenApply(CatalogMessage.Debts::debts);
  }

  /**
   * Orders a sink to a node; it goes when it is next looked at who is where.
   *
   * @param node its address
   */
  public void move(String sinkId, String node) {
    actor.tell(new CatalogMessage.Move(sinkId, node));
  }

  /** The sinks of a node go elsewhere, a few at a time, and none comes back to it. */
  public void drain(String node) {
    actor.tell(new CatalogMessage.Drain(node));
  }

  void nodeReady() {
    actor.tell(new CatalogMessage.NodeReady());
  }

  /**
   * A question that changes nothing. Asked of a catalog whose node has just died it is lost: so it
   * is asked again and again, and the first answer counts.
   */
  private <A> CompletionStage<A> askAgain(Function<ActorRef<A>, CatalogMessage> message) {
    return askUntil(message, System.nanoTime() + patience.toNanos());
  }

  private <A> CompletionStage<A> askUntil(Function<ActorRef<A>, CatalogMessage> message, long end) {
    return AskPattern.<CatalogMessage, A>ask(actor, message, AGAIN, system.scheduler())
        .exceptionallyCompose(
            error ->
                Answers.timedOut(error) && System.nanoTime() < end
                    ? askUntil(message, end)
                    : Answers.failed(error, silence()));
  }

  private <A> CompletionStage<A> ask(Function<ActorRef<A>, CatalogMessage> message) {
    return AskPattern.<CatalogMessage, A>ask(actor, message, patience, system.scheduler())
        .exceptionallyCompose(error -> Answers.failed(error, silence()));
  }

  private Failure silence() {
    return Failure.of(
            Code.UNREACHABLE, "the catalog did not answer within " + patience.toSeconds() + " s")
        .hint(
            "It is moving to another node, or the state store (akkasinks.state) is away. Sinks run"
                + " on meanwhile; try again.");
  }
}
