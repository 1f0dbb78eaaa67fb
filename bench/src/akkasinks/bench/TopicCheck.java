package akkasinks.bench;

import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * The independent reader: what a read_committed consumer finds in a topic.
 *
 * @param records data records
 * @param doubled records whose id another record had before
 * @param ids different ids
 * @param bytes of all keys and values
 * @param lastFew the last value of each of the first ids
 */
record TopicCheck(long records, long doubled, long ids, long bytes, Map<Integer, byte[]> lastFew) {
  private static final int FEW = 1_000;

  /** Confluent's: a zero byte and the schema's id. */
  private static final int FRAME = 5;

  /** Of a message in its Protobuf schema; no Avro key of ours begins so, as ids begin with 1. */
  private static final byte FIRST_MESSAGE = 0;

  private static final Pattern AMOUNT = Pattern.compile("\"amount\"\\s*:\\s*\"?(-?[0-9.]+)");

  static TopicCheck of(String brokers, String topic) {
    Map<String, Object> settings =
        Map.of(
            "fetch.max.bytes",
            64 << 20,
            "max.partition.fetch.bytes",
            16 << 20,
            "max.poll.records",
            50_000);
    try (var consumer = Readers.committed(brokers, settings)) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      var seen = new BitSet();
      Map<Integer, byte[]> lastFew = new HashMap<>();
      long records = 0;
      long doubled = 0;
      long bytes = 0;
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (var found : consumer.poll(Duration.ofMillis(200))) {
          records++;
          bytes += found.key().length + (found.value() == null ? 0 : found.value().length);
          int id = Math.toIntExact(id(found.key()));
          if (seen.get(id)) {
            doubled++;
          }
          seen.set(id);
          if (id <= FEW) {
            lastFew.put(id, found.value());
          }
        }
      }
      return new TopicCheck(records, doubled, seen.cardinality(), bytes, lastFew);
    }
  }

  /** Fails unless each of so many ids has one record. */
  void requireEach(long expected, String whose) {
    if (ids != expected || records != expected) {
      throw new IllegalStateException(whose + " is not complete, or doubled: " + inWords());
    }
  }

  /** Fails unless each id is there and the last values' amounts come to this sum. */
  void requireLast(long expected, String sum, String whose) {
    var found = lastFew.values().stream().map(TopicCheck::amount).reduce(ZERO, BigDecimal::add);
    if (ids != expected || found.compareTo(new BigDecimal(sum)) != 0) {
      throw new IllegalStateException(
          whose + " is not complete: " + inWords() + ", amounts " + found + " and not " + sum);
    }
  }

  private static BigDecimal amount(byte[] value) {
    var found = AMOUNT.matcher(new String(value, StandardCharsets.UTF_8));
    return found.find() ? new BigDecimal(found.group(1)) : ZERO;
  }

  private String inWords() {
    return "%,d records, %,d ids, %,d doubled".formatted(records, ids, doubled);
  }

  /** Of a key in JSON, in framed Avro or Protobuf, or as the pipe sends it. */
  static long id(byte[] key) {
    if (key[0] != 0) {
      return firstNumber(key);
    }
    if (key.length == StraightPipe.KEY_BYTES) {
      return ByteBuffer.wrap(key).getLong();
    }
    if (key[FRAME] == FIRST_MESSAGE) {
      // A field's tag lies between.
      return varint(key, FRAME + 2);
    }
    long zigzag = varint(key, FRAME);
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  private static long firstNumber(byte[] key) {
    int from = 0;
    while (key[from] < '0' || key[from] > '9') {
      from++;
    }
    int to = from;
    while (to < key.length && key[to] >= '0' && key[to] <= '9') {
      to++;
    }
    return Long.parseLong(new String(key, from, to - from, StandardCharsets.US_ASCII));
  }

  /** Seven bits a byte, the least first; as far as the key goes. */
  private static long varint(byte[] key, int from) {
    long value = 0;
    for (int at = from; at < key.length; at++) {
      value |= (key[at] & 0x7FL) << 7 * (at - from);
    }
    return value;
  }
}
