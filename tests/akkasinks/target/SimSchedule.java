package akkasinks.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs processes one step at a time, in an order that the seed decides: each has a thread, but only
 * the one that holds the turn runs. A process that is never chosen again for long is a zombie.
 */
final class SimSchedule {
  /** Ends a process where it stands: no clean-up runs that a dead process would not run. */
  static final class Crash extends Error {}

  private final List<Process> processes = new ArrayList<>();
  private final Semaphore back = new Semaphore(0);

  final class Process {
    private final Semaphore turn = new Semaphore(0);
    private boolean crashing;
    private boolean over;
    private @Nullable Throwable failure;

    /** Gives the turn back; called by the process between any two things it does. */
    void step() {
      back.release();
      turn.acquireUninterruptibly();
      if (crashing) {
        throw new Crash();
      }
    }

    void crash() {
      crashing = true;
      run();
    }

    /** Lets it do one step. */
    void run() {
      turn.release();
      back.acquireUninterruptibly();
      if (over) {
        processes.remove(this);
        if (failure != null) {
          throw new AssertionError("a process failed", failure);
        }
      }
    }
  }

  interface Body {
    void run(Process self);
  }

  void start(Body body) {
    Process process = new Process();
    processes.add(process);
    Thread.ofVirtual()
        .start(
            () -> {
              process.turn.acquireUninterruptibly();
              try {
                if (!process.crashing) {
                  body.run(process);
                }
              } catch (Crash _) {
                // As asked for.
              } catch (Throwable e) {
                process.failure = e;
              } finally {
                process.over = true;
                back.release();
              }
            });
  }

  int running() {
    return processes.size();
  }

  Process any(Random random) {
    return processes.get(random.nextInt(processes.size()));
  }

  void crashAll() {
    while (!processes.isEmpty()) {
      processes.get(0).crash();
    }
  }
}
