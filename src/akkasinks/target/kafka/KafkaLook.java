package akkasinks.target.kafka;

/**
 * Looks at brokers for statements that make no sink: VALIDATE CONNECTION; changes nothing there.
 */
public final class KafkaLook {
  private final KafkaSettings settings;

  public KafkaLook(KafkaSettings settings) {
    this.settings = settings;
  }

  public boolean hasProgressTopic() {
    var clients = new Clients(settings);
    try (var admin = clients.admin(settings.timings().connect())) {
      return new Topics(clients, admin).find(settings.progressTopic()).isPresent();
    }
  }

  /** Connects and authenticates, and checks the progress topic if it is there already. */
  public void connection() {
    var clients = new Clients(settings);
    try (var admin = clients.admin(settings.timings().connect())) {
      new Reach(clients).check(admin);
      new Topics(clients, admin)
          .find(settings.progressTopic())
          .ifPresent(topic -> new ProgressTopic(clients, admin).check(topic));
    }
  }
}
