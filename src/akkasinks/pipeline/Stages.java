package akkasinks.pipeline;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Batch;
import akkasinks.change.Consolidate;
import akkasinks.change.Messages;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.envelope.Debezium;
import akkasinks.envelope.Envelope;
import akkasinks.envelope.Upsert;
import akkasinks.format.json.JsonFormat;
import akkasinks.format.json.JsonKeys;
import akkasinks.format.json.JsonOptions;
import akkasinks.partition.Partitioner;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/**
 * The stages of one sink, compiled from its definition when it starts.
 *
 * @param consolidate nets changes out; gives none, one or several batches for each
 * @param encode envelope × format
 * @param partition fills in each message's partition
 * @param keyTexts an encoded key as one source text per key column; known once a batch was encoded
 */
public record Stages(
    Function<Batch, List<Batch>> consolidate,
    Function<Batch, Messages> encode,
    Function<Messages, Messages> partition,
    Function<byte[], List<String>> keyTexts) {

  /**
   * @param partitions tells the topic's number of partitions at any time
   */
  static Stages compile(Sink sink, IntSupplier partitions, InstantSource clock) {
    var keys = new AtomicReference<Optional<JsonKeys>>(Optional.empty());
    var envelope =
        Envelope.compiling(
            relation -> {
              keys.set(
                  Optional.of(
                      new JsonKeys(relation, columns(relation, sink.key()), options(sink))));
              return envelope(sink, relation);
            });
    var partitioner = partitioner(sink.partitioner());
    return new Stages(
        consolidate(sink, clock)::apply,
        new Encode(envelope),
        messages -> {
          int count = partitions.getAsInt();
          messages.partition((bytes, from, to) -> partitioner.partition(bytes, from, to, count));
          return messages;
        },
        key -> keys.get().orElseThrow().decode(key));
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
   * A DEBEZIUM consumer wants each change; a key that nobody enforces may stand for several rows.
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
      case DEBEZIUM -> Consolidate.off();
    };
  }

  private static Envelope envelope(Sink sink, Relation relation) {
    var keyColumns = columns(relation, sink.key());
    var all = IntStream.range(0, relation.columns().size()).toArray();
    return switch (sink.format()) {
      case Definition.Format.Json _ -> {
        var format = new JsonFormat(options(sink));
        Optional<RowEncoder> key =
            sink.key().isEmpty() ? Optional.empty() : Optional.of(format.row(relation, keyColumns));
        yield switch (sink.envelope()) {
          case UPSERT -> new Upsert(key.orElseThrow(), format.row(relation, all), keyColumns);
          case DEBEZIUM -> new Debezium(key, format.pair(relation, all), keyColumns);
        };
      }
    };
  }

  private static JsonOptions options(Sink sink) {
    return switch (sink.format()) {
      case Definition.Format.Json(var bytes, var timestamps) ->
          new JsonOptions(
              switch (bytes) {
                case ARRAY -> JsonOptions.Bytes.ARRAY;
                case BASE64 -> JsonOptions.Bytes.BASE64;
              },
              switch (timestamps) {
                case EPOCH -> JsonOptions.Timestamps.EPOCH;
                case ISO -> JsonOptions.Timestamps.ISO;
              });
    };
  }

  private static Partitioner partitioner(Definition.Partitioner choice) {
    return switch (choice) {
      case SEAHASH -> Partitioner.seahash();
      case MURMUR2 -> Partitioner.murmur2();
    };
  }

  private static int[] columns(Relation relation, List<String> names) {
    return names.stream()
        .mapToInt(
            name -> {
              int column = relation.indexOf(name);
              if (column < 0) {
                throw Failure.of(
                        Code.SCHEMA_CHANGED,
                        "key column \"%s\" is gone from table \"%s\""
                            .formatted(name, relation.name()))
                    .hint("Add the column again, or drop the sink and create it with another KEY")
                    .exception();
              }
              return column;
            })
        .toArray();
  }
}
