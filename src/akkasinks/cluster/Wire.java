package akkasinks.cluster;

/**
 * Marks what actors send from node to node; hocon/node.conf binds it to Jackson. A field added
 * later needs a default, so that nodes of two versions understand each other while one is replaced.
 */
public interface Wire {}
