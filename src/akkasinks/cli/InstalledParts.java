package akkasinks.cli;

import akkasinks.cluster.NodeParts;
import akkasinks.pipeline.InstalledConnectors;
import akkasinks.pipeline.SinkRuns;
import akkasinks.tunnel.Tunnels;
import akkasinks.verify.Verifications;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * What every node of this build does its work with.
 *
 * @param state directory of the node's own; a folder in it takes what does not fit in memory
 */
record InstalledParts(Path state, SecureRandom random) implements NodeParts.Maker {
  private static final String SCRATCH = "scratch";

  @Override
  public NodeParts make(NodeParts.Ground ground) {
    Path scratch = state.resolve(SCRATCH);
    var tunnels = new Tunnels();
    ground.system().getWhenTerminated().thenRun(tunnels::close);
    var connectors =
        new InstalledConnectors(ground.secrets(), tunnels, scratch, ground.clock(), random);
    var verifications = new Verifications(connectors, scratch, ground.blocking(), ground.clock());
    var materializer = SystemMaterializer.get(ground.system()).materializer();
    return new NodeParts(
        new SinkRuns(connectors, materializer, ground.blocking(), ground.clock()),
        connectors,
        verifications);
  }
}
