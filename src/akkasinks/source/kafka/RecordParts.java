package akkasinks.source.kafka;

import akkasinks.catalog.KafkaSource.Included;
import akkasinks.catalog.KafkaSource.Part;
import akkasinks.change.Relation;
import akkasinks.format.input.Fields;
import akkasinks.format.input.WholeRecords;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** What a record has besides its value, as columns. */
final class RecordParts {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final List<Place> places;

  private record Place(Part part, int column) {}

  RecordParts(List<Included> included, Relation relation) {
    this.places =
        included.stream().map(i -> new Place(i.part(), relation.indexOf(i.name()))).toList();
  }

  void read(ConsumerRecord<byte[], byte[]> record, Fields out) {
    for (Place place : places) {
      switch (place.part()) {
        case KEY -> {}
        case PARTITION -> text(Integer.toString(record.partition()), out, place.column());
        case OFFSET -> text(Long.toString(record.offset()), out, place.column());
        case TIMESTAMP -> {
          if (record.timestamp() < 0) {
            out.setNull(place.column());
          } else {
            WholeRecords.timestamp(record.timestamp(), out, place.column());
          }
        }
        case HEADERS -> text(json(record.headers()), out, place.column());
      }
    }
  }

  /** A record without a key. */
  void noKey(Fields out) {
    for (Place place : places) {
      if (place.part() == Part.KEY) {
        out.setNull(place.column());
      }
    }
  }

  private static void text(String text, Fields out, int column) {
    int mark = out.made().size();
    out.made().put(text);
    out.setMade(column, mark);
  }

  /** {@code [{"key":"a","value":"text"}]}; a value that is no text is its Base64 as "base64". */
  private static String json(Headers headers) {
    ArrayNode all = JSON.arrayNode();
    for (Header header : headers) {
      ObjectNode each = all.addObject().put("key", header.key());
      byte[] value = header.value();
      if (value == null) {
        each.putNull("value");
      } else {
        try {
          each.put(
              "value",
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
        } catch (CharacterCodingException noText) {
          each.put("base64", Base64.getEncoder().encodeToString(value));
        }
      }
    }
    return all.toString();
  }
}
