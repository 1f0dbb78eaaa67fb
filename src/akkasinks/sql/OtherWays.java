package akkasinks.sql;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;

/** Ways to other systems that Materialize has and are not there, and what to use instead. */
public final class OtherWays {
  private OtherWays() {}

  /** An SSH tunnel to brokers. */
  public static FailureException tunnelToKafka(int position) {
    return Failure.of(Code.NOT_SUPPORTED, "KAFKA connections do not support SSH TUNNEL")
        .detail(
            "Brokers tell their clients the addresses of all brokers, and Kafka's client connects"
                + " to those by itself: a forwarded port would only lead to the first answer.")
        .hint(
            "Give the brokers a listener of which the advertised addresses lead into tunnels of"
                + " yours, or use a VPN; docs/security.md has an example.")
        .at(position)
        .exception();
  }

  static FailureException privateLink(int position) {
    return Failure.of(Code.NOT_SUPPORTED, "AWS PRIVATELINK not supported")
        .hint(
            "Make an interface VPC endpoint to the service where the nodes run, and give its DNS"
                + " name as HOST, BROKER or URL; brokers must advertise names that lead to it.")
        .at(position)
        .exception();
  }
}
