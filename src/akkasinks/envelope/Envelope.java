package akkasinks.envelope;

import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.Relation;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns a batch's changes into records. An instance belongs to one thread. */
@FunctionalInterface
public interface Envelope {
  /**
   * Adds the batch's records to {@code out}, in order.
   *
   * @throws akkasinks.base.FailureException DATA if a change lacks what the envelope needs, or a
   *     value has no form in the format
   */
  void wrap(Batch batch, Messages out);

  /** One that compiles again when a batch has another relation (a column was added). */
  static Envelope compiling(Function<Relation, Envelope> compile) {
    return new Envelope() {
      private @Nullable Relation relation;
      private @Nullable Envelope compiled;

      @Override
      public void wrap(Batch batch, Messages out) {
        var current = compiled;
        if (current == null || !batch.relation().equals(relation)) {
          current = compile.apply(batch.relation());
          compiled = current;
        }
        relation = batch.relation();
        current.wrap(batch, out);
      }
    };
  }
}
