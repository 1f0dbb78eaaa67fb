package akkasinks.source.kafka;

import akkasinks.catalog.KafkaSource;
import akkasinks.catalog.KafkaSource.Encoding;
import akkasinks.catalog.KafkaSource.Included;
import akkasinks.catalog.KafkaSource.Input;
import akkasinks.catalog.KafkaSource.Part;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.format.input.AvroRows;
import akkasinks.format.input.BadRecord;
import akkasinks.format.input.ChangeReader;
import akkasinks.format.input.CsvRows;
import akkasinks.format.input.DebeziumRecords;
import akkasinks.format.input.Fields;
import akkasinks.format.input.InputColumn;
import akkasinks.format.input.JsonRows;
import akkasinks.format.input.ProtobufRows;
import akkasinks.format.input.RowReader;
import akkasinks.format.input.WholeRecords;
import akkasinks.format.protobuf.ProtobufMessages;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record as a change of a row. One thread. */
final class RecordRows {
  private final KafkaSource source;
  private final int columns;
  private final Optional<RowReader> key;
  private final RowReader value;
  private final ChangeReader debezium;
  private final RecordParts parts;
  private final Fields before;
  private final Fields after;

  RecordRows(TopicSpec spec) {
    this.source = spec.source();
    Relation relation = source.relation();
    this.columns = relation.columns().size();
    this.key = source.keyEncoding().map(encoding -> key(spec, encoding, relation));
    List<InputColumn> read =
        source.columns().stream()
            .filter(c -> source.envelope() != Input.UPSERT || !source.key().contains(c.name()))
            .map(c -> column(relation, c.name(), c.nullable()))
            .toList();
    this.value = value(spec, read);
    this.debezium =
        switch (source.encoding()) {
          case Encoding.Avro(var registry) -> new AvroRows(read, spec.schemas(registry));
          case Encoding.Protobuf(var registry) ->
              ProtobufRows.registered(read, spec.schemas(registry));
          case Encoding.Message message -> protobuf(message, read);
          case Encoding.Json _, Encoding.Text _, Encoding.Bytes _, Encoding.Csv _ ->
              new DebeziumRecords(read);
        };
    this.parts = new RecordParts(source.included(), relation);
    this.before = new Fields(columns);
    this.after = new Fields(columns);
  }

  private static InputColumn column(Relation relation, String name, boolean nullable) {
    int place = relation.indexOf(name);
    Column column = relation.columns().get(place);
    return new InputColumn(name, (Type.Scalar) column.type(), nullable, place);
  }

  private static RowReader value(TopicSpec spec, List<InputColumn> columns) {
    return switch (spec.source().encoding()) {
      case Encoding.Json _ when spec.source().wholeValue() -> WholeRecords.json(columns.getFirst());
      case Encoding.Json _ -> new JsonRows(columns);
      case Encoding.Text _ -> WholeRecords.text(columns.getFirst());
      case Encoding.Bytes _ -> WholeRecords.bytes(columns.getFirst());
      case Encoding.Csv(char delimiter) -> new CsvRows(columns, delimiter);
      case Encoding.Avro(var registry) -> new AvroRows(columns, spec.schemas(registry));
      case Encoding.Protobuf(var registry) ->
          ProtobufRows.registered(columns, spec.schemas(registry));
      case Encoding.Message message -> protobuf(message, columns);
    };
  }

  private static ProtobufRows protobuf(Encoding.Message encoding, List<InputColumn> columns) {
    return ProtobufRows.of(columns, ProtobufMessages.find(encoding.schema(), encoding.message()));
  }

  /** Reads the column that the key is, or the columns of the primary key, or both. */
  private static RowReader key(TopicSpec spec, Encoding encoding, Relation relation) {
    KafkaSource source = spec.source();
    Optional<RowReader> whole =
        source.included().stream()
            .filter(i -> i.part() == Part.KEY)
            .findFirst()
            .map(Included::name)
            .map(name -> column(relation, name, false))
            .map(
                column ->
                    switch (encoding) {
                      case Encoding.Json _ -> WholeRecords.json(column);
                      case Encoding.Bytes _ -> WholeRecords.bytes(column);
                      case Encoding.Text _, Encoding.Csv _ -> WholeRecords.text(column);
                      case Encoding.Avro(var registry) ->
                          AvroRows.whole(column, spec.schemas(registry));
                      case Encoding.Protobuf(var registry) ->
                          ProtobufRows.registered(List.of(), spec.schemas(registry)).whole(column);
                      case Encoding.Message message -> protobuf(message, List.of()).whole(column);
                    });
    List<InputColumn> named =
        source.envelope() == Input.UPSERT
            ? source.columns().stream()
                .filter(c -> source.key().contains(c.name()))
                .map(c -> column(relation, c.name(), false))
                .toList()
            : List.of();
    if (named.isEmpty()) {
      return whole.orElseThrow();
    }
    RowReader primary = primary(spec, encoding, named);
    return whole
        .<RowReader>map(
            first ->
                (bytes, out) -> {
                  first.read(bytes, out);
                  primary.read(bytes, out);
                })
        .orElse(primary);
  }

  private static RowReader primary(TopicSpec spec, Encoding encoding, List<InputColumn> named) {
    return switch (encoding) {
      case Encoding.Avro(var registry) -> new AvroRows(named, spec.schemas(registry));
      case Encoding.Protobuf(var registry) ->
          ProtobufRows.registered(named, spec.schemas(registry));
      case Encoding.Message message -> protobuf(message, named);
      case Encoding.Bytes _ -> WholeRecords.bytes(named.getFirst());
      case Encoding.Text _, Encoding.Csv _ -> WholeRecords.text(named.getFirst());
      case Encoding.Json _ -> {
        RowReader object = new JsonRows(named);
        RowReader scalar = WholeRecords.jsonScalar(named.getFirst());
        yield (bytes, out) -> {
          boolean alone = named.size() == 1 && !beginsObject(bytes);
          (alone ? scalar : object).read(bytes, out);
          if (alone && out.length(named.getFirst().column()) < 0) {
            throw new BadRecord("its key is null");
          }
        };
      }
    };
  }

  private static boolean beginsObject(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return b == '{';
      }
    }
    return false;
  }

  /**
   * Adds the change that the record tells of, if any.
   *
   * @throws BadRecord if it cannot be read; nothing is added then
   */
  void add(ConsumerRecord<byte[], byte[]> record, long transaction, BatchBuilder out) {
    switch (source.envelope()) {
      case NONE -> none(record, transaction, out);
      case UPSERT -> upsert(record, transaction, out);
      case DEBEZIUM -> debezium(record, transaction, out);
    }
  }

  private void none(ConsumerRecord<byte[], byte[]> record, long transaction, BatchBuilder out) {
    byte[] bytes = record.value();
    if (bytes == null) {
      throw new BadRecord("it has no value");
    }
    after.clear();
    value.read(bytes, after);
    rest(record, after);
    out.change(Op.INSERT, Batch.NO_ROW, copy(after, out), transaction);
  }

  /** Whether the row was there before is not known: an update without a before says so. */
  private void upsert(ConsumerRecord<byte[], byte[]> record, long transaction, BatchBuilder out) {
    byte[] bytes = record.value();
    if (record.key() == null) {
      throw new BadRecord("it has no key");
    }
    after.clear();
    if (bytes == null) {
      key(record, after);
      out.change(Op.DELETE, copy(after, out), Batch.NO_ROW, transaction);
      return;
    }
    value.read(bytes, after);
    rest(record, after);
    out.change(Op.UPDATE, Batch.NO_ROW, copy(after, out), transaction);
  }

  private void debezium(ConsumerRecord<byte[], byte[]> record, long transaction, BatchBuilder out) {
    byte[] bytes = record.value();
    if (bytes == null) {
      // Only for compaction: the record before it has told of the deletion.
      return;
    }
    before.clear();
    after.clear();
    var kind = debezium.read(bytes, before, after);
    switch (kind) {
      case NOTHING -> {}
      case INSERT, UPDATE_BLIND -> {
        rest(record, after);
        out.change(kind.op(), Batch.NO_ROW, copy(after, out), transaction);
      }
      case UPDATE -> {
        rest(record, before);
        rest(record, after);
        out.change(kind.op(), copy(before, out), copy(after, out), transaction);
      }
      case DELETE -> {
        rest(record, before);
        out.change(kind.op(), copy(before, out), Batch.NO_ROW, transaction);
      }
    }
  }

  private void rest(ConsumerRecord<byte[], byte[]> record, Fields row) {
    key(record, row);
    parts.read(record, row);
  }

  private void key(ConsumerRecord<byte[], byte[]> record, Fields row) {
    if (key.isPresent()) {
      byte[] bytes = record.key();
      if (bytes == null) {
        parts.noKey(row);
      } else {
        try {
          key.get().read(bytes, row);
        } catch (BadRecord e) {
          throw new BadRecord("its key: " + e.why());
        }
      }
    }
  }

  private int copy(Fields row, BatchBuilder out) {
    int number = out.row();
    for (int column = 0; column < columns; column++) {
      row.copy(column, out);
    }
    return number;
  }
}
