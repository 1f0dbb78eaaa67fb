package akkasinks.pipeline;

import akkasinks.change.Relation;
import akkasinks.envelope.Envelope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a sink's records are made of: its envelope over its format. */
sealed interface SinkForm permits PlainForm, AvroForm, ProtobufForm {
  /** Makes ready outside what rows of this relation need to be encoded; may block. Thread-safe. */
  void prepare(Relation relation);

  /** An encoder for changes of this relation; belongs to one thread. */
  Envelope envelope(Relation relation);

  /** Reads keys of this relation. */
  Keys keys(Relation relation);

  /** Bytes at a key's beginning that say nothing of the key, and must not choose its partition. */
  int keyHeader();

  /** See {@link Stages.After}. */
  byte @Nullable [] after(byte[] value);

  /** Reads keys. */
  @FunctionalInterface
  interface Keys {
    /** One source text per key column. */
    List<String> decode(byte[] key);
  }
}
