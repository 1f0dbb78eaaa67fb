package akkasinks.cluster;

import akkasinks.base.Failure;
import akkasinks.command.Outcome;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a {@link SinkActor} is told from outside; from any node. */
public sealed interface SinkMessage extends SinkActor.Message, Wire {

  /**
   * To be sure that it lives and does as the catalog has it.
   *
   * @param paused as the catalog has it
   */
  record Wake(boolean paused) implements SinkMessage {}

  /** The catalog has stored a pause. Answered at once: the stop may take longer. */
  record Pause(ActorRef<Answer> replyTo) implements SinkMessage {}

  /** The catalog has stored the end of a pause; a stalled sink tries at once. */
  record Resume(ActorRef<Answer> replyTo) implements SinkMessage {}

  /** Reads the whole table again. Answered once the wish is durable. */
  record Resnapshot(ActorRef<Answer> replyTo) implements SinkMessage {}

  /** The catalog has another definition for it, under the same id. */
  record Redefined() implements SinkMessage {}

  /** It was dropped: ends, and forgets its durable state. Answered when the run has ended. */
  record Retire(ActorRef<Answer> replyTo) implements SinkMessage {}

  record Describe(ActorRef<SinkStatus> replyTo) implements SinkMessage {}

  /** Compares the topic with the relation, while the sink runs. */
  record Verify(ActorRef<Outcome> replyTo) implements SinkMessage {}

  /** Sharding's stop message: ends here, to go on elsewhere or at the next start. */
  record HandOver() implements SinkMessage {}

  /**
   * @param refusal why it could not be done; empty if it is done and durable
   */
  record Answer(Optional<Failure> refusal) implements Wire {
    static final Answer DONE = new Answer(Optional.empty());

    static Answer refused(Failure failure) {
      return new Answer(Optional.of(failure));
    }
  }
}
