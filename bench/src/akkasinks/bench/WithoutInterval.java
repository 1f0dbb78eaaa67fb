package akkasinks.bench;

import java.time.Duration;
import java.util.List;

/** The same node, with a sink that commits as it goes: what COMMIT INTERVAL is measured against. */
record WithoutInterval(Node node) implements Contender {
  @Override
  public String name() {
    return node.name() + ", no interval";
  }

  @Override
  public String guarantee() {
    return node.guarantee();
  }

  @Override
  public List<ProcessHandle> processes() {
    return node.processes();
  }

  @Override
  public Prepared prepare(Job job) throws Exception {
    return node.prepare(job.committingAsItGoes());
  }

  @Override
  public Duration settle(Job job) {
    // How many records there will be is not known here either: a busy machine pauses for a second.
    return node.settle(job);
  }

  /** Its node is a contender of its own. */
  @Override
  public void close() {}
}
