package akkasinks.partition.expression;

import akkasinks.command.Expression;

/**
 * A compiled expression and what it gives.
 *
 * @param type for messages
 * @param written what it was compiled from
 */
record Typed(Kind kind, Node node, String type, Expression written) {
  static Typed of(Kind kind, Node node, Expression written) {
    return new Typed(kind, node, kind.type(), written);
  }

  /** A whole number in the text of the expression takes the kind of what it stands beside. */
  boolean wholeLiteral() {
    return written instanceof Expression.Number && kind.whole();
  }
}
