package akkasinks.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux's /proc tells of CPU time and memory. Times are in seconds. */
final class Machine {
  /** Ticks of /proc, USER_HZ: 100 on every Linux. */
  private static final double TICKS = 100;

  /** Of each generation, or of the whole heap, as the collector has it. */
  private static final Pattern HEAP_IN_USE = Pattern.compile("used (\\d+)K");

  private Machine() {}

  /** CPU seconds of these processes, their children, and children that have ended, until now. */
  static double cpu(Collection<ProcessHandle> processes) {
    return processes.stream().mapToDouble(p -> cpu(p.pid()) + children(p.pid())).sum();
  }

  /** Read from one file: a look at all processes would load the machine that is measured. */
  private static double children(long pid) {
    try {
      var pids = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children")).trim();
      return pids.isEmpty()
          ? 0
          : Stream.of(pids.split(" ")).mapToDouble(child -> cpu(Long.parseLong(child))).sum();
    } catch (IOException gone) {
      return 0;
    }
  }

  private static double cpu(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double ticks = 0;
      for (int field = 11; field <= 14; field++) {
        ticks += Double.parseDouble(fields[field]);
      }
      return ticks / TICKS;
    } catch (IOException gone) {
      return 0;
    }
  }

  /** CPU seconds that the whole machine has worked. */
  static double cpuOfAll() {
    try {
      var fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split("\\s+");
      double busy = 0;
      for (int field = 1; field < fields.length; field++) {
        // 4 is idle, 5 waits for disks, 9 and 10 are counted in 1 and 2 already.
        if (field != 4 && field != 5 && field < 9) {
          busy += Double.parseDouble(fields[field]);
        }
      }
      return busy / TICKS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Peak resident memory of the processes, in bytes, since they started. */
  static long peakMemory(List<ProcessHandle> processes) {
    return processes.stream().mapToLong(p -> peakMemory(p.pid())).sum();
  }

  /** From now on {@link #peakMemory} is the peak since now. */
  static void resetPeakMemory(List<ProcessHandle> processes) throws IOException {
    for (var process : processes) {
      Files.writeString(Path.of("/proc/" + process.pid() + "/clear_refs"), "5");
    }
  }

  private static long peakMemory(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException gone) {
      return 0;
    }
  }

  /** Bytes of live objects on the heaps of these JVMs: what is left after a collection now. */
  static long liveHeap(List<ProcessHandle> jvms) throws Exception {
    long live = 0;
    for (var jvm : jvms) {
      Commands.run(Commands.java("jcmd"), Long.toString(jvm.pid()), "GC.run");
      var info = Commands.run(Commands.java("jcmd"), Long.toString(jvm.pid()), "GC.heap_info");
      live +=
          HEAP_IN_USE
              .matcher(withoutMetaspace(info))
              .results()
              .mapToLong(m -> Long.parseLong(m.group(1)) * 1024)
              .sum();
    }
    return live;
  }

  private static String withoutMetaspace(String info) {
    int metaspace = info.indexOf("Metaspace");
    return metaspace < 0 ? info : info.substring(0, metaspace);
  }
}
