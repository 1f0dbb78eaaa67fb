package akkasinks.source.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes from the walsender's messages, before they are decoded, the keys that will be judged: where
 * the database has to be asked for their order, it can be asked once for many. It may miss some,
 * which are then asked for one by one.
 */
final class KeyScan {
  private static final int HEADER = 25;

  private final int table;
  private final List<String> key;
  private final Cursor in = new Cursor();

  /** For each column of the table its place in the key, or −1; empty before its description. */
  private int[] places = new int[0];

  /**
   * @param table oid of the sink's table
   */
  KeyScan(int table, List<String> key) {
    this.table = table;
    this.key = List.copyOf(key);
  }

  /** The keys in these messages, each once. All messages must be shown to it, in their order. */
  Collection<List<String>> keys(WalReader.Block block) {
    Set<List<String>> keys = new LinkedHashSet<>();
    for (int i = 0; i < block.count(); i++) {
      byte[] message = block.message(i);
      if (message[0] == 'w') {
        in.reset(message, HEADER);
        message(keys);
      }
    }
    return keys;
  }

  private void message(Set<List<String>> keys) {
    int tag = in.u8();
    switch (tag) {
      case 'R' -> described();
      case 'I', 'U', 'D' -> {
        if (in.i32() == table && places.length > 0) {
          int rows = tag == 'U' && in.bytes()[in.at()] != 'N' ? 2 : 1;
          for (int row = 0; row < rows; row++) {
            in.u8();
            var found = row();
            if (found != null) {
              keys.add(found);
            }
          }
        }
      }
      default -> {}
    }
  }

  private void described() {
    var message = RelationMessage.read(in);
    if (message.oid() == table) {
      places = message.attributes().stream().mapToInt(a -> key.indexOf(a.name())).toArray();
    }
  }

  /** Null if it does not hold the whole key, as one whose large values are not sent. */
  private @Nullable List<String> row() {
    var texts = new String[key.size()];
    int columns = in.u16();
    int found = 0;
    for (int i = 0; i < columns; i++) {
      if (in.u8() == 't') {
        int length = in.i32();
        int place = i < places.length ? places[i] : -1;
        int from = in.skip(length);
        if (place >= 0) {
          texts[place] = new String(in.bytes(), from, length, StandardCharsets.UTF_8);
          found++;
        }
      }
    }
    return found == texts.length ? List.of(texts) : null;
  }
}
