/** SQL and REST over HTTP, health and metrics: translates to {@code command} and back. */
@org.jspecify.annotations.NullMarked
package akkasinks.http;
