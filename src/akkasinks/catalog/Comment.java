package akkasinks.catalog;

/**
 * What somebody wrote about a definition, or about a column of a source's relation.
 *
 * @param id of what it is on; for a column, of its source
 * @param schema,table,column empty but for a column
 * @param text empty only in an event: the comment goes
 */
public record Comment(String id, String schema, String table, String column, String text) {
  static Comment on(Definition definition, String text) {
    return new Comment(definition.id(), "", "", "", text);
  }

  boolean onSameAs(Comment other) {
    return id.equals(other.id)
        && schema.equals(other.schema)
        && table.equals(other.table)
        && column.equals(other.column);
  }
}
