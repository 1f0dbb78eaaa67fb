/** JMH benchmarks of the path's pure parts, run by {@code ./akkasinks bench --case 12}. */
@org.jspecify.annotations.NullMarked
package akkasinks.bench;
