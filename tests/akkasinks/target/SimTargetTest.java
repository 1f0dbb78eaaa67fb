package akkasinks.target;

import java.util.List;

class SimTargetTest implements TargetConformance {
  private final SimBroker broker = new SimBroker();

  @Override
  public Target target() {
    return new SimTarget(broker, "sink");
  }

  @Override
  public List<String> committed() {
    return broker.committed("data-sink", 0).stream().map(read -> read.entry().key()).toList();
  }
}
