/**
 * What Debezium's whole event tells beside the rows before and after a change, for the formats that
 * write it.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.format.debezium;
