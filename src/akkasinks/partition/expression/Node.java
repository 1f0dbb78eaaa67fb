package akkasinks.partition.expression;

import akkasinks.change.Batch;
import org.jspecify.annotations.Nullable;

/** A compiled expression. */
@FunctionalInterface
interface Node {
  /**
   * Null for NULL; else by {@link Kind}: Boolean, Long, BigDecimal, Double, or {@link Slice} for
   * texts, byte strings and all others.
   *
   * @throws NoValue if there is none: division by zero, overflow, text that is no number
   */
  @Nullable Object value(Batch batch, int row);
}
