package akkasinks.bench.peer;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * A Flink cluster in this JVM, and jobs for it from standard input, one command per line:
 *
 * <ul>
 *   <li>{@code create JOB STATEMENT; STATEMENT}: tables of a job
 *   <li>{@code start JOB STATEMENT}: submits the INSERT, and answers with the job's id
 *   <li>{@code stop JOB}: stops it with a savepoint, from which the next start goes on
 *   <li>{@code cancel JOB}
 * </ul>
 *
 * <p>Each answers with a line that begins with OK or FAILED. Flink's settings are the arguments,
 * {@code key=value}.
 */
public final class FlinkPeer {
  private final Configuration settings;
  private final URI cluster;
  private final Map<String, Job> jobs = new HashMap<>();

  private static final class Job {
    private String tables = "";
    private JobClient client;
    private String savepoint;
  }

  private FlinkPeer(Configuration settings, URI cluster) {
    this.settings = settings;
    this.cluster = cluster;
  }

  public static void main(String[] args) throws Exception {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    Map<String, String> given = new HashMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      given.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    Configuration settings = Configuration.fromMap(given);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(Integer.parseInt(given.get("parallelism.default")))
                .build());
    cluster.start();
    FlinkPeer peer = new FlinkPeer(settings, cluster.getRestAddress().get());
    answers.println("OK ready");
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      answers.println(peer.answer(line));
    }
    System.exit(0);
  }

  private String answer(String line) {
    try {
      String[] words = line.split(" ", 3);
      Job job = jobs.computeIfAbsent(words[1], name -> new Job());
      return "OK " + done(words[0], words[1], job, words.length > 2 ? words[2] : "");
    } catch (Exception e) {
      e.printStackTrace();
      return "FAILED " + e.toString().replace('\n', ' ');
    }
  }

  private String done(String verb, String name, Job job, String statements) throws Exception {
    switch (verb) {
      case "create":
        job.tables = statements;
        return name;
      case "start":
        start(job, statements);
        return job.client.getJobID().toHexString();
      case "stop":
        job.savepoint =
            job.client.stopWithSavepoint(false, null, SavepointFormatType.CANONICAL).get();
        return job.savepoint;
      case "cancel":
        job.client.cancel().get();
        // Cancelling has only begun then.
        job.client.getJobExecutionResult().handle((result, cancelled) -> name).get();
        jobs.remove(name);
        return name;
      default:
        throw new IllegalArgumentException(verb);
    }
  }

  private void start(Job job, String insert) {
    Configuration own = new Configuration(settings);
    if (job.savepoint != null) {
      own.setString("execution.savepoint.path", job.savepoint);
    }
    StreamTableEnvironment tables =
        StreamTableEnvironment.create(
            StreamExecutionEnvironment.createRemoteEnvironment(
                cluster.getHost(), cluster.getPort(), own));
    for (String statement : job.tables.split(";")) {
      tables.executeSql(statement);
    }
    job.client = tables.executeSql(insert).getJobClient().orElseThrow();
  }
}
