package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cluster.Wire;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * The way in for actors: {@code Sinks.get(system)} in any actor system that is a member of the
 * cluster, whether a {@link Node} runs in it or not. SQL and REST end here too.
 *
 * <pre>{@code
 * Sinks.get(system).tell(new Command.PauseSink(Name.of("orders_sink"), false));
 * Sinks.get(system).ask(new Command.ListSinks()).thenAccept(outcome -> ...);
 * context.ask(Outcome.class, Sinks.get(system).actor(), timeout,
 *     replyTo -> new Sinks.Request(command, replyTo), ...);
 * }</pre>
 *
 * <p>A command is carried out by a node in the same system if there is one, else by any. One that
 * holds a secret then crosses the wire: akkasinks.node.tls encrypts it.
 */
public final class Sinks implements Extension {
  /** Under which every node can be found through the Receptionist. */
  public static final ServiceKey<Request> KEY = ServiceKey.create(Request.class, "akkasinks");

  private static final Id ID = new Id();

  /** Longer than any deadline of an inspection. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ActorSystem<?> system;
  private final ActorRef<Request> door;

  /**
   * A command, and who is told what became of it.
   *
   * @param asker whose rights count; a front has made sure that it is this role
   */
  public record Request(Command command, ActorRef<Outcome> replyTo, Asker asker) implements Wire {
    public Request {
      // A node of an older version knows no roles.
      asker = Objects.requireNonNullElse(asker, Asker.MEMBER);
    }

    /** As a member of the cluster, which may do everything. */
    public Request(Command command, ActorRef<Outcome> replyTo) {
      this(command, replyTo, Asker.MEMBER);
    }
  }

  private static final class Id extends ExtensionId<Sinks> {
    @Override
    public Sinks createExtension(ActorSystem<?> system) {
      return new Sinks(system);
    }
  }

  public static Sinks get(ActorSystem<?> system) {
    return ID.apply(system);
  }

  private Sinks(ActorSystem<?> system) {
    this.system = system;
    this.door = system.systemActorOf(SinksDoor.create(), "akkasinks-door", Props.empty());
  }

  /** For a typed ask with one's own replyTo. */
  public ActorRef<Request> actor() {
    return door;
  }

  /** Nobody is told what became of it; a failure is logged by the node that carried it out. */
  public void tell(Command command) {
    door.tell(new Request(command, system.ignoreRef()));
  }

  /**
   * @return completes with {@link Outcome.Failed} for whatever a statement can fail of; with a
   *     {@code FailureException} UNREACHABLE if nobody answered
   */
  public CompletionStage<Outcome> ask(Command command) {
    return ask(command, Asker.MEMBER);
  }

  /** The same with the rights of another. */
  public CompletionStage<Outcome> ask(Command command, Asker asker) {
    var patience = command instanceof Command.VerifySink ? VerifySinkAct.PATIENCE : PATIENCE;
    return AskPattern.<Request, Outcome>ask(
            door, replyTo -> new Request(command, replyTo, asker), patience, system.scheduler())
        .exceptionally(
            error -> {
              throw Failure.of(
                      Code.UNREACHABLE, "no node answered within " + patience.toSeconds() + " s")
                  .hint("What became of the statement is not known: look before trying again.")
                  .exception(error);
            });
  }
}
