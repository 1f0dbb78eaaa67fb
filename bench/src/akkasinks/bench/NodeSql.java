package akkasinks.bench;

/** Statements for a node of ours, over HTTP. */
record NodeSql(Http http) {

  /** Fails if the statement does. */
  void run(String statement) throws Exception {
    var answer = http.post("/api/sql", "{\"query\": " + Figures.quoted(statement) + "}").body();
    if (answer.contains("\"error\"")) {
      throw new IllegalStateException(statement + ": " + answer);
    }
  }

  /**
   * Connections {@code pg} and {@code kafka} to the stage, and source {@code db} of all its tables.
   */
  void connect(Stage stage) throws Exception {
    run("CREATE SECRET pw AS 'unused'");
    run(
        "CREATE CONNECTION pg TO POSTGRES (HOST '127.0.0.1', PORT "
            + stage.postgresPort()
            + ", USER 'postgres', PASSWORD SECRET pw, DATABASE 'postgres')");
    run(
        "CREATE CONNECTION kafka TO KAFKA (BROKERS ('"
            + stage.brokers()
            + "'), SECURITY PROTOCOL = 'PLAINTEXT')");
    run("CREATE SOURCE db FROM POSTGRES CONNECTION pg FOR ALL TABLES");
  }
}
