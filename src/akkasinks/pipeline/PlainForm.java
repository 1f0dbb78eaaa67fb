package akkasinks.pipeline;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.change.Relation;
import akkasinks.envelope.Envelope;
import akkasinks.format.json.JsonAfter;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Any envelope over formats that need nothing outside: JSON, TEXT, BYTES, or two of them. */
record PlainForm(ResolvedSink resolved, InstantSource clock) implements SinkForm {
  @Override
  public void prepare(Relation relation) {}

  @Override
  public Envelope envelope(Relation relation) {
    return new Envelopes(resolved, relation, clock).envelope();
  }

  @Override
  public Keys keys(Relation relation) {
    return new Envelopes(resolved, relation, clock).keys();
  }

  @Override
  public int keyHeader() {
    return 0;
  }

  @Override
  public byte @Nullable [] after(byte[] value) {
    return JsonAfter.envelope(value);
  }
}
