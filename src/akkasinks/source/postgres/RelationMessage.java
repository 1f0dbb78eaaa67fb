package akkasinks.source.postgres;

import java.util.ArrayList;
import java.util.List;

/**
 * pgoutput's Relation message: a table as it was when the changes that follow were made.
 *
 * @param identity d, i, f or n, as pg_class.relreplident
 */
record RelationMessage(
    int oid, String schema, String name, char identity, List<Attribute> attributes) {
  RelationMessage {
    attributes = List.copyOf(attributes);
  }

  /**
   * @param identity the column is part of the replica identity
   */
  record Attribute(String name, boolean identity, int typeOid, int modifier) {}

  /** Reads the message; the cursor stands after its tag. */
  static RelationMessage read(Cursor in) {
    int oid = in.i32();
    var schema = in.text();
    var name = in.text();
    char identity = (char) in.u8();
    int count = in.u16();
    var attributes = new ArrayList<Attribute>(count);
    for (int i = 0; i < count; i++) {
      int flags = in.u8();
      attributes.add(new Attribute(in.text(), (flags & 1) != 0, in.i32(), in.i32()));
    }
    // The namespace of pg_catalog is sent as an empty text.
    return new RelationMessage(
        oid, schema.isEmpty() ? "pg_catalog" : schema, name, identity, attributes);
  }
}
