package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cluster.NodeMember;
import java.util.List;
import java.util.stream.Collectors;

/** Nodes by the address that people write. */
final class Members {
  private Members() {}

  /**
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT if none has it
   */
  static NodeMember named(List<NodeMember> members, String address) {
    return members.stream()
        .filter(member -> member.address().equals(address))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.of(Code.UNDEFINED_OBJECT, "unknown node \"" + address + "\"")
                    .hint(
                        "The cluster has "
                            + members.stream()
                                .map(NodeMember::address)
                                .collect(Collectors.joining(", "))
                            + ".")
                    .exception());
  }
}
