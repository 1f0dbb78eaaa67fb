package akkasinks.pgwire;

import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.command.ColumnType;
import java.util.List;
import java.util.Optional;

/** What the node sends. */
sealed interface BackendMessage {

  record Authenticated() implements BackendMessage {}

  /** The client is to prove who it is. */
  record AskSasl(String mechanism) implements BackendMessage {}

  record SaslContinue(String data) implements BackendMessage {}

  record SaslFinal(String data) implements BackendMessage {}

  /**
   * @param options those of the client's that are not known
   */
  record NegotiateProtocol(int minor, List<String> options) implements BackendMessage {}

  record ParameterStatus(String name, String value) implements BackendMessage {}

  record KeyData(StartupPacket.BackendKey key) implements BackendMessage {}

  /**
   * @param status {@code I}, {@code T} or {@code E}
   */
  record Ready(char status) implements BackendMessage {}

  record Description(List<Field> fields) implements BackendMessage {}

  record Field(String name, ColumnType type, Format format) {}

  /** How values are written. */
  enum Format {
    TEXT,
    BINARY
  }

  record Row(List<Optional<byte[]>> values) implements BackendMessage {}

  record Complete(String tag) implements BackendMessage {}

  record Empty() implements BackendMessage {}

  record Error(Severity severity, Failure failure) implements BackendMessage {}

  /** FATAL ends the connection. */
  enum Severity {
    ERROR,
    FATAL
  }

  record Noticed(Notice notice) implements BackendMessage {}

  record Parsed() implements BackendMessage {}

  record Bound() implements BackendMessage {}

  record Closed() implements BackendMessage {}

  record NoData() implements BackendMessage {}

  record Parameters(List<Integer> types) implements BackendMessage {}

  record Suspended() implements BackendMessage {}
}
