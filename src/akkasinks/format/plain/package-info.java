/**
 * One column as it is: FORMAT TEXT and FORMAT BYTES. docs/types-plain.md says each type's form.
 *
 * <p>Equal values must give equal bytes on every node and in every version: the bytes of a key
 * choose its partition, and compaction compares them.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.format.plain;
