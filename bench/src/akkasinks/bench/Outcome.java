package akkasinks.bench;

import java.util.List;

/** What a trial came to, in its three forms. */
interface Outcome {
  String name();

  String title();

  /** For a reader at a terminal. */
  String table();

  /** An object. */
  String json();

  List<Bar> bars();

  /**
   * False if something that must hold did not: the bench then ends with status 1. Speed is no such
   * thing.
   */
  default boolean holds() {
    return true;
  }

  /**
   * One bar of the chart.
   *
   * @param length relative to the other bars of this outcome
   * @param text beside it: the figure with its unit
   */
  record Bar(String label, double length, String text) {}
}
