/** Record headers from a column. */
@org.jspecify.annotations.NullMarked
package akkasinks.format.headers;
