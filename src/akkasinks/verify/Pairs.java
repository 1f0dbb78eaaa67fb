package akkasinks.verify;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keys and the samples of their values, spread over files by a hash of the key: what belongs to one
 * key lies in one file. Written by one thread, then read file by file.
 */
final class Pairs implements Closeable {
  /** Files per level; the hash gives six bits to each level. */
  static final int FILES = 64;

  private static final int LEVEL_BITS = 6;
  private static final int OUT_BUFFER = 16 << 10;
  private static final int IN_BUFFER = 64 << 10;

  private final Path dir;
  private final int level;
  private final @Nullable DataOutputStream[] files = new DataOutputStream[FILES];
  private long count;

  /**
   * @param dir made here; nobody else's
   * @param level how often these pairs have been spread before
   */
  Pairs(Path dir, int level) throws IOException {
    this.dir = Files.createDirectories(dir);
    this.level = level;
  }

  void add(byte[] key, Sample value) throws IOException {
    int file = (int) (spread(key) >>> (LEVEL_BITS * level)) & (FILES - 1);
    var out = files[file];
    if (out == null) {
      out =
          new DataOutputStream(
              new BufferedOutputStream(Files.newOutputStream(path(file)), OUT_BUFFER));
      files[file] = out;
    }
    out.writeInt(key.length);
    out.write(key);
    value.write(out);
    count++;
  }

  long count() {
    return count;
  }

  /** Ends writing. */
  @Override
  public void close() throws IOException {
    for (int i = 0; i < FILES; i++) {
      var out = files[i];
      if (out != null) {
        files[i] = null;
        out.close();
      }
    }
  }

  Path path(int file) {
    return dir.resolve(Integer.toString(file));
  }

  /** Bytes in that file. */
  long bytes(int file) throws IOException {
    return Files.exists(path(file)) ? Files.size(path(file)) : 0;
  }

  /** Takes a key and its sample. */
  @FunctionalInterface
  interface Each {
    void take(byte[] key, Sample value) throws IOException;
  }

  void read(int file, Each each) throws IOException {
    if (!Files.exists(path(file))) {
      return;
    }
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path(file)), IN_BUFFER))) {
      while (true) {
        int length;
        try {
          length = in.readInt();
        } catch (EOFException end) {
          return;
        }
        byte[] key = new byte[length];
        in.readFully(key);
        each.take(key, Sample.read(in));
      }
    }
  }

  void delete(int file) throws IOException {
    Files.deleteIfExists(path(file));
  }

  /** FNV-1a, then SplitMix64's finish, so that any six bits are as good as any other. */
  private static long spread(byte[] key) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : key) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
    return hash ^ (hash >>> 31);
  }
}
