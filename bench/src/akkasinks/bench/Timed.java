package akkasinks.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * What one contender needed for one job.
 *
 * @param seconds from the word "go" until a read_committed reader could see the last record: until the
 *     topic's last stable offset moved for the last time
 * @param foreignCores mean load by everybody else meanwhile, the bench included
 * @param diskBytes what the topic's partitions take in the broker's log
 * @param records that the independent reader found
 */
record Timed(
    String contender,
    double seconds,
    Cpu cpu,
    double foreignCores,
    long diskBytes,
    long records) {

  /** CPU seconds, by who used them. */
  record Cpu(double contender, double postgres, double broker) {
    private static Cpu of(Stage stage, Contender contender) {
      return new Cpu(
          Machine.cpu(contender.processes()),
          Machine.cpu(List.of(stage.postmaster())),
          Machine.cpu(List.of(stage.broker())));
    }

    private Cpu minus(Cpu before) {
      return new Cpu(
          contender - before.contender, postgres - before.postgres, broker - before.broker);
    }

    double sum() {
      return contender + postgres + broker;
    }
  }

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(120);

  /**
   * @param expected records in the topic at the end, or fewer: what ends the waiting
   * @param settle how long the topic must be still then
   */
  static Timed run(
      Stage stage, Contender contender, Contender.Prepared prepared, String topic, int valueBytes, long expected, Duration settle)
      throws Exception {
    try (var admin = stage.admin()) {
      var watched = partitions(admin, topic);
      stable(admin, watched);
      var cpu = Cpu.of(stage, contender);
      double all = Machine.cpuOfAll();
      long began = System.nanoTime();
      prepared.begin(valueBytes);
      long ended = System.nanoTime();
      var cpuAtEnd = Cpu.of(stage, contender);
      double allAtEnd = Machine.cpuOfAll();
      if (prepared.delivers()) {
        long seen = 0;
        while (true) {
          long now = stable(admin, watched);
          if (now != seen) {
            seen = now;
            ended = System.nanoTime();
            cpuAtEnd = Cpu.of(stage, contender);
            allAtEnd = Machine.cpuOfAll();
          }
          long still = System.nanoTime() - ended;
          if (seen >= expected && still > settle.toNanos()) {
            break;
          }
          if (still > LONGEST_SILENCE.toNanos()) {
            throw new IllegalStateException(
                "%s: %d of %d records, and nothing for %d s"
                    .formatted(contender.name(), seen, expected, LONGEST_SILENCE.toSeconds()));
          }
          Thread.sleep(10);
        }
      }
      double seconds = (ended - began) / 1e9;
      var used = cpuAtEnd.minus(cpu);
      return new Timed(
          contender.name(),
          seconds,
          used,
          Math.max(0, allAtEnd - all - used.sum()) / seconds,
          diskBytes(admin, topic),
          0);
    }
  }

  Timed holding(long found) {
    return new Timed(contender, seconds, cpu, foreignCores, diskBytes, found);
  }

  private static List<TopicPartition> partitions(Admin admin, String topic) throws Exception {
    return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
        .map(p -> new TopicPartition(topic, p.partition()))
        .toList();
  }

  private static long stable(Admin admin, List<TopicPartition> partitions) throws Exception {
    Map<TopicPartition, OffsetSpec> latest =
        partitions.stream().collect(Collectors.toMap(p -> p, _ -> OffsetSpec.latest()));
    return admin
        .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .get()
        .values()
        .stream()
        .mapToLong(found -> found.offset())
        .sum();
  }

  private static long diskBytes(Admin admin, String topic) throws Exception {
    return admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
        .flatMap(dirs -> dirs.values().stream())
        .flatMap(dir -> dir.replicaInfos().entrySet().stream())
        .filter(replica -> replica.getKey().topic().equals(topic))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }
}
