package akkasinks.bench;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * The limit: the shortest program that reads the same rows and sends records of the same size to a
 * topic, or to several in turn, in transactions, reading and sending on two threads. It decodes
 * nothing and promises nothing.
 *
 * <p>As a process it takes one job per line, and answers each with {@code DONE}.
 */
final class StraightPipe {
  /** Of a record; its number stands first. */
  static final int KEY_BYTES = 16;

  private static final int CHUNK = 2_000;
  private static final long TRANSACTION_NANOS = 500_000_000L;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final byte[] END = new byte[0];

  private final String jdbcUrl;
  private final String brokers;

  private StraightPipe(String jdbcUrl, String brokers) {
    this.jdbcUrl = jdbcUrl;
    this.brokers = brokers;
  }

  /** Usage: {@code StraightPipe JDBC_URL BROKERS}. */
  public static void main(String[] args) throws Exception {
    var pipe = new StraightPipe(args[0], args[1]);
    var jobs = new java.util.Scanner(System.in);
    while (jobs.hasNextLine()) {
      var job = jobs.nextLine().split(" ");
      var topics = job[1].split(",");
      int valueBytes = Math.max(1, Integer.parseInt(job[2]) - KEY_BYTES);
      long rows = Long.parseLong(job[3]);
      Reader reader =
          switch (job[4]) {
            case "copy" -> pipe.copy(job[5]);
            case "slot" -> pipe.slot(job[5], rows);
            case "topic" -> pipe.topic(job[5], rows);
            case "made" -> made(valueBytes, rows);
            default -> throw new IllegalArgumentException(job[4]);
          };
      switch (job[0]) {
        case "pipe" -> pipe.pipe(topics, valueBytes, rows, reader);
        case "read" -> reader.run(new Discarding());
        case "loop" -> pipe.loop(job[5], topics[0], rows);
        default -> throw new IllegalArgumentException(job[0]);
      }
      System.out.println("DONE");
    }
  }

  /** Where rows go; takes chunks, the last one ending with END. */
  private interface Queue {
    void put(byte[][] chunk) throws InterruptedException;
  }

  private record Discarding() implements Queue {
    @Override
    public void put(byte[][] chunk) {}
  }

  private interface Reader {
    void run(Queue queue) throws Exception;
  }

  private interface Rows {
    byte[] next() throws Exception;
  }

  private Reader copy(String table) {
    return queue -> {
      try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
        var out =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY " + table + " TO STDOUT");
        fill(queue, out::readFromCopy);
      }
    };
  }

  /** The publication is named as the slot. */
  private Reader slot(String slot, long rows) {
    return queue -> {
      var properties = new Properties();
      properties.put("replication", "database");
      properties.put("preferQueryMode", "simple");
      properties.put("assumeMinServerVersion", "9.4");
      try (Connection connection = DriverManager.getConnection(jdbcUrl, properties)) {
        PGReplicationStream stream =
            connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", slot)
                .start();
        long[] left = {rows};
        fill(
            queue,
            () -> {
              while (left[0] > 0) {
                ByteBuffer message = stream.read();
                switch (message.get(message.position())) {
                  case 'I', 'U', 'D' -> {
                    left[0]--;
                    return message.array();
                  }
                  default -> {}
                }
              }
              return null;
            });
      }
    };
  }

  /** Reads to nowhere. */
  private Reader topic(String topic, long rows) {
    return _ -> {
      try (var consumer = consumer(topic)) {
        long left = rows;
        while (left > 0) {
          left -= consumer.poll(POLL).count();
        }
      }
    };
  }

  /** At the beginning of a topic, as committed; of a group that nobody else is in. */
  private KafkaConsumer<byte[], byte[]> consumer(String topic) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            brokers,
            "group.id",
            "pipe",
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            false,
            "max.poll.records",
            10_000,
            "max.partition.fetch.bytes",
            4 << 20);
    var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    var partitions =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  /** No reading at all: what the sending half can do. */
  private static Reader made(int valueBytes, long rows) {
    byte[] row = new byte[valueBytes];
    new java.util.Random(1).ints(valueBytes, 'a', 'z').forEach(i -> row[i % valueBytes] = (byte) i);
    long[] left = {rows};
    return queue -> fill(queue, () -> left[0]-- > 0 ? row : null);
  }

  private static void fill(Queue queue, Rows rows) throws Exception {
    byte[] row = rows.next();
    while (row != null) {
      byte[][] chunk = new byte[CHUNK][];
      int used = 0;
      while (used < CHUNK && row != null) {
        chunk[used++] = row;
        row = rows.next();
      }
      queue.put(chunk);
    }
    queue.put(new byte[][] {END});
  }

  private void pipe(String[] topics, int valueBytes, long rows, Reader reader) throws Exception {
    var queue = new ArrayBlockingQueue<byte[][]>(8);
    var failure = new Exception[1];
    var reading =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    reader.run(queue::put);
                  } catch (Exception e) {
                    failure[0] = e;
                    queue.clear();
                    queue.add(new byte[][] {END});
                  }
                });
    long sent = 0;
    try (var producer = producer(topics[0])) {
      int partitions = producer.partitionsFor(topics[0]).size();
      boolean going = true;
      while (going) {
        producer.beginTransaction();
        long until = System.nanoTime() + TRANSACTION_NANOS;
        while (going && System.nanoTime() < until) {
          for (byte[] row : queue.take()) {
            if (row == END) {
              going = false;
              break;
            }
            if (row == null) {
              break;
            }
            var topic = topics[(int) (sent % topics.length)];
            long number = sent++ / topics.length + 1;
            byte[] key = new byte[KEY_BYTES];
            ByteBuffer.wrap(key).putLong(number);
            byte[] value = new byte[valueBytes];
            for (int at = 0; at < valueBytes; at += row.length) {
              System.arraycopy(row, 0, value, at, Math.min(row.length, valueBytes - at));
            }
            producer.send(new ProducerRecord<>(topic, (int) (number % partitions), key, value));
          }
        }
        producer.commitTransaction();
      }
    }
    reading.join();
    if (failure[0] != null) {
      throw failure[0];
    }
    if (sent != rows) {
      throw new IllegalStateException("the pipe sent " + sent + " of " + rows);
    }
  }

  /**
   * Topic to topic, reading and sending on one thread, as programs that do nothing else are
   * written; the offsets are committed with the records.
   */
  private void loop(String from, String to, long rows) throws Exception {
    try (var consumer = consumer(from);
        var producer = producer(to)) {
      long sent = 0;
      while (sent < rows) {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        long until = System.nanoTime() + TRANSACTION_NANOS;
        while (sent < rows && System.nanoTime() < until) {
          var found = consumer.poll(POLL);
          for (var each : found) {
            producer.send(new ProducerRecord<>(to, each.partition(), each.key(), each.value()));
          }
          sent += found.count();
          offsets.putAll(found.nextOffsets());
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
      }
    }
  }

  private KafkaProducer<byte[], byte[]> producer(String topic) {
    Map<String, Object> settings = new HashMap<>(producing(brokers));
    settings.put("transactional.id", "pipe-" + topic);
    var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  static Map<String, Object> producing(String brokers) {
    return Map.of(
        "bootstrap.servers",
        brokers,
        "compression.type",
        "lz4",
        "linger.ms",
        5,
        "batch.size",
        512 * 1024,
        "buffer.memory",
        64L << 20,
        "acks",
        "all");
  }
}
