package akkasinks.format.avro;

import java.util.List;
import java.util.Optional;

/**
 * What a user can choose of the schemas.
 *
 * @param keyName full name of the key's record
 * @param valueName full name of the value's record
 * @param nullDefaults whether nullable fields have the default null
 */
public record AvroOptions(String keyName, String valueName, boolean nullDefaults, List<Doc> docs) {
  /** Materialize's. */
  public static final AvroOptions DEFAULT = new AvroOptions("row", "envelope", false, List.of());

  public AvroOptions {
    docs = List.copyOf(docs);
  }

  /** Which schemas a documentation is for. */
  public enum Side {
    BOTH,
    KEY,
    VALUE
  }

  /**
   * @param type name of a composite type; empty for the relation itself
   * @param column of the relation, or attribute of the composite type; empty for the whole
   */
  public record Doc(Side side, Optional<String> type, Optional<String> column, String text) {}

  /** The text for one schema: what was written for it alone goes before what is for both. */
  String doc(Side side, Optional<String> type, Optional<String> column) {
    return find(side, type, column).or(() -> find(Side.BOTH, type, column)).orElse("");
  }

  private Optional<String> find(Side side, Optional<String> type, Optional<String> column) {
    return docs.stream()
        .filter(d -> d.side() == side && d.type().equals(type) && d.column().equals(column))
        .map(Doc::text)
        .findFirst();
  }
}
