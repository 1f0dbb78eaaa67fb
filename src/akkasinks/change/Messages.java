package akkasinks.change;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encoded records, in order, ready to be sent: what encode and partition make of a {@link Batch}.
 * Filled by one thread, then only read.
 *
 * <p>All keys and values lie one behind the other in one array, so that whoever sends them on
 * another core reads memory in its order. A record is filled by {@link #key} or {@link #noKey},
 * then {@link #value} and {@link #end}, or {@link #tombstone}.
 */
public final class Messages {
  private static final int NONE = -1;

  private final Buffer content;
  private int[] froms;
  private int[] keyLengths;
  private int[] valueLengths;
  private int[] partitions;
  private int size;

  /** Both only for sinks that have such: null costs the others nothing. */
  private @Nullable Headers headers;

  private long @Nullable [] placements;
  private @Nullable Messages deadLetters;

  private final Relation relation;
  private final Position position;
  private final int consumed;
  private final Batch.Ending ending;
  private final Optional<Batch.Truncation> truncation;

  /** Room for what {@code batch} becomes; takes over its position and marks. */
  public Messages(Batch batch) {
    this(batch, batch.bytes().length);
  }

  /**
   * The same.
   *
   * @param expectedBytes of all keys and values, about
   */
  public Messages(Batch batch, int expectedBytes) {
    int room = Math.max(batch.size(), 4);
    this.content = new Buffer(expectedBytes);
    this.froms = new int[room];
    this.keyLengths = new int[room];
    this.valueLengths = new int[room];
    this.partitions = new int[room];
    this.relation = batch.relation();
    this.position = batch.position();
    this.consumed = batch.consumed();
    this.ending = batch.ending();
    this.truncation = batch.truncation();
  }

  /**
   * Begins a record; its key is what is written there until {@link #value} or {@link #tombstone}.
   */
  public Buffer key() {
    begin();
    return content;
  }

  /** Begins a record of a sink that has no key. */
  public void noKey() {
    begin();
    keyLengths[size] = NONE;
  }

  /** The record's value is what is written there until {@link #end}. */
  public Buffer value() {
    keyEnds();
    return content;
  }

  /** Ends a record that has a value. */
  public void end() {
    valueLengths[size] = content.size() - froms[size] - Math.max(0, keyLengths[size]);
    ended();
  }

  /** Ends a record that has none. */
  public void tombstone() {
    keyEnds();
    valueLengths[size] = NONE;
    ended();
  }

  private void ended() {
    if (headers != null) {
      headers.end(size);
    }
    size++;
  }

  /** Gives them what could not be told, to be sent to the dead letter topic with them. */
  public Messages with(Messages letters) {
    deadLetters = letters;
    return this;
  }

  /** Null if there are none. */
  public @Nullable Messages deadLetters() {
    return deadLetters;
  }

  /** Takes the headers of the record that was begun. */
  public Headers addHeaders() {
    var known = headers;
    if (known == null) {
      known = new Headers();
      headers = known;
    }
    return known;
  }

  /** Null if no record has any. */
  public @Nullable Headers headers() {
    return headers;
  }

  /**
   * The record that was begun goes to partition {@code hash} modulo their number, unsigned, and not
   * where its key belongs; to be said of all records or of none.
   */
  public void place(long hash) {
    long[] known = placements;
    if (known == null || known.length <= size) {
      known = known == null ? new long[partitions.length] : Arrays.copyOf(known, partitions.length);
      placements = known;
    }
    known[size] = hash;
  }

  /**
   * A record that is encoded already.
   *
   * @param key null if the sink has no key
   * @param value null for a tombstone
   */
  public void add(byte @Nullable [] key, byte @Nullable [] value) {
    if (key == null) {
      noKey();
    } else {
      key().put(key);
    }
    if (value == null) {
      tombstone();
    } else {
      value().put(value);
      end();
    }
  }

  private void begin() {
    if (size == partitions.length) {
      froms = Arrays.copyOf(froms, size * 2);
      keyLengths = Arrays.copyOf(keyLengths, size * 2);
      valueLengths = Arrays.copyOf(valueLengths, size * 2);
      partitions = Arrays.copyOf(partitions, size * 2);
    }
    froms[size] = content.size();
    keyLengths[size] = 0;
  }

  private void keyEnds() {
    if (keyLengths[size] != NONE) {
      keyLengths[size] = content.size() - froms[size];
    }
  }

  /**
   * All messages, those of one partition together and in their order: what is written to several
   * partitions in turn costs more, as each has a compressor of its own.
   */
  public int[] byPartition() {
    int most = 0;
    for (int i = 0; i < size; i++) {
      most = Math.max(most, partitions[i]);
    }
    int[] next = new int[most + 2];
    for (int i = 0; i < size; i++) {
      next[partitions[i] + 1]++;
    }
    for (int partition = 1; partition <= most; partition++) {
      next[partition] += next[partition - 1];
    }
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[next[partitions[i]]++] = i;
    }
    return order;
  }

  public int size() {
    return size;
  }

  /** A copy of the record's key; null if the sink has no key. */
  public byte @Nullable [] key(int message) {
    return copy(froms[message], keyLengths[message]);
  }

  /** A copy of the record's value; null for a tombstone. */
  public byte @Nullable [] value(int message) {
    return copy(froms[message] + Math.max(0, keyLengths[message]), valueLengths[message]);
  }

  private byte @Nullable [] copy(int from, int length) {
    return length == NONE ? null : Arrays.copyOfRange(content.room(0), from, from + length);
  }

  /**
   * Fills in each record's partition as {@link #place} said; false if nothing was said.
   *
   * @param count how many partitions there are
   */
  public boolean partitionAsPlaced(int count) {
    long[] said = placements;
    if (said == null) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      partitions[i] = (int) Long.remainderUnsigned(said[i], count);
    }
    return true;
  }

  /** Fills in each record's partition, by its key's bytes. */
  public void partition(Placement placement) {
    byte[] bytes = content.room(0);
    for (int i = 0; i < size; i++) {
      int from = froms[i];
      partitions[i] = keyLengths[i] == NONE ? 0 : placement.of(bytes, from, from + keyLengths[i]);
    }
  }

  /** A partition for a key that lies in {@code bytes[from, to)}. */
  @FunctionalInterface
  public interface Placement {
    int of(byte[] bytes, int from, int to);
  }

  public int partition(int message) {
    return partitions[message];
  }

  /** Bytes of all keys, values and headers. */
  public int payloadBytes() {
    return content.size()
        + (headers == null ? 0 : headers.bytes())
        + (deadLetters == null ? 0 : deadLetters.payloadBytes());
  }

  /** What the batch was of. */
  public Relation relation() {
    return relation;
  }

  public Position position() {
    return position;
  }

  public int consumed() {
    return consumed;
  }

  public Batch.Ending ending() {
    return ending;
  }

  public Optional<Batch.Truncation> truncation() {
    return truncation;
  }
}
