/** Several nodes on this machine, each a process on a loopback address of its own. */
@org.jspecify.annotations.NullMarked
package akkasinks.cli.local;
