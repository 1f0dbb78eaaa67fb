/** What every test may use: real parts, faults, deadlines, seeds. */
@org.jspecify.annotations.NullMarked
package akkasinks.testing;
