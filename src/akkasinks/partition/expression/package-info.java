/**
 * Scalar SQL expressions over a row, compiled once for a relation: what {@code PARTITION BY} says.
 * Semantics are PostgreSQL's, with Materialize's unsigned integers and hash functions.
 *
 * <p>Why not Calcite: its generated code takes rows as arrays of objects, so every column of each
 * record would be turned into one, and it knows neither uint8 nor PostgreSQL's casts. Here a column
 * is read in place from the batch's bytes, and hashing one makes no object.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.partition.expression;
