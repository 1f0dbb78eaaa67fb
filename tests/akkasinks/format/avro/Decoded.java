package akkasinks.format.avro;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Rows through our encoder and back through Apache Avro's reader, which knows only the schema. */
final class Decoded {
  static final int SCHEMA_ID = 0x01020304;

  private Decoded() {}

  /** The one column of a row with this text, nullable. */
  static @Nullable Object value(Type type, int modifier, @Nullable String text) {
    var column =
        new Column("c", type, modifier, true, akkasinks.change.Representation.POSTGRES_TEXT);
    return row(new Relation(1, "public", "t", List.of(column)), AvroOptions.DEFAULT, text).get("c");
  }

  static GenericRecord row(Relation relation, AvroOptions options, @Nullable String... texts) {
    var format = AvroFormat.row(relation, columns(texts.length), options);
    var out = new Buffer(0);
    format.rows(SCHEMA_ID).encode(batch(relation, texts), 0, out);
    return read(format.schema().text(), out.toBytes());
  }

  /** Holds that the frame is as it must be, and nothing stands behind the body. */
  static GenericRecord read(String schemaText, byte[] message) {
    var frame = ByteBuffer.wrap(message);
    if (frame.get() != 0 || frame.getInt() != SCHEMA_ID) {
      throw new AssertionError("not framed");
    }
    Schema schema = new Schema.Parser().parse(schemaText);
    var decoder = DecoderFactory.get().binaryDecoder(message, 5, message.length - 5, null);
    try {
      GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
      if (!decoder.isEnd()) {
        throw new AssertionError("bytes are left over behind the body");
      }
      return record;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A batch with an INSERT of each row of texts. */
  static Batch batch(Relation relation, @Nullable String[]... rows) {
    var builder = new BatchBuilder(relation, rows.length, 64);
    for (String[] texts : rows) {
      int row = builder.row();
      for (String text : texts) {
        if (text == null) {
          builder.nothing(Batch.NULL);
        } else {
          byte[] bytes = (">>>" + text + "<<<").getBytes(StandardCharsets.UTF_8);
          builder.value(bytes, 3, bytes.length - 6);
        }
      }
      builder.change(Op.INSERT, Batch.NO_ROW, row, 1);
    }
    return builder.build(PostgresPosition.of("1", 1, "slot", 1), rows.length, false);
  }

  /** A snapshot's row, then an UPDATE of it: the second change of transaction 77. */
  static Batch told(Relation relation, @Nullable String[]... rows) {
    var builder = new BatchBuilder(relation, rows.length, 64);
    for (String[] texts : rows) {
      builder.row();
      for (String text : texts) {
        byte[] bytes = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
        builder.value(bytes, 0, bytes.length);
      }
    }
    builder.change(Op.READ, Batch.NO_ROW, 0, 0);
    builder.transaction(0, 0, 0, 0);
    builder.change(Op.UPDATE, 0, 1, 0x1_6B3748L);
    builder.transaction(0x1_6B3748L, 77, 1_700_000_000_123_456L, 2);
    return builder.build(PostgresPosition.of("1", 1, "slot", 1), 2, false);
  }

  static int[] columns(int count) {
    return IntStream.range(0, count).toArray();
  }
}
