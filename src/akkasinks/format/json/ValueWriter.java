package akkasinks.format.json;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;

/**
 * Writes one value that is not NULL as JSON, from its text in {@code bytes[from, to)}. Those for
 * types with parts keep a buffer of their own: a writer belongs to one place in one encoder, and to
 * one thread.
 */
sealed interface ValueWriter permits ScalarWriter, ArrayWriter, CompositeWriter, HstoreWriter {
  /**
   * @throws MalformedText if the text is not what PostgreSQL writes for the type
   */
  void write(byte[] bytes, int from, int to, Buffer out);
}
