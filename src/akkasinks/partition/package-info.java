/**
 * Which partition a record goes to: a pure function of the key's bytes, fixed for a sink's life.
 *
 * <p>Load-bearing: no upgrade may change a result, or a key's history splits over two partitions.
 * The tests hold the vectors that others have published.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.partition;
