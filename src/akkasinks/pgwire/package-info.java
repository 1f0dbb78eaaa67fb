/**
 * PostgreSQL's frontend/backend protocol, version 3: psql and drivers talk to a node as they would
 * to a PostgreSQL server. {@link akkasinks.pgwire.FrontendCodec} and {@link
 * akkasinks.pgwire.BackendCodec} are pure; one virtual thread serves one connection, blocking.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.pgwire;
