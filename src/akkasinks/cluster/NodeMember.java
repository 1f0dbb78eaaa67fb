package akkasinks.cluster;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * A node as the one that is asked sees it now.
 *
 * @param address host:port under which other nodes reach it
 * @param status in lower case: {@code joining}, {@code up}, {@code leaving}, {@code down}, …
 * @param reachable whether its heartbeats come in
 * @param roles those it was given
 * @param oldest whether it has the catalog and places sinks
 */
public record NodeMember(
    String address, String status, boolean reachable, List<String> roles, boolean oldest) {

  public NodeMember {
    roles = List.copyOf(roles);
  }

  /** Whether sinks may go there now. */
  public boolean takesSinks() {
    return reachable && status.equals("up");
  }

  /** All members, by address. */
  static List<NodeMember> all(ActorSystem<?> system) {
    var state = Cluster.get(system).state();
    Set<Member> unreachable = state.getUnreachable();
    Set<Member> members = new HashSet<>();
    state.getMembers().forEach(members::add);
    var oldest =
        members.stream()
            .filter(
                member ->
                    member.status().equals(MemberStatus.up())
                        || member.status().equals(MemberStatus.leaving()))
            .min((one, other) -> one.isOlderThan(other) ? -1 : 1);
    return members.stream()
        .map(
            member ->
                new NodeMember(
                    hostPort(member),
                    member.status().toString().toLowerCase(Locale.ROOT),
                    !unreachable.contains(member),
                    // Pekko adds one of its own for the data centre.
                    member.getRoles().stream().filter(role -> !role.startsWith("dc-")).toList(),
                    oldest.filter(member::equals).isPresent()))
        .sorted(Comparator.comparing(NodeMember::address))
        .toList();
  }

  static String hostPort(Member member) {
    return hostPort(member.address());
  }

  static String hostPort(Address address) {
    return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
  }
}
