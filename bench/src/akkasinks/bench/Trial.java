package akkasinks.bench;

import java.time.Duration;

/** One thing that the bench measures. */
interface Trial {
  /** With the number of its case: "4", "4 peers". */
  String name();

  /** In words, sizes and rounds included. */
  String title();

  /** How long it takes on two cores, about. */
  Duration estimate();

  Outcome run(Stage stage) throws Exception;

  /** The number of the case that this belongs to. */
  static int number(String name) {
    return Integer.parseInt(name.split(" ")[0]);
  }
}
