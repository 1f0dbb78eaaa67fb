/**
 * JSON, compact and with keys in column order, straight from PostgreSQL's text output: no string,
 * number or row object stands in between. docs/types-json.md says each type's form.
 *
 * <p>Equal rows must give equal bytes on every node and in every version: the bytes of a key choose
 * its partition, and compaction compares them.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.format.json;
