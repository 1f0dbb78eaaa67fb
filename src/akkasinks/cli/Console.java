package akkasinks.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/** What a command reads and writes besides the network and files. */
record Console(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {}
