package akkasinks.bench;

import java.util.ArrayList;
import java.util.List;

/** Who takes part in a trial. */
final class Lineup implements AutoCloseable {
  private final List<Contender> contenders = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();

  /** Starts contenders: one, or one with another view of it. */
  interface Maker {
    List<Contender> make(Stage stage) throws Exception;
  }

  /** Something that a peer needs is not on this machine: it is left out, and the reason is told. */
  static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    UnavailableException(String reason) {
      super(reason);
    }
  }

  static Lineup start(Stage stage, List<Maker> makers) throws Exception {
    var lineup = new Lineup();
    try {
      for (var maker : makers) {
        try {
          lineup.contenders.addAll(maker.make(stage));
        } catch (UnavailableException e) {
          lineup.absent.add(e.getMessage());
        }
      }
      return lineup;
    } catch (Exception e) {
      lineup.close();
      throw e;
    }
  }

  /** Those that can do the job; who cannot is among the absent from now on. */
  List<Contender> able(Job job) {
    var able = new ArrayList<Contender>();
    for (var contender : contenders) {
      var reason = contender.cannot(job);
      if (reason.isEmpty()) {
        able.add(contender);
      } else {
        absent.add(contender.name() + ": " + reason);
      }
    }
    return able;
  }

  /** Who does not take part, and why. */
  List<String> absent() {
    return absent;
  }

  @Override
  public void close() throws Exception {
    for (var contender : contenders) {
      contender.close();
    }
  }
}
