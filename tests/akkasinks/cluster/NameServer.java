package akkasinks.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** A DNS server that knows one name: whatever is asked for has these IPv4 addresses. */
final class NameServer implements AutoCloseable {
  private static final int HEADER = 12;
  private static final int A = 1;

  private final DatagramSocket socket;
  private final List<InetAddress> addresses;

  private NameServer(DatagramSocket socket, List<InetAddress> addresses) {
    this.socket = socket;
    this.addresses = addresses;
  }

  static NameServer of(String... addresses) throws IOException {
    var parsed = new java.util.ArrayList<InetAddress>();
    for (var address : addresses) {
      parsed.add(InetAddress.getByName(address));
    }
    var server = new NameServer(new DatagramSocket(0, InetAddress.getByName("127.0.0.1")), parsed);
    Thread.ofVirtual().name("name-server").start(server::serve);
    return server;
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[512], 512);
        socket.receive(packet);
        var answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private byte[] answer(ByteBuffer question) throws IOException {
    int end = HEADER;
    while (question.get(end) != 0) {
      end += question.get(end) + 1;
    }
    var found = question.getShort(end + 1) == A ? addresses : List.<InetAddress>of();
    var out = new ByteArrayOutputStream();
    // Its id, "an answer, recursion available", one question, so many answers.
    out.write(question.array(), 0, 2);
    out.write(new byte[] {(byte) 0x81, (byte) 0x80, 0, 1, 0, (byte) found.size(), 0, 0, 0, 0});
    out.write(question.array(), HEADER, end + 5 - HEADER);
    for (var address : found) {
      // The name as above, A, IN, for 1 s, four bytes.
      out.write(new byte[] {(byte) 0xc0, HEADER, 0, A, 0, 1, 0, 0, 0, 1, 0, 4});
      out.write(address.getAddress());
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
