/** The demo: a shop, its sinks, live traffic and a screen, all in one process. */
@org.jspecify.annotations.NullMarked
package akkasinks.cli.demo;
