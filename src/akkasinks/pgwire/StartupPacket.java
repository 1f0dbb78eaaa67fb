package akkasinks.pgwire;

import java.util.Map;

/** The first that a client sends; it has no type byte. */
sealed interface StartupPacket {

  /**
   * @param minor of protocol 3
   */
  record Start(int minor, Map<String, String> parameters) implements StartupPacket {
    public Start {
      parameters = Map.copyOf(parameters);
    }
  }

  record AskTls() implements StartupPacket {}

  record AskGss() implements StartupPacket {}

  record Cancel(BackendKey key) implements StartupPacket {}

  /** What a client must know to cancel another connection's statement. */
  record BackendKey(int process, int secret) {
    @Override
    public String toString() {
      return "BackendKey[" + process + "]";
    }
  }
}
