package akkasinks.source.postgres;

import akkasinks.change.Relation;

/**
 * The sink's table as a Relation message describes it.
 *
 * @param identity for each column whether old rows always carry it
 */
record Described(Relation relation, boolean[] identity) {

  /** Knows more about a Relation message than it says; refuses one the sink cannot go on with. */
  @FunctionalInterface
  interface Describer {
    /**
     * @throws akkasinks.base.FailureException SCHEMA_CHANGED, KEY_MISSING, PREREQUISITE
     */
    Described describe(RelationMessage message);
  }
}
