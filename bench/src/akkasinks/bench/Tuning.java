package akkasinks.bench;

/** What a peer's settings are chosen for: several of theirs trade one for the other. */
enum Tuning {
  THROUGHPUT,
  LATENCY
}
