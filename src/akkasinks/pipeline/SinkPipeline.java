package akkasinks.pipeline;

import akkasinks.change.Batch;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * THE data path: every sink's changes pass through here, in this order, and nothing else builds a
 * stream of changes.
 *
 * <p>The elements are batches, so that the stream's cost is paid once per thousands of changes.
 * Three stages run side by side, each on its own thread: reading, encoding, and delivering, so that
 * a commit overlaps with reading and encoding what comes next. Between them stand at most eight
 * batches; a full target therefore holds back the source, and memory stays within some batches.
 */
public final class SinkPipeline {
  /** How long the source may stay silent before an empty batch tells so. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private static final String BLOCKING = "akkasinks-blocking-dispatcher";

  /** What reading and encoding may be ahead, so that they go on while a commit waits for Kafka. */
  private static final Attributes BATCHES_AHEAD = Attributes.inputBuffer(8, 8);

  private SinkPipeline() {}

  static RunnableGraph<Pair<UniqueKillSwitch, CompletionStage<Done>>> of(
      Stages stages, ChangeSource.Stream source, Delivery delivery) {
    return batches(source) //                                            source
        .viaMat(KillSwitches.single(), Keep.right())
        .map(
            stages.prepare()::apply) //                                 (schemas, once per relation)
        .async(BLOCKING)
        .mapConcat(stages.consolidate()::apply) //                       consolidate
        .map(stages.encode()::apply) //                                  encode (envelope × format)
        .map(stages.partition()::apply) //                               partition
        .map(delivery::expect)
        .addAttributes(BATCHES_AHEAD)
        .async()
        .statefulMap( //                                                 deliver
            () -> delivery,
            (state, messages) -> {
              state.accept(messages);
              return Pair.create(state, Done.getInstance());
            },
            state -> {
              state.complete();
              return Optional.empty();
            })
        .addAttributes(BATCHES_AHEAD.and(ActorAttributes.dispatcher(BLOCKING)))
        .toMat(Sink.ignore(), Keep.both());
  }

  private static Source<Batch, ?> batches(ChangeSource.Stream source) {
    return Source.unfoldResource(
            () -> source, stream -> Optional.of(stream.next(PATIENCE)), ChangeSource.Stream::close)
        .addAttributes(BATCHES_AHEAD);
  }
}
