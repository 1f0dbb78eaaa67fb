package akkasinks.verify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A topic of one partition, in memory, that can be compacted at any moment. */
final class MemoryTopic implements LiveTopic {
  private record Message(long offset, String key, @Nullable String value) {}

  private final List<Message> log = new ArrayList<>();
  private final boolean compacted;
  private long end;

  MemoryTopic(boolean compacted) {
    this.compacted = compacted;
  }

  synchronized void put(String key, @Nullable String value) {
    log.add(new Message(end++, key, value));
  }

  synchronized List<Long> ends() {
    return List.of(end);
  }

  /** Keeps each key's last record only; tombstones stay, as they do for delete.retention.ms. */
  synchronized void compact() {
    Map<String, Message> last = new LinkedHashMap<>();
    log.forEach(message -> last.put(message.key(), message));
    log.retainAll(last.values());
  }

  @Override
  public synchronized void live(List<Long> ends, Each each) {
    Map<String, Message> last = new LinkedHashMap<>();
    log.stream()
        .filter(message -> message.offset() < ends.getFirst())
        .forEach(message -> last.put(message.key(), message));
    last.values()
        .forEach(
            message -> {
              if (message.value() != null) {
                each.take(bytes(message.key()), bytes(message.value()));
              }
            });
  }

  @Override
  public synchronized void keysFrom(List<Long> from, Consumer<byte[]> each) {
    log.stream()
        .filter(message -> message.offset() >= from.getFirst())
        .forEach(message -> each.accept(bytes(message.key())));
  }

  @Override
  public boolean compacted() {
    return compacted;
  }

  /** A copy, so that nobody can tell by identity. */
  private static byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length);
  }
}
