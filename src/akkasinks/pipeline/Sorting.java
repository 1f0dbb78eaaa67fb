package akkasinks.pipeline;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.SinkDetails.OnKeyConflict;
import akkasinks.change.Batch;
import akkasinks.change.Changes;
import akkasinks.change.Messages;
import akkasinks.change.Op;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stands before encoding for sinks that need it: counts keys that two rows share, and sends to the
 * dead letter topic what cannot be told. One thread, but for {@link #conflicts}.
 */
final class Sorting implements Function<Batch, Messages> {
  private final Sink sink;
  private final Function<Batch, Messages> encode;
  private final Optional<KeyConflicts> keys;
  private final boolean letters;
  private final LongAdder conflicts = new LongAdder();

  private Sorting(Sink sink, Function<Batch, Messages> encode, Optional<KeyConflicts> keys) {
    this.sink = sink;
    this.encode = encode;
    this.keys = keys;
    this.letters = sink.details().deadLetterTopic().isPresent();
  }

  /** Empty for a sink whose key is enforced and that has no dead letter topic. */
  static Optional<Sorting> of(Sink sink, Function<Batch, Messages> encode) {
    boolean violable = sink.notEnforced() && sink.envelope() == Envelope.UPSERT;
    if (!violable && sink.details().deadLetterTopic().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Sorting(
            sink, encode, violable ? Optional.of(new KeyConflicts(sink.key())) : Optional.empty()));
  }

  long conflicts() {
    return conflicts.sum();
  }

  @Override
  public Messages apply(Batch batch) {
    var dead = letters ? new DeadLetters(sink.name(), batch) : null;
    if (dead != null && batch.event().orElse(null) instanceof Batch.Refused refused) {
      dead.add(refused);
    }
    var kept = keys.map(known -> unshared(known, batch, dead)).orElse(batch);
    var messages = encoded(kept, dead);
    return dead == null || dead.isEmpty() ? messages : messages.with(dead.messages());
  }

  /** The batch without the changes of rows whose key another row has. */
  private Batch unshared(KeyConflicts known, Batch batch, @Nullable DeadLetters dead) {
    boolean diverts = sink.details().onKeyConflict() == OnKeyConflict.DLQ;
    @Nullable Changes kept = null;
    for (int change = 0; change < batch.size(); change++) {
      var verdict = known.of(batch, change, !diverts);
      boolean conflict = verdict != KeyConflicts.Verdict.FINE;
      if (conflict) {
        conflicts.increment();
        if (sink.details().onKeyConflict() == OnKeyConflict.STALL) {
          throw shared(batch).exception();
        }
        if (diverts && dead != null && kept == null) {
          kept = first(batch, change);
        }
      }
      if (conflict && diverts && dead != null && kept != null) {
        dead.add(batch, change, shared(batch));
        if (verdict == KeyConflicts.Verdict.MOVED_ONTO) {
          kept.add(Op.DELETE, batch.before(change), Batch.NO_ROW, batch.transaction(change));
        }
      } else if (kept != null) {
        add(batch, change, kept);
      }
    }
    return kept == null ? batch : batch.with(kept);
  }

  private static Changes first(Batch batch, int count) {
    var first = new Changes(batch.size());
    for (int change = 0; change < count; change++) {
      add(batch, change, first);
    }
    return first;
  }

  private static void add(Batch batch, int change, Changes to) {
    to.add(batch.op(change), batch.before(change), batch.after(change), batch.transaction(change));
  }

  private Failure shared(Batch batch) {
    return Failure.of(
            Code.DATA,
            "two rows of table \"%s\".\"%s\" have the same key (%s), which is NOT ENFORCED"
                .formatted(
                    batch.relation().schema(),
                    batch.relation().name(),
                    String.join(", ", sink.key())))
        .hint(
            "Find them with GROUP BY … HAVING count(*) > 1; or choose another KEY, or ON KEY"
                + " CONFLICT = LAST.");
  }

  /** All at once; and if that fails, with each change that fails alone left out. */
  private Messages encoded(Batch batch, @Nullable DeadLetters dead) {
    try {
      return encode.apply(batch);
    } catch (FailureException e) {
      if (dead == null || e.failure().code() != Code.DATA) {
        throw e;
      }
    }
    var sound = new Changes(batch.size());
    for (int change = 0; change < batch.size(); change++) {
      var one = new Changes(1);
      add(batch, change, one);
      try {
        var _ = encode.apply(batch.with(one));
        add(batch, change, sound);
      } catch (FailureException e) {
        if (e.failure().code() != Code.DATA) {
          throw e;
        }
        dead.add(batch, change, e.failure());
      }
    }
    return encode.apply(batch.with(sound));
  }
}
