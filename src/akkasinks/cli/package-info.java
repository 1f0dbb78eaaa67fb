/** The command line: what the launcher runs, wired by constructor. */
@org.jspecify.annotations.NullMarked
package akkasinks.cli;
