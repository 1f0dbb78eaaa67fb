package akkasinks.format.avro;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Cuts {@code after} out of values that begin with {@code before} and {@code after}, as bytes; the
 * schema's id stays before it, for a row means nothing without. Belongs to one thread.
 */
public final class AvroAfter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final IntFunction<String> schemas;
  private final Map<Integer, AvroSkip> known = new HashMap<>();

  /**
   * @param schemas the text of a schema by its id; may block
   */
  public AvroAfter(IntFunction<String> schemas) {
    this.schemas = schemas;
  }

  /**
   * @return null if the row is gone
   * @throws akkasinks.base.FailureException DATA if it is no such value
   */
  public byte @Nullable [] of(byte[] value) {
    var in = new AvroReader(value);
    var schema = known.computeIfAbsent(in.header(), this::schema);
    var fields = schema.fields();
    if (fields.size() < 2) {
      throw AvroReader.broken();
    }
    schema.skip(fields.getFirst(), in);
    if (in.whole() == 0) {
      return null;
    }
    int from = in.position();
    schema.skip(fields.get(1).path(1), in);
    int length = in.position() - from;
    byte[] row = Arrays.copyOf(value, AvroFormat.HEADER + length);
    System.arraycopy(value, from, row, AvroFormat.HEADER, length);
    return row;
  }

  private AvroSkip schema(int id) {
    try {
      return new AvroSkip(JSON.readTree(schemas.apply(id)));
    } catch (JsonProcessingException e) {
      throw AvroReader.broken();
    }
  }
}
