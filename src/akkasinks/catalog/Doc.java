package akkasinks.catalog;

import java.util.Optional;

/**
 * A text for readers of a schema.
 *
 * @param type name of a composite type; empty for the sink's relation
 * @param column of the relation, or attribute of the type; empty for the whole
 */
public record Doc(Side side, Optional<String> type, Optional<String> column, String text) {

  /** Which schemas it is for. */
  public enum Side {
    BOTH,
    KEY,
    VALUE
  }
}
