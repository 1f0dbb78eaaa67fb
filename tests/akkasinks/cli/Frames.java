package akkasinks.cli;

import akkasinks.sql.StatementSamples;
import akkasinks.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Frames of PostgreSQL's protocol, most of them wrong. */
final class Frames {
  private static final int PROTOCOL = 3 << 16;

  private Frames() {}

  static byte[] startup(String user) {
    byte[] text = ("user\0" + user + "\0\0").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length)
        .putInt(8 + text.length)
        .putInt(PROTOCOL)
        .put(text)
        .array();
  }

  /** A first packet, or what is none. */
  static byte[] start(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> bytes(random, 30);
      case 1 -> ByteBuffer.allocate(8).putInt(8).putInt(80877104).array();
      case 2 -> ByteBuffer.allocate(16).putInt(16).putInt(80877102).putInt(1).putInt(2).array();
      case 3 -> ByteBuffer.allocate(8).putInt(random.nextInt()).putInt(PROTOCOL).array();
      default -> startup(Seeds.oneOf(random, "poor", "akkasinks", "nobody", "", "x'\"\n"));
    };
  }

  /** As a client that wants in without a password would try. */
  static byte[] beforeLogin(Random random) {
    String nonce = Seeds.text(random, 10);
    return damaged(
        random,
        switch (random.nextInt(7)) {
          case 0 -> sasl("SCRAM-SHA-256", "n,,n=,r=abc" + random.nextInt());
          case 1 ->
              sasl(Seeds.oneOf(random, "SCRAM-SHA-256-PLUS", "PLAIN", ""), "n,,n=,r=" + nonce);
          case 2 -> sasl("SCRAM-SHA-256", Seeds.text(random, 40));
          case 3 -> message('p', "c=biws,r=" + nonce + ",p=AAAA");
          case 4 -> message('p', Seeds.text(random, 40));
          default -> any(random);
        });
  }

  static byte[] any(Random random) {
    String name = Seeds.oneOf(random, "", "a", "b");
    String sql = StatementSamples.mutated(random, Seeds.oneOf(random, StatementSamples.ALL));
    return damaged(
        random,
        switch (random.nextInt(11)) {
          case 0, 1 -> message('Q', sql + "\0");
          case 2 -> message('P', name + "\0" + sql + "\0\0\0");
          case 3 -> message('B', name + "\0" + name + "\0\0\0\0\0\0\0");
          case 4 -> message('B', name + "\0" + name + "\0\0\1\0\1\0\1\0\0\0\1x\0\1\0\1");
          case 5 -> message('D', Seeds.oneOf(random, "S", "P", "X") + name + "\0");
          case 6 -> message('E', name + "\0\0\0\0" + (char) random.nextInt(3));
          case 7 -> message('C', Seeds.oneOf(random, "S", "P") + name + "\0");
          case 8 -> message('S', "");
          case 9 -> message((char) random.nextInt(128), Seeds.text(random, 20));
          default -> bytes(random, 40);
        });
  }

  static byte[] sasl(String mechanism, String first) {
    byte[] name = (mechanism + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] text = first.getBytes(StandardCharsets.UTF_8);
    return message(
        'p',
        ByteBuffer.allocate(name.length + 4 + text.length)
            .put(name)
            .putInt(text.length)
            .put(text)
            .array());
  }

  static byte[] message(char type, String body) {
    return message(type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  private static byte[] bytes(Random random, int most) {
    byte[] any = new byte[random.nextInt(most)];
    random.nextBytes(any);
    return any;
  }

  private static byte[] damaged(Random random, byte[] frame) {
    if (frame.length > 0 && random.nextInt(6) == 0) {
      frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
    }
    return frame;
  }
}
