/**
 * One client's conversation, whatever carries it: its statements in their order, its settings, its
 * transaction. SQL over HTTP and the Postgres protocol both run statements here.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.session;
