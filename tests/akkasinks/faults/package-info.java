/**
 * Promises kept through crashes: real processes, killed and cut at random and at chosen moments.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.faults;
