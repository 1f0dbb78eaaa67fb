package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last committed value per key of a topic up to given end offsets, on disk: records are spread
 * over files by their key's hash, then one file after the other is folded. Memory holds the keys of
 * one file, so it grows with 1/256 of the keys, not with the values.
 *
 * <p>A key is folded per partition: where a topic got more partitions and a key moved, the old
 * value is still live where it was, for readers as well as here.
 */
public final class TopicFold implements AutoCloseable {
  private static final int MANY = 256;
  private static final int FEW = 8;
  private static final long MANY_FROM = 200_000;
  private static final int TOMBSTONE = -1;
  private static final int FILE_BUFFER = 16 << 10;

  private final Path dir;
  private final List<Path> buckets;

  private TopicFold(Path dir, List<Path> buckets) {
    this.dir = dir;
    this.buckets = buckets;
  }

  /** Takes one live key after the other; the arrays are the taker's. */
  @FunctionalInterface
  public interface Each {
    void take(byte[] key, byte[] value, int partition, long offset);
  }

  /**
   * Reads the topic.
   *
   * @param ends per partition; committed records before them are folded
   * @throws akkasinks.base.FailureException BUSY if an open transaction hides some of them for too
   *     long
   */
  static TopicFold of(Clients clients, String topic, List<Long> ends) {
    Path dir = null;
    try {
      Path scratch = Files.createDirectories(clients.settings().scratch());
      dir = Files.createTempDirectory(scratch, "fold-");
      long records = ends.stream().mapToLong(Long::longValue).sum();
      TopicFold fold = new TopicFold(dir, files(dir, records > MANY_FROM ? MANY : FEW));
      fold.fill(clients, topic, ends);
      return fold;
    } catch (IOException e) {
      if (dir != null) {
        delete(dir);
      }
      throw onDisk(e);
    } catch (RuntimeException e) {
      if (dir != null) {
        delete(dir);
      }
      throw e;
    }
  }

  private static List<Path> files(Path dir, int count) {
    List<Path> files = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      files.add(dir.resolve(Integer.toString(i)));
    }
    return files;
  }

  private void fill(Clients clients, String topic, List<Long> ends) throws IOException {
    List<DataOutputStream> out = new ArrayList<>();
    try {
      for (Path bucket : buckets) {
        out.add(
            new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(bucket), FILE_BUFFER)));
      }
      new TopicScan(clients, topic)
          .committed(
              ends,
              record -> {
                byte @Nullable [] key = record.key();
                if (key != null) {
                  DataOutputStream to = out.get(Math.floorMod(spread(key), out.size()));
                  to.writeInt(record.partition());
                  to.writeLong(record.offset());
                  to.writeInt(key.length);
                  to.write(key);
                  byte @Nullable [] value = record.value();
                  to.writeInt(value == null ? TOMBSTONE : value.length);
                  if (value != null) {
                    to.write(value);
                  }
                }
              });
    } finally {
      for (DataOutputStream each : out) {
        each.close();
      }
    }
  }

  private static int spread(byte[] key) {
    int hash = Arrays.hashCode(key) * 0x9E3779B9;
    return hash ^ (hash >>> 16);
  }

  /** Every key whose last record is not a tombstone, in any order. */
  public void live(Each each) {
    try {
      for (Path bucket : buckets) {
        Map<Key, Long> last = new HashMap<>();
        read(bucket, (key, _, partition, offset) -> last.put(new Key(key, partition), offset));
        read(
            bucket,
            (key, value, partition, offset) -> {
              Long newest = last.get(new Key(key, partition));
              if (value != null && newest != null && newest == offset) {
                each.take(key, value, partition, offset);
              }
            });
      }
    } catch (IOException e) {
      throw onDisk(e);
    }
  }

  private interface Entry {
    void take(byte[] key, byte @Nullable [] value, int partition, long offset);
  }

  private static void read(Path bucket, Entry each) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(bucket), FILE_BUFFER))) {
      while (true) {
        int partition;
        try {
          partition = in.readInt();
        } catch (EOFException _) {
          return;
        }
        long offset = in.readLong();
        byte[] key = in.readNBytes(in.readInt());
        int length = in.readInt();
        each.take(key, length == TOMBSTONE ? null : in.readNBytes(length), partition, offset);
      }
    }
  }

  private record Key(byte[] bytes, int partition) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that
          && partition == that.partition
          && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes) * 31 + partition;
    }
  }

  @Override
  public void close() {
    delete(dir);
  }

  private static void delete(Path dir) {
    try (var files = Files.newDirectoryStream(dir)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(dir);
    } catch (IOException e) {
      throw onDisk(e);
    }
  }

  private static RuntimeException onDisk(IOException e) {
    return Failure.of(Code.LIMIT, "the fold of a topic cannot be kept on disk")
        .detail(e.getClass().getSimpleName() + ": " + e.getMessage())
        .hint("It needs as much disk as the topic's values take; make room.")
        .exception(e);
  }
}
