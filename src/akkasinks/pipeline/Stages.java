package akkasinks.pipeline;

import akkasinks.catalog.Definition;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Batch;
import akkasinks.change.Consolidate;
import akkasinks.change.Messages;
import akkasinks.change.Relation;
import akkasinks.envelope.Envelope;
import akkasinks.format.json.JsonAfter;
import akkasinks.format.registry.SchemaRegistry;
import akkasinks.partition.Partitioner;
import akkasinks.target.Target;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stages of one sink, compiled from its definition when it starts.
 *
 * @param prepare makes ready outside what a batch's relation needs to be encoded; may block
 * @param consolidate nets changes out; gives none, one or several batches for each
 * @param encode envelope × format
 * @param partition fills in each message's partition
 * @param keyTexts a relation's encoded key as one source text per key column; known once a batch of
 *     it was encoded
 * @param after takes values of ENVELOPE DEBEZIUM apart
 * @param conflicts how often two rows were seen to share a key; thread-safe
 */
public record Stages(
    Function<Batch, Batch> prepare,
    Function<Batch, List<Batch>> consolidate,
    Function<Batch, Messages> encode,
    Function<Messages, Messages> partition,
    BiFunction<Relation, byte[], List<String>> keyTexts,
    After after,
    LongSupplier conflicts) {

  /** Stages of JSON, which need no preparation. */
  public Stages(
      Function<Batch, List<Batch>> consolidate,
      Function<Batch, Messages> encode,
      Function<Messages, Messages> partition,
      BiFunction<Relation, byte[], List<String>> keyTexts) {
    this(
        Function.identity(),
        consolidate,
        encode,
        partition,
        keyTexts,
        JsonAfter::envelope,
        () -> 0);
  }

  /** The row after a change, as bytes that are equal for equal rows; null if it is gone. */
  @FunctionalInterface
  public interface After {
    /**
     * @throws akkasinks.base.FailureException DATA if the value is not one that the sink wrote
     */
    byte @Nullable [] of(byte[] value);
  }

  /**
   * @param registries opens a schema registry, by the id of its connection
   * @param places where the records go
   */
  static Stages compile(
      ResolvedSink resolved,
      Function<String, SchemaRegistry> registries,
      Target.Places places,
      InstantSource clock) {
    var sink = resolved.sink();
    var form = SinkForm.of(resolved, registries, clock);
    var keys = new AtomicReference<Optional<Function<byte[], List<String>>>>(Optional.empty());
    var envelope =
        Envelope.compiling(
            relation -> {
              keys.set(Optional.of(form.keys(relation)));
              return form.envelope(relation);
            });
    var partitioner = partitioner(sink.partitioner());
    int header = form.keyHeader();
    var encode = new Encode(envelope);
    var sorting = Sorting.of(sink, encode);
    return new Stages(
        batch -> {
          places.open(batch.relation());
          form.prepare(batch.relation());
          return batch;
        },
        consolidate(sink, clock)::apply,
        sorting.<Function<Batch, Messages>>map(each -> each).orElse(encode),
        messages -> {
          int count = places.partitions(messages.relation());
          if (!messages.partitionAsPlaced(count)) {
            messages.partition(
                (bytes, from, to) -> partitioner.partition(bytes, from + header, to, count));
          }
          return messages;
        },
        (_, key) -> keys.get().orElseThrow().apply(key),
        form::after,
        () -> sorting.map(Sorting::conflicts).orElse(0L));
  }

  /** Makes room for as much as a change took in the batch before. One thread. */
  private static final class Encode implements Function<Batch, Messages> {
    private static final int MOST_EXPECTED = 4 << 20;

    private final Envelope envelope;
    private int bytesPerChange = 256;

    Encode(Envelope envelope) {
      this.envelope = envelope;
    }

    @Override
    public Messages apply(Batch batch) {
      long expected = (long) batch.size() * bytesPerChange;
      var messages = new Messages(batch, (int) Math.min(expected, MOST_EXPECTED));
      envelope.wrap(batch, messages);
      if (batch.size() > 0) {
        bytesPerChange = messages.payloadBytes() / batch.size() * 9 / 8 + 1;
      }
      return messages;
    }
  }

  /**
   * A DEBEZIUM or APPEND consumer wants each change; a key that nobody enforces may stand for
   * several rows.
   */
  private static Consolidate consolidate(Sink sink, InstantSource clock) {
    if (sink.key().isEmpty() || sink.notEnforced()) {
      return Consolidate.off();
    }
    if (sink.commitInterval().isPresent()) {
      return Consolidate.over(
          sink.key(), Consolidate.WindowLimits.of(sink.commitInterval().get()), clock);
    }
    return switch (sink.envelope()) {
      case UPSERT -> Consolidate.perTransaction(sink.key());
      case DEBEZIUM, APPEND -> Consolidate.off();
    };
  }

  private static Partitioner partitioner(Definition.Partitioner choice) {
    return switch (choice) {
      case SEAHASH -> Partitioner.seahash();
      case MURMUR2 -> Partitioner.murmur2();
    };
  }
}
