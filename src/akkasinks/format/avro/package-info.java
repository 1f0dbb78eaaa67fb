/**
 * Avro's binary encoding, straight from PostgreSQL's text output: no string, number or row object
 * stands in between. docs/types-avro.md says each type's form; {@link
 * akkasinks.format.avro.AvroType} is the one place that a schema and its writers are both made
 * from.
 *
 * <p>A record is framed as Confluent's clients read it: a zero byte, the schema's id in its
 * registry, then the body.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.format.avro;
