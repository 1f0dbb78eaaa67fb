package akkasinks.bench;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * The limit: the shortest program that reads the same rows and sends records of the same size to a topic,
 * in transactions, reading and sending on two threads. It decodes nothing and promises nothing.
 */
final class StraightPipe {
  private static final int CHUNK = 2_000;
  private static final byte[] END = new byte[0];

  private StraightPipe() {}

  /** Reads rows with COPY. */
  static void snapshot(String jdbcUrl, String table, String brokers, String topic, int valueBytes)
      throws Exception {
    pipe(
        brokers,
        topic,
        valueBytes,
        Long.MAX_VALUE,
        queue -> {
          try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            var out =
                connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + table + " TO STDOUT");
            fill(queue, out::readFromCopy);
          }
        });
  }

  /** Reads {@code rows} row messages waiting in the slot. */
  static void drain(
      String jdbcUrl,
      String slot,
      String publication,
      String brokers,
      String topic,
      int valueBytes,
      long rows)
      throws Exception {
    pipe(
        brokers,
        topic,
        valueBytes,
        rows,
        queue -> {
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
                    .withSlotOption("publication_names", publication)
                    .start();
            long[] left = {rows};
            fill(
                queue,
                () -> {
                  while (left[0] > 0) {
                    ByteBuffer message = stream.read();
                    if (message.get(message.position()) == 'I') {
                      left[0]--;
                      return message.array();
                    }
                  }
                  return null;
                });
          }
        });
  }

  private interface Reader {
    void run(ArrayBlockingQueue<byte[][]> queue) throws Exception;
  }

  private interface Rows {
    byte[] next() throws Exception;
  }

  private static void fill(ArrayBlockingQueue<byte[][]> queue, Rows rows) throws Exception {
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

  private static void pipe(
      String brokers, String topic, int valueBytes, long most, Reader reader) throws Exception {
    var queue = new ArrayBlockingQueue<byte[][]>(8);
    var failure = new Exception[1];
    var reading =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    reader.run(queue);
                  } catch (Exception e) {
                    failure[0] = e;
                    queue.clear();
                    queue.add(new byte[][] {END});
                  }
                });
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", brokers,
            "transactional.id", "pipe-" + topic,
            "compression.type", "lz4",
            "linger.ms", 5,
            "batch.size", 512 * 1024,
            "buffer.memory", 64L << 20,
            "acks", "all");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      int partitions = producer.partitionsFor(topic).size();
      long sent = 0;
      boolean going = true;
      while (going) {
        producer.beginTransaction();
        long until = System.nanoTime() + 500_000_000L;
        while (going && System.nanoTime() < until) {
          for (byte[] row : queue.take()) {
            if (row == END) {
              going = false;
              break;
            }
            if (row == null) {
              break;
            }
            byte[] key = new byte[16];
            ByteBuffer.wrap(key).putLong(sent);
            byte[] value = new byte[valueBytes];
            System.arraycopy(row, 0, value, 0, Math.min(row.length, valueBytes));
            producer.send(new ProducerRecord<>(topic, (int) (sent % partitions), key, value));
            sent++;
          }
        }
        producer.commitTransaction();
      }
      if (most != Long.MAX_VALUE && sent != most) {
        throw new IllegalStateException("the pipe sent " + sent + " of " + most);
      }
    }
    reading.join();
    if (failure[0] != null) {
      throw failure[0];
    }
  }

}
