/** Real services in this process or beside it: what the demo and the tests run against. */
@org.jspecify.annotations.NullMarked
package akkasinks.cli.embedded;
