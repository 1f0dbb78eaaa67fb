/**
 * A Kafka topic as a source of changes: read as committed, by offsets that belong to the sink's own
 * progress. Consumer groups play no part.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.source.kafka;
