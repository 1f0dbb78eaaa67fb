/**
 * The actors: one {@link akkasinks.cluster.CatalogActor} for the cluster, one {@link
 * akkasinks.cluster.SinkActor} for each sink, and what they stand on.
 *
 * <pre>
 *   control ── Read, Record ──→ CatalogActor (singleton, event-sourced) ── Wake, Redefine, Retire ──┐
 *                                 │ what is owed                                                    ↓
 *                                 └→ DebtPayer ──→ SinkRunner.forget…        SinkActor (sharded, durable state)
 *                                                                             └→ SinkRunner.start, settle
 * </pre>
 *
 * <p>The state store holds definitions (events), sinks' mirrors (durable state) and which sinks
 * live (remembered entities). While it is away running sinks run on; statements and takeovers wait.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.cluster;
