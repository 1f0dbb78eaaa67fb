package akkasinks.source.postgres;

import java.util.Collection;
import java.util.List;

/**
 * The order of a key's values, which is Postgres's and nobody else's. Thread-safe, and so are the
 * bounds it makes.
 */
interface KeyOrder extends AutoCloseable {

  /**
   * @param ascending keys, one text per key column
   */
  Bounds bounds(List<List<String>> ascending);

  /** Whether the database has to be asked: whoever knows many keys should then foresee them. */
  default boolean asks() {
    return false;
  }

  @Override
  default void close() {}

  /** Some keys in ascending order, between which others find their place. */
  interface Bounds {
    /** How many of the bounds lie strictly before {@code key}. */
    int place(List<String> key);

    /** These keys will be asked for: where the database has to be asked, ask once for all. */
    default void foresee(Collection<List<String>> keys) {}
  }
}
