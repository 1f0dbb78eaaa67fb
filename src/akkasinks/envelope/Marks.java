package akkasinks.envelope;

import akkasinks.change.Batch;
import akkasinks.change.Messages;

/**
 * What a record carries besides key and value, made of the row that it stands for: the new one, or
 * of a row that is gone the old one. Between the key and the end of a record.
 */
public interface Marks {
  /**
   * @throws akkasinks.base.FailureException DATA if the row has no such mark
   */
  void mark(Batch batch, int row, Messages out);

  /** Whether the key's records must leave the place where they are for another one. */
  default boolean moves(Batch batch, int before, int after) {
    return false;
  }
}
