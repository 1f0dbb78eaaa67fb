package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import java.util.List;

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

  /**
   * Connects and authenticates, and checks the progress topic if it is there already. To whom that
   * topic is denied, the connection may still serve sources.
   */
  public List<Notice> connection() {
    var clients = new Clients(settings);
    try (var admin = clients.admin(settings.timings().connect())) {
      new Reach(clients).check(admin);
      new Topics(clients, admin)
          .find(settings.progressTopic())
          .ifPresent(topic -> new ProgressTopic(clients, admin).check(topic));
      return List.of();
    } catch (FailureException e) {
      if (e.failure().code() != Code.PRIVILEGE) {
        throw e;
      }
      return List.of(
          Notice.of(e.failure().message())
              .detail("Sinks over this connection need it; sources do not.")
              .hint(e.failure().hint()));
    }
  }
}
