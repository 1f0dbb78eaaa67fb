/**
 * PostgreSQL's text output, read in place: what the formats have in common. Whatever is not text
 * that PostgreSQL writes throws {@link akkasinks.format.text.MalformedText}, caught where the
 * column's name is known.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.format.text;
