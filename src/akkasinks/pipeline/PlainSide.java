package akkasinks.pipeline;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Format;
import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.format.debezium.Origin;
import akkasinks.format.json.JsonAfter;
import akkasinks.format.json.JsonFormat;
import akkasinks.format.json.JsonKeys;
import akkasinks.format.json.JsonOptions;
import akkasinks.format.plain.PlainFormat;
import akkasinks.format.plain.PlainKeys;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** In a format that needs nothing outside: JSON, TEXT, BYTES. */
record PlainSide(Format format, Part part, Origin origin) implements Side {
  @Override
  public void prepare(Relation relation) {}

  @Override
  public void check(Relation relation) {}

  @Override
  public String schema(Relation relation) {
    throw Failure.of(
            Code.NOT_SUPPORTED,
            "EXPLAIN SCHEMA is only available for Kafka sinks with Avro schemas")
        .hint("Or Protobuf schemas.")
        .exception();
  }

  @Override
  public RowEncoder rows(Relation relation) {
    var columns = part.columns(relation);
    return switch (format) {
      case Format.Json json -> new JsonFormat(options(json)).row(relation, columns);
      case Format.Text _ -> PlainFormat.text(relation, columns[0]);
      case Format.Binary _ -> PlainFormat.binary(relation, columns[0]);
      case Format.Avro _, Format.Protobuf _ -> throw other();
    };
  }

  @Override
  public PairEncoder pairs(Relation relation) {
    return json().pair(relation, part.columns(relation));
  }

  @Override
  public EventEncoder events(Relation relation) {
    return json().event(relation, part.columns(relation), origin);
  }

  @Override
  public Function<byte[], List<String>> keys(Relation relation) {
    var columns = part.columns(relation);
    return switch (format) {
      case Format.Json json -> new JsonKeys(relation, columns, options(json))::decode;
      case Format.Text _ -> PlainKeys::ofText;
      case Format.Binary _ ->
          bytes -> PlainKeys.ofBinary(relation.columns().get(columns[0]), bytes);
      case Format.Avro _, Format.Protobuf _ -> throw other();
    };
  }

  @Override
  public int header() {
    return 0;
  }

  @Override
  public byte @Nullable [] after(byte[] value) {
    return JsonAfter.envelope(value);
  }

  private JsonFormat json() {
    if (format instanceof Format.Json json) {
      return new JsonFormat(options(json));
    }
    throw other();
  }

  private static IllegalStateException other() {
    return new IllegalStateException("no format for this place");
  }

  private static JsonOptions options(Format.Json json) {
    return new JsonOptions(
        switch (json.bytes()) {
          case ARRAY -> JsonOptions.Bytes.ARRAY;
          case BASE64 -> JsonOptions.Bytes.BASE64;
        },
        switch (json.timestamps()) {
          case EPOCH -> JsonOptions.Timestamps.EPOCH;
          case ISO -> JsonOptions.Timestamps.ISO;
        });
  }
}
