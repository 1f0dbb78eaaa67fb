package akkasinks.tunnel;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.UserInfo;
import java.util.Arrays;
import java.util.Base64;

/**
 * Knows one host key, or takes any.
 *
 * @param line its type, a space, its Base64; empty for any
 */
record PinnedHostKey(String line) {

  void on(Session session) {
    if (line.isEmpty()) {
      session.setConfig("StrictHostKeyChecking", "no");
      return;
    }
    session.setConfig("StrictHostKeyChecking", "yes");
    String type = line.split(" ")[0];
    session.setConfig(
        "server_host_key", type.equals("ssh-rsa") ? "rsa-sha2-512,rsa-sha2-256" : type);
    session.setHostKeyRepository(new Only(Base64.getDecoder().decode(line.split(" ")[1])));
  }

  private record Only(byte[] key) implements HostKeyRepository {
    @Override
    public int check(String host, byte[] offered) {
      return Arrays.equals(key, offered) ? OK : CHANGED;
    }

    @Override
    public void add(HostKey added, UserInfo ui) {}

    @Override
    public void remove(String host, String type) {}

    @Override
    public void remove(String host, String type, byte[] removed) {}

    @Override
    public String getKnownHostsRepositoryID() {
      return "HOST KEY";
    }

    @Override
    public HostKey[] getHostKey() {
      return new HostKey[0];
    }

    @Override
    public HostKey[] getHostKey(String host, String type) {
      return new HostKey[0];
    }
  }
}
