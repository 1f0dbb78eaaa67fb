/**
 * PostgreSQL as a source: logical replication with pgoutput, one slot per sink.
 *
 * <pre>
 *   walsender → WalReader (own thread: reads, answers) → Blocks → ChangeAssembler (decodes) → Batch
 * </pre>
 *
 * <p>The reader goes on answering the walsender while the downstream is full: it only stops
 * reading. What the server is told to forget is what {@code confirm} was given, never more.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.source.postgres;
