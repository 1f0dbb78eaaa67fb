/**
 * A record's bytes as the columns of a row, each in PostgreSQL's text: what encoders then take for
 * a table's row. Pure; what does not fit is a {@link akkasinks.format.input.BadRecord}, never a
 * wrong value.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.format.input;
