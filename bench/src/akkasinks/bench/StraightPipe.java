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
 * The limit: the shortest program that reads the same rows and sends records of the same size to a
 * topic, in transactions, reading and sending on two threads. It decodes nothing and promises
 * nothing.
 *
 * <p>As a process it takes one job per line, and answers each with {@code DONE}.
 */
final class StraightPipe {
  private static final int CHUNK = 2_000;
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
      var topic = job[2];
      int valueBytes = Integer.parseInt(job[3]);
      long rows = Long.parseLong(job[4]);
      Reader reader =
          switch (job[1]) {
            case "copy" -> pipe.copy(job[5]);
            case "slot" -> pipe.slot(job[5], job[6], rows);
            case "made" -> made(valueBytes, rows);
            default -> throw new IllegalArgumentException(job[1]);
          };
      switch (job[0]) {
        case "pipe" -> pipe.pipe(topic, valueBytes, rows, reader);
        case "read" -> reader.run(new Discarding());
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

  private Reader slot(String slot, String publication, long rows) {
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
                .withSlotOption("publication_names", publication)
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

  private void pipe(String topic, int valueBytes, long rows, Reader reader) throws Exception {
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
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            brokers,
            "transactional.id",
            "pipe-" + topic,
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
    long sent = 0;
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      int partitions = producer.partitionsFor(topic).size();
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
            ByteBuffer.wrap(key).putLong(++sent);
            byte[] value = new byte[valueBytes];
            for (int at = 0; at < valueBytes; at += row.length) {
              System.arraycopy(row, 0, value, at, Math.min(row.length, valueBytes - at));
            }
            producer.send(new ProducerRecord<>(topic, (int) (sent % partitions), key, value));
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
}
