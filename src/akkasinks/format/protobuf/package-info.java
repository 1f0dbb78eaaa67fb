/**
 * Protobuf's wire format, straight from PostgreSQL's text output: no string, number or row object
 * stands in between. docs/types-protobuf.md says each type's form; {@link
 * akkasinks.format.protobuf.ProtobufType} is the one place that a schema and its writers are both
 * made from.
 *
 * <p>A record is framed as Confluent's clients read it: a zero byte, the schema's id in its
 * registry, which message of the schema it is (the first, as one zero byte), then the message.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.format.protobuf;
